import { z } from 'zod';
import { type CommandDeps, type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { totpUri } from '../../../foundation/crypto/totp.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import type { AttemptDecision } from '../../../foundation/runtime/attempt-bucket.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import { type AccountRow, requireContact, requireDataKey } from '../account.ts';
import { type ConfirmedTotp, confirm } from '../confirm-totp.ts';
import { recordLogin } from '../history/login-event.ts';
import { passed, type RuleStep, stepOf } from '../history/rule-trace.ts';
import { consumeChallenge, type MfaChallenge } from '../mfa-challenge.ts';
import { returnFactorAttempt, takeFactorAttempt, totpSecretBox } from '../second-factor.ts';
import { enrol, enrolmentSeconds } from '../start-totp.ts';
import { completeStaffSignIn } from './sign-in-staff.ts';
import { lockStaff } from './staff-account.ts';
import { openChallengeOf } from './verify-staff-factor.ts';

const startInput = z.object({ userId: z.uuid() });

export type StaffEnrolment = { secret: string; uri: string };

const loadStaff = async (scope: CommandScope, { userId }: { userId: string }) => (await lockStaff(scope.tx, userId)) ?? fail('not_found');

/**
 * A secret for a member of staff; the same one again until it is confirmed or ten minutes old, so that a reloaded page
 * does not void the code in the app.
 * @throws AppError 404 `not_found`, 409 `totp_exists`
 */
export const beginStaffTotp = defineCommand<z.infer<typeof startInput>, StaffEnrolment, undefined, AccountRow>({
  name: 'begin-staff-totp',
  resource: 'totp',
  access: 'public',
  input: startInput,
  isIdempotent: false,
  load: loadStaff,
  async run(scope, _body, account) {
    if (account.hasTotp) return { refused: 'totp_exists' };
    const secret = (await openSecret(scope, account)) ?? (await enrol(scope, account)).secret;
    const { value } = requireContact(scope.deps.keyring, account);
    return { secret, uri: totpUri(secret, 'Fashionistar back office', value) };
  },
});

async function openSecret(scope: CommandScope, account: AccountRow): Promise<string | null> {
  const totp = await scope.tx.totp.findUnique({ where: { userId: account.id } });
  if (!totp || scope.now.getTime() - totp.createdAt.getTime() > enrolmentSeconds * 1000) return null;
  const { keyring } = scope.deps;
  return keyring.decryptField(requireDataKey(keyring, account), totpSecretBox(account.id), totp.secretEnc);
}

const confirmInput = z.object({ userId: z.uuid(), code: z.string() });
type ConfirmInput = z.infer<typeof confirmInput>;

/** @throws AppError 401 `mfa_invalid`, 404 `not_found`, 410 `enrolment_expired`, 429 `mfa_locked` */
export const confirmStaffTotp = defineCommand<ConfirmInput, ConfirmedTotp, AttemptDecision, AccountRow>({
  name: 'confirm-staff-totp',
  resource: 'totp',
  access: 'public',
  input: confirmInput,
  isIdempotent: false,
  prepare: (deps: CommandDeps, body: ConfirmInput) => takeFactorAttempt(deps, body.userId),
  load: loadStaff,
  async run(scope, body, account, decision) {
    const challenge = await openChallengeOf(scope, account.id);
    const step = stepOf('second_factor', decision);
    if (!decision.isAllowed) {
      if (challenge) await noteRefusal(scope, challenge, { outcome: 'blocked', reasonCode: 'mfa_locked', trace: [step] });
      return { refused: 'mfa_locked', details: { retryAfterSeconds: decision.retryAfterSeconds } };
    }
    const confirmed = await confirm(scope, account, { code: body.code });
    if ('refused' in confirmed) {
      if (challenge) await noteRefusal(scope, challenge, { outcome: 'failed', reasonCode: confirmed.refused, trace: [step] });
      return confirmed;
    }
    await returnFactorAttempt(scope, account.id);
    // Behind a password that was right a moment ago, the first code of a new authenticator completes the sign-in.
    if (challenge && (await consumeChallenge(scope, challenge.id))) {
      await completeStaffSignIn(scope, { account, deviceId: challenge.deviceId ?? newId(), trace: [step, passed('enrolment')] });
    }
    return confirmed;
  },
});

function noteRefusal(
  scope: CommandScope,
  challenge: MfaChallenge,
  refusal: { outcome: 'failed' | 'blocked'; reasonCode: string; trace: readonly RuleStep[] },
): Promise<string> {
  const { userId, deviceId } = challenge;
  return recordLogin(scope, { ...refusal, userId, deviceId, identifierBidx: null, method: 'password' });
}
