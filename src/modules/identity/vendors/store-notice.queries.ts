import { z } from 'zod';
import type { QueryDeps } from '../query-deps.ts';

type Reads = Pick<QueryDeps, 'database'>;

/** What a message to the owner of a store says of it; `reason` and `notes` are those of the last decision. */
type StoreNotice = {
  userId: string;
  storeName: string | null;
  storeSlug: string | null;
  reason: string | null;
  notes: { field: string; note: string }[];
  suspendedReason: string | null;
};

const notesShape = z.array(z.object({ field: z.string(), note: z.string() })).catch([]);

/** For messages; null when there is no such store. */
export async function storeNotice({ database }: Reads, vendorId: string): Promise<StoreNotice | null> {
  const row = await database.prisma.vendor.findUnique({
    where: { id: vendorId },
    select: { userId: true, storeName: true, storeSlug: true, decisionReason: true, decisionNotes: true, suspendedReason: true },
  });
  return (
    row && {
      userId: row.userId,
      storeName: row.storeName,
      storeSlug: row.storeSlug,
      reason: row.decisionReason,
      notes: notesShape.parse(row.decisionNotes),
      suspendedReason: row.suspendedReason,
    }
  );
}

/** For messages: bank and last digits of a payout account, and whose it is; null when there is no such account. */
export async function bankAccountNotice(
  { database }: Reads,
  accountId: string,
): Promise<{ userId: string; bankName: string; last4: string } | null> {
  const row = await database.prisma.vendorBankAccount.findUnique({
    where: { id: accountId },
    select: { bankName: true, accountLast4: true, vendor: { select: { userId: true } } },
  });
  return row && { userId: row.vendor.userId, bankName: row.bankName, last4: row.accountLast4 };
}
