import type { MfaChallenge } from '@prisma/client';
import { z } from 'zod';
import { type CommandDeps, type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import type { AttemptDecision } from '../../../foundation/runtime/attempt-bucket.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import { type AccountRow, factorsOf, findAccount } from '../account.ts';
import { recordLogin } from '../history/login-event.ts';
import { passed, type RuleStep, refused, stepOf } from '../history/rule-trace.ts';
import { consumeChallenge, takeChallengeTry } from '../mfa-challenge.ts';
import { acceptAssertion, type CheckedAssertion, checkAssertion } from '../passkeys/passkey-assertion.ts';
import { type AssertionResponse, assertionResponse } from '../passkeys/response-shapes.ts';
import { isFactorRight, returnFactorAttempt, takeFactorAttempt } from '../second-factor.ts';
import { completeStaffSignIn } from './sign-in-staff.ts';
import { lockStaff } from './staff-account.ts';
import { answeredChallenge, redeemStaffChallenge } from './staff-challenge.ts';
import { backOfficeParty } from './staff-party.ts';

const answer = z.discriminatedUnion('method', [
  z.object({ method: z.literal('totp'), code: z.string() }),
  z.object({ method: z.literal('recovery_code'), code: z.string() }),
  z.object({ method: z.literal('password'), password: z.string() }),
  z.object({ method: z.literal('passkey'), response: assertionResponse }),
]);
const input = z.object({ userId: z.uuid(), answer });
type Input = z.infer<typeof input>;
/** `assertion` where a passkey answered and the factors are not locked. */
type Prepared = { decision: AttemptDecision; isPasswordRight: boolean; assertion: CheckedAssertion | null };
type Judged = { isRight: boolean; trace: readonly RuleStep[] };

/**
 * A factor of a member of staff: the second step of a sign-in while its challenge is open, otherwise a step-up. `password`
 * counts only for staff without a factor, outside strict production; a passkey answers a challenge of its own, which serves once.
 * Ten wrong answers in 15 minutes lock all factors for an hour.
 * @throws AppError 401 `mfa_invalid`, 429 `mfa_locked`
 */
export const verifyStaffFactor = defineCommand<Input, Record<string, never>, Prepared>({
  name: 'verify-staff-factor',
  resource: 'auth',
  access: 'public',
  input,
  isIdempotent: false,
  prepare,
  async run(scope, body, _loaded, prepared) {
    const { decision } = prepared;
    const account = await lockStaff(scope.tx, body.userId);
    const challenge = account ? await openChallengeOf(scope, account.id) : null;
    const attempt = {
      userId: account?.id ?? null,
      identifierBidx: null,
      deviceId: challenge?.deviceId ?? null,
      method: 'password',
      trace: [stepOf('second_factor', decision)],
    } as const;
    if (!decision.isAllowed) {
      await recordLogin(scope, { ...attempt, outcome: 'blocked', reasonCode: 'mfa_locked' });
      return { refused: 'mfa_locked', details: { retryAfterSeconds: decision.retryAfterSeconds } };
    }
    const mayTry = account !== null && (challenge === null || (await takeChallengeTry(scope, challenge.id)));
    const judged = mayTry ? await judge(scope, account, body, prepared) : { isRight: false, trace: [] };
    const trace = [...attempt.trace, ...judged.trace];
    if (account === null || !judged.isRight) {
      await recordLogin(scope, { ...attempt, trace, outcome: 'failed', reasonCode: 'mfa_invalid' });
      return { refused: 'mfa_invalid' };
    }
    await returnFactorAttempt(scope, account.id);
    scope.touched(account.id);
    if (body.answer.method === 'recovery_code') {
      scope.emit({ name: 'identity.recovery_code.used', aggregateId: account.id, payload: { userId: account.id, sessionId: null } });
    }
    if (challenge) {
      if (!(await consumeChallenge(scope, challenge.id))) {
        await recordLogin(scope, { ...attempt, trace, outcome: 'failed', reasonCode: 'mfa_invalid' });
        return { refused: 'mfa_invalid' };
      }
      await completeStaffSignIn(scope, { account, deviceId: challenge.deviceId ?? newId(), trace });
    }
    return {};
  },
});

async function prepare(deps: CommandDeps, body: Input): Promise<Prepared> {
  const decision = await takeFactorAttempt(deps, body.userId);
  const nothing = { decision, isPasswordRight: false, assertion: null };
  const { answer } = body;
  if (!decision.isAllowed) return nothing;
  if (answer.method === 'passkey') return { ...nothing, assertion: await checkedAssertion(deps, body.userId, answer.response) };
  if (answer.method !== 'password' || deps.config.mode === 'production') return nothing;
  const account = await findAccount(deps.database.prisma, { userId: body.userId });
  const hash = account?.kind === 'staff' && factorsOf(account).length === 0 ? account.passwordHash : null;
  const { isMatch } = await deps.hasher.verify(answer.password, hash);
  return { ...nothing, isPasswordRight: isMatch };
}

/** The signature, looked at outside the transaction; whether its challenge was ours and is still unused, inside. */
async function checkedAssertion(deps: CommandDeps, userId: string, response: AssertionResponse): Promise<CheckedAssertion | null> {
  const challenge = answeredChallenge(response.response.clientDataJSON);
  if (challenge === null) return null;
  return checkAssertion(deps, { challenge, response, ownerId: userId, party: backOfficeParty(deps.config) });
}

/** Right answers are used up with that: a step, a code, a challenge or a counter serves once, also in parallel. */
async function judge(scope: CommandScope, account: AccountRow, { answer }: Input, prepared: Prepared): Promise<Judged> {
  if (answer.method === 'password') {
    const isRight = prepared.isPasswordRight && factorsOf(account).length === 0;
    return { isRight, trace: isRight ? [passed('password')] : [] };
  }
  if (answer.method === 'passkey') return judgePasskey(scope, account, answer.response, prepared.assertion);
  const isRight = await isFactorRight(scope, account, answer);
  return { isRight, trace: isRight ? [passed(answer.method)] : [] };
}

async function judgePasskey(
  scope: CommandScope,
  account: AccountRow,
  response: AssertionResponse,
  assertion: CheckedAssertion | null,
): Promise<Judged> {
  const challenge = answeredChallenge(response.response.clientDataJSON);
  if (!(await redeemStaffChallenge(scope, 'passkey_reauth', { challenge, userId: account.id })))
    return { isRight: false, trace: [refused('challenge')] };
  if (!assertion?.isRight) return { isRight: false, trace: [refused('passkey')] };
  const { isAccepted, trace } = await acceptAssertion(scope, assertion);
  return { isRight: isAccepted, trace };
}

/** The newest open first step of this person in the back office. */
export async function openChallengeOf(scope: CommandScope, userId: string): Promise<MfaChallenge | null> {
  return scope.tx.mfaChallenge.findFirst({
    where: { userId, surface: 'admin', consumedAt: null, attemptsLeft: { gt: 0 }, expiresAt: { gt: scope.now } },
    orderBy: { createdAt: 'desc' },
  });
}
