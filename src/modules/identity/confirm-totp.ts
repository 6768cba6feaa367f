import { z } from 'zod';
import { type CommandDeps, type CommandScope, defineCommand, type Refusal } from '../../foundation/command/command.ts';
import { findTotpStep } from '../../foundation/crypto/totp.ts';
import { fail } from '../../foundation/errors/app-error.ts';
import type { AttemptDecision } from '../../foundation/runtime/attempt-bucket.ts';
import type { RequestContext } from '../../foundation/runtime/request-context.ts';
import { type AccountRow, findAccount, requireDataKey } from './account.ts';
import { replaceRecoveryCodes } from './factors/recovery-codes.ts';
import { customerOf, lockOwnAccount, requireFresh } from './freshness.ts';
import { endMfaTrust } from './known-device.ts';
import { requireOtp } from './otp-format.ts';
import { digitsOf, returnFactorAttempt, takeFactorAttempt, totpSecretBox } from './second-factor.ts';
import { enrolmentSeconds } from './start-totp.ts';

const input = z.object({ enrolId: z.string(), code: z.string() });
type Input = z.infer<typeof input>;

/** Ten codes, shown once and never readable again. */
export type ConfirmedTotp = { recoveryCodes: readonly string[] };

/**
 * Confirms the authenticator with a code of it. From here on every first factor asks for it; the session itself is aal2 from
 * its next refresh on. Ends the trust of all devices.
 * @throws AppError 401 `mfa_invalid`, 403 `reauth_required`, 410 `enrolment_expired`, 422 `otp_malformed`, 429 `mfa_locked`
 */
export const confirmTotp = defineCommand<Input, ConfirmedTotp, AttemptDecision, AccountRow>({
  name: 'confirm-totp',
  resource: 'totp',
  access: 'owner',
  input,
  isIdempotent: false,
  prepare,
  load: lockOwnAccount,
  async run(scope, body, account, decision) {
    requireFresh(scope, account, scope.deps.config.reauthFreshSeconds);
    if (!decision.isAllowed) return { refused: 'mfa_locked', details: { retryAfterSeconds: decision.retryAfterSeconds } };
    const confirmed = await confirm(scope, account, body);
    const isWrong = 'refused' in confirmed && confirmed.refused === 'mfa_invalid';
    // Only a wrong code uses one of the ten tries.
    if (!isWrong) await returnFactorAttempt(scope, account.id);
    if ('refused' in confirmed) return confirmed;
    const { sessionId } = customerOf(scope);
    await scope.tx.session.updateMany({ where: { id: sessionId }, data: { acr: 'aal2', mfaAt: scope.now } });
    return confirmed;
  },
});

async function prepare(deps: CommandDeps, body: Input, context: RequestContext): Promise<AttemptDecision> {
  requireOtp(body.code);
  // Who may not try uses none of the owner's tries: a stale session must not be able to lock the factors.
  const who = { deps, actor: context.actor, now: deps.clock.now() };
  const { id } = customerOf(who);
  const account = (await findAccount(deps.database.prisma, { userId: id })) ?? fail('session_revoked');
  requireFresh(who, account, deps.config.reauthFreshSeconds);
  return takeFactorAttempt(deps, id);
}

/** The same step for customers and staff: code, confirmation, recovery codes, end of trust, notice. */
export async function confirm(
  scope: CommandScope,
  account: AccountRow,
  body: { enrolId?: string; code: string },
): Promise<ConfirmedTotp | Refusal> {
  const totp = await scope.tx.totp.findUnique({ where: { userId: account.id } });
  const isOver = !totp || totp.confirmedAt !== null || scope.now.getTime() - totp.createdAt.getTime() > enrolmentSeconds * 1000;
  if (isOver || (body.enrolId !== undefined && totp.id !== body.enrolId)) return { refused: 'enrolment_expired' };
  const { keyring } = scope.deps;
  const secret = keyring.decryptField(requireDataKey(keyring, account), totpSecretBox(account.id), totp.secretEnc);
  const step = findTotpStep(secret, digitsOf(body.code), scope.now);
  if (step === null) return { refused: 'mfa_invalid' };
  // The account is locked: nobody else confirms or replaces the secret meanwhile.
  await scope.tx.totp.update({ where: { id: totp.id }, data: { confirmedAt: scope.now, lastStep: BigInt(step) } });
  const recoveryCodes = await replaceRecoveryCodes(scope, account.id);
  await endMfaTrust(scope, account.id);
  scope.touched(account.id);
  scope.emit({ name: 'identity.mfa.enabled', aggregateId: account.id, payload: { userId: account.id, factor: 'totp' } });
  return { recoveryCodes };
}
