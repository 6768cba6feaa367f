import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { type AccountRow, requireContact } from '../account.ts';
import {
  type CreationOptions,
  creationOptions,
  passkeyChallengeSeconds,
  type RequestOptions,
  requestOptions,
} from '../passkeys/passkey-options.ts';
import { maxPasskeys, registeredBy } from '../passkeys/start-passkey.ts';
import { lockStaff } from './staff-account.ts';
import { issueStaffChallenge } from './staff-challenge.ts';
import { backOfficeParty } from './staff-party.ts';

const input = z.object({ userId: z.uuid() });
type Input = z.infer<typeof input>;

const load = async (scope: CommandScope, { userId }: Input) => (await lockStaff(scope.tx, userId)) ?? fail('not_found');

const shared = { resource: 'passkey', access: 'public', input, isIdempotent: false, load } as const;

/**
 * What a browser needs to answer with a passkey of this member of staff: as the second step, or as a step-up.
 * @throws AppError 404 `not_found`, 422 `method_not_available` without a passkey
 */
export const challengeStaffPasskey = defineCommand<Input, RequestOptions, undefined, AccountRow>({
  ...shared,
  name: 'challenge-staff-passkey',
  async run(scope, _body, account) {
    const allowed = await registeredBy(scope, account.id);
    if (allowed.length === 0) return { refused: 'method_not_available' };
    const challenge = await issueStaffChallenge(scope, 'passkey_reauth', account.id);
    return requestOptions(backOfficeParty(scope.deps.config), { challenge, seconds: passkeyChallengeSeconds, allowed });
  },
});

/**
 * What a browser needs to make a passkey for this member of staff, whoever they are by now: the door has asked.
 * @throws AppError 404 `not_found`, 409 `too_many_passkeys`
 */
export const beginStaffPasskey = defineCommand<Input, CreationOptions, undefined, AccountRow>({
  ...shared,
  name: 'begin-staff-passkey',
  async run(scope, _body, account) {
    if (account.passkeys >= maxPasskeys) return { refused: 'too_many_passkeys' };
    const { value } = requireContact(scope.deps.keyring, account);
    scope.touched(account.id);
    return creationOptions(backOfficeParty(scope.deps.config), {
      challenge: await issueStaffChallenge(scope, 'passkey_registration', account.id),
      user: { id: account.id, name: value, displayName: account.displayName ?? value },
      registered: await registeredBy(scope, account.id),
    });
  },
});
