import type { VendorBankAccount } from '@prisma/client';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { vendorOfUser } from '../person-box.ts';

/**
 * Nobody agreed to an account that waited: it failed, and its owner is told. Any other account stays as it is.
 * @returns whether it was waiting
 */
export async function failBankAccount(scope: CommandScope, accountId: string): Promise<boolean> {
  const row = await scope.tx.vendorBankAccount.findFirst({ where: { id: accountId, status: 'pending' } });
  if (!row) return false;
  const { vendorId } = row;
  await scope.tx.vendorBankAccount.updateMany({ where: { id: accountId }, data: { status: 'failed', version: { increment: 1 } } });
  scope.touched(vendorId, accountId);
  scope.emit({ name: 'identity.bank_account.failed', aggregateId: vendorId, payload: { vendorId, accountId } });
  return true;
}

/**
 * The owner takes an account away, at once: nothing is paid to it any more. The caller holds the owner's lock. No other account takes
 * its place by itself: where payouts go is never decided silently.
 * @throws AppError 404 `not_found`, also for another's
 */
export async function removeBankAccount(
  scope: CommandScope,
  { userId, accountId }: { userId: string; accountId: string },
): Promise<VendorBankAccount> {
  const vendorId = await vendorOfUser(scope.tx, userId);
  const where = { id: accountId, vendorId: vendorId ?? fail('role_required'), status: { not: 'removed' as const } };
  const row = (await scope.tx.vendorBankAccount.findFirst({ where })) ?? fail('not_found');
  await scope.tx.vendorBankAccount.updateMany({
    where: { id: accountId },
    data: { status: 'removed', isDefault: false, version: { increment: 1 } },
  });
  scope.touched(row.vendorId, accountId);
  scope.emit({ name: 'identity.bank_account.removed', aggregateId: row.vendorId, payload: { vendorId: row.vendorId, accountId } });
  return row;
}
