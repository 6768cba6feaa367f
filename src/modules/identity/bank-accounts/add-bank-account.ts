import type { VendorBankAccount } from '@prisma/client';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import type { AccountRow } from '../account.ts';
import { setBankAdded } from '../vendors/vendor-setup.ts';
import { accountBidx, type BankDetails, detailColumns, requireNuban } from './bank-details.ts';

/** Accounts of a store that are not removed, at most (auth-api.md 2.7). */
const bankAccountsAtMost = 5;

/**
 * Names a payout account: it is `pending`, and nothing is paid to it, until two people agree. The caller holds the owner's lock, so that
 * of parallel calls each sees what the others wrote. An account that failed before makes way for its next try.
 * @throws AppError 409 `bank_account_limit`, `bank_account_exists`, `transition_not_allowed` for a closed store, 422 `nuban_invalid`
 */
export async function addBankAccount(
  scope: CommandScope,
  { owner, vendorId, details }: { owner: AccountRow; vendorId: string; details: BankDetails },
): Promise<VendorBankAccount> {
  requireNuban(details);
  if (owner.vendorStatus === 'closed') fail('transition_not_allowed');
  await makeRoom(scope, vendorId, accountBidx(scope.deps, details));
  const id = newId();
  const row = await scope.tx.vendorBankAccount.create({
    data: { id, createdAt: scope.now, vendorId, ...detailColumns(scope.deps, owner, { id, details }) },
  });
  await setBankAdded(scope, vendorId);
  scope.touched(vendorId, id);
  scope.emit({ name: 'identity.bank_account.added', aggregateId: vendorId, payload: { vendorId, accountId: id } });
  return row;
}

async function makeRoom({ tx }: CommandScope, vendorId: string, bidx: Uint8Array<ArrayBuffer>): Promise<void> {
  const kept = await tx.vendorBankAccount.findMany({ where: { vendorId, status: { not: 'removed' } } });
  const same = kept.find(({ accountNumberBidx }) => Buffer.from(accountNumberBidx).equals(bidx));
  if (same && same.status !== 'failed') fail('bank_account_exists');
  if (kept.length - (same ? 1 : 0) >= bankAccountsAtMost) fail('bank_account_limit');
  if (same) {
    await tx.vendorBankAccount.updateMany({ where: { id: same.id }, data: { status: 'removed', version: { increment: 1 } } });
  }
}
