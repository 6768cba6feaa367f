import type { User } from '@prisma/client';
import { z } from 'zod';
import type { KeptData } from '../../../audit/index.ts';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { type DeletedRows, deleteRowsOf } from './delete-rows-of.ts';
import { erasurePlan, keptOfErased } from './erasure-plan.ts';

/** `rows`: deleted or emptied here, by table. The history follows; erasureReceipt() tells how far it is. */
export type Erased = { memberId: string; erasedAt: string; rows: Record<string, number>; kept: readonly KeptData[] };

/** `by`: who decided, for the account's status; `people`: ids of both, for the sealed row. */
type Decision = { approvalId: string | null; reasonCode: string; by: string | null; people: object };

/** Erases a person whose row is locked and of whom the caller knows that it may be done. */
export async function erasePerson(scope: CommandScope, user: User, { approvalId, reasonCode, by, people }: Decision): Promise<Erased> {
  const { id } = user;
  const deleted = await deleteRowsOf(scope, user);
  const emptied = await emptyRowsOf(scope, { id, reasonCode, by });
  const done = { ...emptied, ...deleted.rows };
  const kept = keptOfErased();
  const rows = { ...done, ...(await forgetPerson(scope, { id, approvalId, deleted, receipt: { rows: done, kept, people } })) };
  scope.touched(id);
  scope.emit({ name: 'identity.user.erased', aggregateId: id, payload: { userId: id, reasonCode } });
  return { memberId: user.memberId, erasedAt: scope.now.toISOString(), rows, kept };
}

async function emptyRowsOf(
  { tx, now }: CommandScope,
  { id, reasonCode, by }: { id: string; reasonCode: string; by: string | null },
): Promise<Record<string, number>> {
  const { User, Client, Vendor } = erasurePlan.emptied;
  const decided = { status: 'erased', statusReasonCode: reasonCode, statusChangedAt: now, statusChangedBy: by } as const;
  const version = { increment: 1 };
  const user = await tx.user.updateMany({
    where: { id, status: { not: 'erased' } },
    data: { ...User.emptied, ...decided, legalHold: false, version },
  });
  const client = await tx.client.updateMany({ where: { userId: id }, data: { ...Client.emptied, version } });
  const vendor = await tx.vendor.updateMany({ where: { userId: id }, data: { ...Vendor.emptied, version } });
  const key = await tx.userKey.updateMany({ where: { userId: id, destroyedAt: null }, data: { wrappedKey: null, destroyedAt: now } });
  return {
    'identity.user': user.count,
    'identity.client': client.count,
    'identity.vendor': vendor.count,
    'identity.user_key': key.count,
  };
}

const forgotten = z.record(z.string(), z.int());

type Forgetting = { id: string; approvalId: string | null; deleted: DeletedRows; receipt: object };

/**
 * Consents and sign-ins stay as proof, without addresses, places and devices, and the history is handed to the worker. Only a
 * function of the database may do either, and only of somebody who is erased by now.
 */
async function forgetPerson({ tx }: CommandScope, { id, approvalId, deleted, receipt }: Forgetting): Promise<Record<string, number>> {
  const [row] = await tx.$queryRaw<{ counts: unknown }[]>`
    SELECT identity.forget_person(${id}::uuid, ${[...deleted.identifiers]}::bytea[], ${approvalId}::uuid, ${JSON.stringify(receipt)}::jsonb,
                                  ${[...deleted.records]}::text[]) AS counts`;
  return forgotten.parse(row?.counts);
}
