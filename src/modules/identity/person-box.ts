import type { CommandDeps } from '../../foundation/command/command.ts';
import type { Tx } from '../../foundation/runtime/database.ts';
import { dataKeyOf } from './account.ts';

/** Encrypts and reads text about a person under that person's data key, so that erasure shreds it. `place` = `table.column:recordId`. */
export type PersonBox = { seal(place: string, clear: string): Buffer; open(place: string, box: Uint8Array): string };

/** Null when nobody has that id, or the key is destroyed. */
export async function personBox(
  deps: Pick<CommandDeps, 'keyring'>,
  reader: Pick<Tx, 'userKey'>,
  userId: string,
): Promise<PersonBox | null> {
  const row = await reader.userKey.findUnique({ where: { userId } });
  const dataKey = row ? dataKeyOf(deps.keyring, row) : null;
  if (!dataKey) return null;
  return {
    seal: (place, clear) => deps.keyring.encryptField(dataKey, place, clear),
    open: (place, box) => deps.keyring.decryptField(dataKey, place, box),
  };
}

/** Whose store it is; null when there is no such vendor. */
export async function userOfVendor(reader: Pick<Tx, 'vendor'>, vendorId: string): Promise<string | null> {
  return (await reader.vendor.findUnique({ where: { id: vendorId }, select: { userId: true } }))?.userId ?? null;
}

/** The store of a person; null for somebody without one. */
export async function vendorOfUser(reader: Pick<Tx, 'vendor'>, userId: string): Promise<string | null> {
  return (await reader.vendor.findUnique({ where: { userId }, select: { id: true } }))?.id ?? null;
}

/** The data keys of people: null where the key was destroyed; ids that are nobody's are absent. */
export async function dataKeysOf(
  deps: Pick<CommandDeps, 'keyring' | 'database'>,
  ids: readonly string[],
): Promise<ReadonlyMap<string, Buffer | null>> {
  const rows = await deps.database.prisma.userKey.findMany({ where: { userId: { in: [...ids] } } });
  return new Map(rows.map((row) => [row.userId, dataKeyOf(deps.keyring, row)]));
}
