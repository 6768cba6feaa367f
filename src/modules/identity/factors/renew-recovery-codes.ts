import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { type AccountRow, factorsOf } from '../account.ts';
import { lockOwnAccount, requireFresh } from '../freshness.ts';
import { endMfaTrust } from '../known-device.ts';
import { replaceRecoveryCodes } from './recovery-codes.ts';

const input = z.object({});

/**
 * Ten new recovery codes, shown once; the old ones are void and the trust of all devices ends. A person whose only factor is a
 * passkey gets the first ones here too.
 * @throws AppError 403 `reauth_required`, 409 `no_factor`
 */
export const renewRecoveryCodes = defineCommand<z.infer<typeof input>, { recoveryCodes: readonly string[] }, undefined, AccountRow>({
  name: 'renew-recovery-codes',
  resource: 'recovery_code',
  access: 'owner',
  input,
  isIdempotent: false,
  load: lockOwnAccount,
  async run(scope, _body, account) {
    requireFresh(scope, account, scope.deps.config.reauthFreshSeconds);
    if (factorsOf(account).length === 0) return { refused: 'no_factor' };
    const recoveryCodes = await replaceRecoveryCodes(scope, account.id);
    await endMfaTrust(scope, account.id);
    scope.touched(account.id);
    scope.emit({ name: 'identity.recovery_codes.regenerated', aggregateId: account.id, payload: { userId: account.id } });
    return { recoveryCodes };
  },
});
