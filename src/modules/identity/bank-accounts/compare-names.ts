import type { CommandScope } from '../../../foundation/command/command.ts';
import { personBox } from '../person-box.ts';
import { bankBox, isSameName } from './bank-details.ts';

/**
 * Says of each account of a store whether it is in the legal name that its owner has just stated. No new version: what a request about
 * an account rests on stays as it is.
 */
export async function compareBankNames(scope: CommandScope, vendorId: string, legalName: string): Promise<void> {
  const rows = await scope.tx.vendorBankAccount.findMany({
    where: { vendorId, status: { not: 'removed' } },
    select: { id: true, accountNameEnc: true, nameMatched: true, vendor: { select: { userId: true } } },
  });
  const [first] = rows;
  const box = first ? await personBox(scope.deps, scope.tx, first.vendor.userId) : null;
  if (!box) return;
  for (const { id, accountNameEnc, nameMatched: before } of rows) {
    const nameMatched = isSameName(box.open(bankBox('account_name_enc', id), accountNameEnc), legalName);
    if (nameMatched !== before) await scope.tx.vendorBankAccount.updateMany({ where: { id }, data: { nameMatched } });
  }
}
