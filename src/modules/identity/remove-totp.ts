import { z } from 'zod';
import { defineCommand } from '../../foundation/command/command.ts';
import type { AccountRow } from './account.ts';
import { voidCodesWithoutFactor } from './factors/recovery-codes.ts';
import { lockOwnAccount, requireFresh } from './freshness.ts';
import { endMfaTrust } from './known-device.ts';

const input = z.object({});

/**
 * Removes the own authenticator. Recovery codes are void with it unless passkeys remain; the trust of devices ends.
 * @throws AppError 403 `reauth_required`, 404 `not_found`
 */
export const removeTotp = defineCommand<z.infer<typeof input>, Record<string, never>, undefined, AccountRow>({
  name: 'remove-totp',
  resource: 'totp',
  access: 'owner',
  input,
  isIdempotent: false,
  load: lockOwnAccount,
  async run(scope, _body, account) {
    requireFresh(scope, account, scope.deps.config.reauthFreshSeconds);
    const { count } = await scope.tx.totp.deleteMany({ where: { userId: account.id, confirmedAt: { not: null } } });
    if (count === 0) return { refused: 'not_found' };
    await voidCodesWithoutFactor(scope, { ...account, hasTotp: false });
    await endMfaTrust(scope, account.id);
    scope.touched(account.id);
    scope.emit({ name: 'identity.mfa.disabled', aggregateId: account.id, payload: { userId: account.id, factor: 'totp' } });
    return {};
  },
});
