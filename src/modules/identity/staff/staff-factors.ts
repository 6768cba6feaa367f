import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { type AccountRow, factorsOf } from '../account.ts';
import { replaceRecoveryCodes, voidCodesWithoutFactor } from '../factors/recovery-codes.ts';
import { passkeyName } from '../passkeys/passkey-name.ts';
import { lockStaff } from './staff-account.ts';

const factorInput = z.object({ userId: z.uuid(), factorId: z.uuid() });
type FactorInput = z.infer<typeof factorInput>;
const nameInput = factorInput.extend({ name: passkeyName });
const ownInput = z.object({ userId: z.uuid() });

const load = async (scope: CommandScope, { userId }: { userId: string }) => (await lockStaff(scope.tx, userId)) ?? fail('not_found');

/** Gives one of the own passkeys another name. @throws AppError 404 `not_found`, also for another person's */
export const renameStaffPasskey = defineCommand<z.infer<typeof nameInput>, Record<string, never>>({
  name: 'rename-passkey',
  resource: 'passkey',
  access: 'public',
  input: nameInput,
  isIdempotent: false,
  async run(scope, { userId, factorId, name }) {
    const { count } = await scope.tx.passkey.updateMany({ where: { id: factorId, userId }, data: { name } });
    if (count === 0) return { refused: 'not_found' };
    scope.touched(factorId, userId);
    return {};
  },
});

/**
 * Removes the own authenticator or one of the own passkeys. Staff keep a factor on every production build: the last one goes only
 * by two people, or in the demo. @throws AppError 404 `not_found`, 409 `last_credential`
 */
export const removeStaffFactor = defineCommand<FactorInput, { kind: 'totp' | 'passkey' }, undefined, AccountRow>({
  name: 'remove-staff-factor',
  resource: 'totp',
  access: 'public',
  input: factorInput,
  isIdempotent: false,
  load,
  async run(scope, { userId, factorId }, account) {
    const factors = account.passkeys + (account.hasTotp ? 1 : 0);
    const kind = await kindOf(scope, userId, factorId);
    if (!kind) return { refused: 'not_found' };
    // The account is locked: nobody removes the other one meanwhile.
    if (factors === 1 && scope.deps.config.isProductionBuild) return { refused: 'last_credential' };
    const where = { where: { id: factorId, userId } };
    if (kind === 'totp') await scope.tx.totp.deleteMany(where);
    else await scope.tx.passkey.deleteMany(where);
    const left = kind === 'totp' ? { ...account, hasTotp: false } : { ...account, passkeys: account.passkeys - 1 };
    await voidCodesWithoutFactor(scope, left);
    scope.touched(userId, factorId);
    if (kind === 'totp') scope.emit({ name: 'identity.mfa.disabled', aggregateId: userId, payload: { userId, factor: 'totp' } });
    else scope.emit({ name: 'identity.passkey.removed', aggregateId: userId, payload: { userId, passkeyId: factorId } });
    return { kind };
  },
});

async function kindOf(scope: CommandScope, userId: string, id: string): Promise<'totp' | 'passkey' | null> {
  if ((await scope.tx.totp.count({ where: { id, userId, confirmedAt: { not: null } } })) > 0) return 'totp';
  return (await scope.tx.passkey.count({ where: { id, userId } })) > 0 ? 'passkey' : null;
}

/** Ten new recovery codes, shown once; the old ones are void. @throws AppError 404 `not_found`, 409 `no_factor` */
export const renewStaffCodes = defineCommand<z.infer<typeof ownInput>, { recoveryCodes: readonly string[] }, undefined, AccountRow>({
  name: 'renew-recovery-codes',
  resource: 'recovery_code',
  access: 'public',
  input: ownInput,
  isIdempotent: false,
  load,
  async run(scope, { userId }, account) {
    if (factorsOf(account).length === 0) return { refused: 'no_factor' };
    const recoveryCodes = await replaceRecoveryCodes(scope, userId);
    scope.touched(userId);
    scope.emit({ name: 'identity.recovery_codes.regenerated', aggregateId: userId, payload: { userId } });
    return { recoveryCodes };
  },
});
