import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import type { AccountRow } from '../account.ts';
import { customerOf, lockOwnAccount, requireFresh } from '../freshness.ts';
import { endMfaTrust } from '../known-device.ts';
import { challengeOf, redeemChallenge } from './passkey-challenge.ts';
import { passkeyName } from './passkey-name.ts';
import type { PasskeyView } from './passkey-view.ts';
import { attestationResponse } from './response-shapes.ts';
import { maxPasskeys } from './start-passkey.ts';
import { storePasskey } from './store-passkey.ts';
import { type Registration, verifyRegistration } from './verify-response.ts';

const input = z.object({ challengeId: z.string(), response: attestationResponse, name: passkeyName.optional() });
type Input = z.infer<typeof input>;

/**
 * Registers a passkey for the own account. It is a second factor from now on, so the session is aal2 from its next refresh, as it is
 * after a new authenticator; the trust of all devices ends. Right and wrong answers use the challenge up.
 * @throws AppError 401 `passkey_invalid`, 403 `reauth_required`, 409 `passkey_exists`, `too_many_passkeys`, 410 `challenge_expired`
 */
export const addPasskey = defineCommand<Input, PasskeyView, Registration | null, AccountRow>({
  name: 'add-passkey',
  resource: 'passkey',
  access: 'owner',
  input,
  isIdempotent: false,
  prepare: (deps, { challengeId, response }) =>
    verifyRegistration(deps.config, { challenge: challengeOf(deps, 'passkey_registration', challengeId), response }),
  load: lockOwnAccount,
  async run(scope, { challengeId, name }, account, registration) {
    requireFresh(scope, account, scope.deps.config.reauthFreshSeconds);
    const challenge = { kind: 'passkey_registration', clientId: null, challengeOwnerId: account.id } as const;
    if (!(await redeemChallenge(scope, challengeId, challenge))) return { refused: 'challenge_expired' };
    if (!registration) return { refused: 'passkey_invalid' };
    // The account is locked: no other request of this person adds one meanwhile.
    if (account.passkeys >= maxPasskeys) return { refused: 'too_many_passkeys' };
    const made = await storePasskey(scope, account.id, registration, name);
    if (!made) return { refused: 'passkey_exists' };
    await scope.tx.session.updateMany({ where: { id: customerOf(scope).sessionId }, data: { acr: 'aal2', mfaAt: scope.now } });
    await endMfaTrust(scope, account.id);
    scope.touched(account.id, made.id);
    scope.emit({ name: 'identity.passkey.added', aggregateId: account.id, payload: { userId: account.id, passkeyId: made.id } });
    return made;
  },
});
