import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import { type AccountRow, factorsOf } from '../account.ts';
import { replaceRecoveryCodes } from '../factors/recovery-codes.ts';
import { passed } from '../history/rule-trace.ts';
import { consumeChallenge } from '../mfa-challenge.ts';
import { passkeyName } from '../passkeys/passkey-name.ts';
import { attestationResponse } from '../passkeys/response-shapes.ts';
import { maxPasskeys } from '../passkeys/start-passkey.ts';
import { storePasskey } from '../passkeys/store-passkey.ts';
import { type Registration, verifyRegistration } from '../passkeys/verify-response.ts';
import { completeStaffSignIn } from './sign-in-staff.ts';
import { lockStaff } from './staff-account.ts';
import { answeredChallenge, redeemStaffChallenge } from './staff-challenge.ts';
import { backOfficeParty } from './staff-party.ts';
import { openChallengeOf } from './verify-staff-factor.ts';

const input = z.object({ userId: z.uuid(), response: attestationResponse, name: passkeyName.optional() });
type Input = z.infer<typeof input>;

/** `recoveryCodes` where the person had none left: shown once. */
export type AddedStaffPasskey = { passkeyId: string; recoveryCodes: readonly string[] | null };

type Prepared = { challenge: string | null; registration: Registration | null };

/**
 * A passkey as a factor of a member of staff. Behind a password that was right a moment ago the first factor completes the sign-in,
 * as an authenticator does. Right and wrong answers use the challenge up.
 * @throws AppError 401 `passkey_invalid`, 404 `not_found`, 409 `passkey_exists`, `too_many_passkeys`, 410 `challenge_expired`
 */
export const addStaffPasskey = defineCommand<Input, AddedStaffPasskey, Prepared, AccountRow>({
  name: 'add-staff-passkey',
  resource: 'passkey',
  access: 'public',
  input,
  isIdempotent: false,
  async prepare({ config }, { response }) {
    const challenge = answeredChallenge(response.response.clientDataJSON);
    const registration = challenge === null ? null : await verifyRegistration(backOfficeParty(config), { challenge, response });
    return { challenge, registration };
  },
  load: async (scope, { userId }) => (await lockStaff(scope.tx, userId)) ?? fail('not_found'),
  async run(scope, { name }, account, { challenge, registration }) {
    const given = { challenge, userId: account.id };
    if (!(await redeemStaffChallenge(scope, 'passkey_registration', given))) return { refused: 'challenge_expired' };
    if (!registration) return { refused: 'passkey_invalid' };
    // The account is locked: no other request of this person adds one meanwhile.
    if (account.passkeys >= maxPasskeys) return { refused: 'too_many_passkeys' };
    const made = await storePasskey(scope, account.id, registration, name);
    if (!made) return { refused: 'passkey_exists' };
    const hasCodes = factorsOf(account).length > 0 && account.recoveryCodesLeft > 0;
    const recoveryCodes = hasCodes ? null : await replaceRecoveryCodes(scope, account.id);
    await completeOpenSignIn(scope, account);
    scope.touched(account.id, made.id);
    scope.emit({ name: 'identity.passkey.added', aggregateId: account.id, payload: { userId: account.id, passkeyId: made.id } });
    return { passkeyId: made.id, recoveryCodes };
  },
});

/** Only for somebody without a factor until now: a second one never stands in for the first. */
async function completeOpenSignIn(scope: CommandScope, account: AccountRow): Promise<void> {
  if (factorsOf(account).length > 0) return;
  const challenge = await openChallengeOf(scope, account.id);
  if (!challenge || !(await consumeChallenge(scope, challenge.id))) return;
  await completeStaffSignIn(scope, { account, deviceId: challenge.deviceId ?? newId(), trace: [passed('enrolment')] });
}
