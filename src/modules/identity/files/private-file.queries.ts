import type { PrivateFile } from '@prisma/client';
import type { Tx } from '../../../foundation/runtime/database.ts';

export type PrivateFileFacts = {
  id: string;
  ownerUserId: string;
  mime: string;
  bytes: number;
  /** Hexadecimal, of the file in clear. */
  sha256: string;
  purpose: PrivateFile['purpose'];
  createdAt: Date;
  isDeleted: boolean;
};

/** What is known of files without opening them, by id; never where they lie. Ids that are nobody's are absent. */
export async function privateFileFacts(
  db: Pick<Tx, 'privateFile'>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, PrivateFileFacts>> {
  const rows = await db.privateFile.findMany({ where: { id: { in: [...ids] } } });
  return new Map(
    rows.map(({ id, ownerUserId, mime, bytes, sha256, purpose, createdAt, deletedAt }) => [
      id,
      { id, ownerUserId, mime, bytes, sha256: Buffer.from(sha256).toString('hex'), purpose, createdAt, isDeleted: deletedAt !== null },
    ]),
  );
}

/** What a person has handed in, for that person. */
export async function filesOf(db: Pick<Tx, 'privateFile'>, ownerUserId: string) {
  const rows = await db.privateFile.findMany({ where: { ownerUserId, deletedAt: null }, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }] });
  return rows.map(({ id, mime, bytes, purpose, createdAt }) => ({ id, contentType: mime, bytes, purpose, createdAt }));
}
