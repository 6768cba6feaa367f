import type { VendorBankAccount } from '@prisma/client';
import { fail, validationError } from '../../../foundation/errors/app-error.ts';
import type { Tx } from '../../../foundation/runtime/database.ts';
import { uuidPattern } from '../../../foundation/runtime/new-id.ts';
import { personBox, vendorOfUser } from '../person-box.ts';
import type { QueryDeps } from '../query-deps.ts';
import { bankBox } from './bank-details.ts';

/** A payout account as its owner sees it (auth-api.md 2.7): the number only by its end. */
export type BankAccountView = {
  id: string;
  bankName: string;
  accountLast4: string;
  accountName: string;
  isDefault: boolean;
  verificationStatus: 'pending' | 'verified' | 'failed';
};

/**
 * The own accounts, newest first; removed ones are not among them.
 * @throws AppError 403 `role_required` for a client, 422 `invalid_value` for a cursor that is none of ours
 */
export async function listBankAccounts(
  deps: QueryDeps,
  userId: string,
  { limit, cursor }: { limit: number; cursor?: string | undefined },
): Promise<{ items: BankAccountView[]; nextCursor: string | null }> {
  const all = await ownBankAccounts(deps, userId);
  // There are five at most: the page is cut from all of them.
  const start = cursor === undefined ? 0 : placeAfter(all, cursor);
  const items = all.slice(start, start + limit);
  const last = items.at(-1);
  return { items, nextCursor: last && start + limit < all.length ? cursorOf(last) : null };
}

const cursorOf = ({ id }: BankAccountView) => Buffer.from(id).toString('base64url');

/** After the account the cursor names; from the start where that one is gone. */
function placeAfter(all: readonly BankAccountView[], cursor: string): number {
  const id = Buffer.from(cursor, 'base64url').toString('latin1');
  if (!uuidPattern.test(id)) throw validationError([{ path: 'cursor', code: 'invalid_value' }]);
  return all.findIndex((account) => account.id === id) + 1;
}

async function ownBankAccounts(deps: QueryDeps, userId: string): Promise<BankAccountView[]> {
  const { prisma } = deps.database;
  const vendorId = (await vendorOfUser(prisma, userId)) ?? fail('role_required');
  const rows = await prisma.vendorBankAccount.findMany({
    where: { vendorId, status: { not: 'removed' } },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
  });
  const box = rows.length > 0 ? await personBox(deps, prisma, userId) : null;
  return rows.flatMap(({ id, bankName, accountLast4, accountNameEnc, isDefault, status }) =>
    box && status !== 'removed'
      ? [
          {
            id,
            bankName,
            accountLast4,
            accountName: box.open(bankBox('account_name_enc', id), accountNameEnc),
            isDefault,
            verificationStatus: status,
          },
        ]
      : [],
  );
}

/** What a message or a list may say of an account; null when there is none of that id. */
export type BankAccountFacts = Pick<
  VendorBankAccount,
  'id' | 'vendorId' | 'ownerUserId' | 'bankName' | 'accountLast4' | 'status' | 'isDefault' | 'nameMatched' | 'version'
>;

const facts = {
  id: true,
  vendorId: true,
  ownerUserId: true,
  bankName: true,
  accountLast4: true,
  status: true,
  isDefault: true,
  nameMatched: true,
  version: true,
} as const;

export function bankAccountFacts(reader: Pick<Tx, 'vendorBankAccount'>, accountId: string): Promise<BankAccountFacts | null> {
  return reader.vendorBankAccount.findUnique({ where: { id: accountId }, select: facts });
}
