import type { CommandScope } from '../../../foundation/command/command.ts';
import { newRecoveryCodes } from '../../../foundation/crypto/recovery-code.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import { type AccountRow, factorsOf } from '../account.ts';

/** Ten fresh codes; all earlier ones are void. */
export async function replaceRecoveryCodes(scope: CommandScope, userId: string): Promise<string[]> {
  const codes = newRecoveryCodes(scope.deps.keyring);
  await scope.tx.recoveryCode.deleteMany({ where: { userId } });
  await scope.tx.recoveryCode.createMany({
    data: codes.map(({ slot, codeHash }) => ({ id: newId(), createdAt: scope.now, userId, slot, codeHash })),
  });
  return codes.map(({ code }) => code);
}

/** Recovery codes stand in for a factor: once none is left they open nothing. `account` is as it is after the removal. */
export async function voidCodesWithoutFactor(
  scope: CommandScope,
  account: Pick<AccountRow, 'id' | 'hasTotp' | 'passkeys' | 'recoveryCodesLeft'>,
): Promise<void> {
  if (factorsOf(account).length === 0) await scope.tx.recoveryCode.deleteMany({ where: { userId: account.id } });
}
