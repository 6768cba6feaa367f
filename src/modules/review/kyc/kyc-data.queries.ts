import type { CommandDeps } from '../../../foundation/command/command.ts';
import { personBox } from '../../identity/index.ts';
import { legalNameBox, numberBox } from './kyc-fields.ts';

/** The proofs of a person, for that person (GDPR article 15): in clear what they handed in. Null where they handed in nothing. */
export async function kycDataOf({ database, keyring }: Pick<CommandDeps, 'database' | 'keyring'>, userId: string) {
  const row = await database.prisma.kycSubmission.findFirst({
    where: { ownerUserId: userId },
    include: { documents: { orderBy: { type: 'asc' } } },
  });
  const box = row && (await personBox({ keyring }, database.prisma, userId));
  if (!row || !box) return null;
  const { id, status, submittedAt, reviewedAt, retentionUntil, notesToVendor } = row;
  return {
    ...{ id, status, submittedAt, reviewedAt, retentionUntil, notesToVendor },
    legalName: row.legalNameEnc && box.open(legalNameBox(id), row.legalNameEnc),
    documents: row.documents.map((document) => ({
      type: document.type,
      status: document.status,
      note: document.note,
      fileId: document.fileId,
      handedInAt: document.createdAt,
      number: document.numberEnc && box.open(numberBox(document.id), document.numberEnc),
    })),
  };
}
