import { z } from 'zod';
import { type CommandDeps, type CommandScope, defineCommand } from '../../foundation/command/command.ts';
import { lockAccount } from './account.ts';
import { issueSession } from './issue-session.ts';
import { recordLogin } from './login-event.ts';
import { consumeChallenge, findChallenge, firstMethodOf, type MfaChallenge, takeChallengeTry } from './mfa-challenge.ts';
import { permitOf } from './permit.ts';
import { passed, type RuleStep, refused, stepOf } from './rule-trace.ts';
import { isFactorRight, returnFactorAttempt, takeFactorAttempt } from './second-factor.ts';
import { type Amr, callerFields, type SignInOutcome } from './sign-in-shapes.ts';

const input = z.object({
  challengeId: z.string(),
  method: z.enum(['totp', 'recovery_code']),
  code: z.string(),
  trustDevice: z.boolean().optional(),
  ...callerFields,
});
type Input = z.infer<typeof input>;

type Prepared = { challenge: MfaChallenge; lock: { retryAfterSeconds: number } | null; step: RuleStep } | null;

/**
 * Answers a challenge with a second factor and signs in at aal2. Five wrong answers kill the challenge; ten in 15 minutes
 * over all challenges lock the factors for an hour, also for right ones (P10).
 * @throws AppError 401 `mfa_invalid`, 410 `challenge_expired`, 429 `mfa_locked`
 */
export const verifyMfa = defineCommand<Input, SignInOutcome, Prepared>({
  name: 'verify-mfa',
  resource: 'auth',
  access: 'public',
  input,
  isIdempotent: false,
  prepare,
  async run(scope, body, _loaded, prepared) {
    if (!prepared) return { refused: 'challenge_expired' };
    const { challenge, lock, step } = prepared;
    const { userId, deviceId } = challenge;
    const attempt = { userId, deviceId, identifierBidx: null, method: firstMethodOf(challenge), trace: [step] } as const;
    if (lock) {
      await recordLogin(scope, { ...attempt, outcome: 'blocked', reasonCode: 'mfa_locked' });
      return { refused: 'mfa_locked', details: { retryAfterSeconds: lock.retryAfterSeconds } };
    }
    if (!(await takeChallengeTry(scope, challenge.id))) {
      // Another request used the last try or the challenge itself: this one looked at no code.
      await returnFactorAttempt(scope.deps, challenge.userId);
      await recordLogin(scope, { ...attempt, outcome: 'failed', reasonCode: 'challenge_expired' });
      return { refused: 'challenge_expired' };
    }
    const account = await lockAccount(scope.tx, { userId: challenge.userId });
    if (account?.status !== 'active') {
      const trace = [step, refused('account_closed')];
      await recordLogin(scope, { ...attempt, trace, outcome: 'failed', reasonCode: 'challenge_expired' });
      return { refused: 'challenge_expired' };
    }
    const isRight = challenge.methods.includes(body.method) && (await isFactorRight(scope, account, body));
    if (!isRight) {
      await recordLogin(scope, { ...attempt, outcome: 'failed', reasonCode: 'mfa_invalid' });
      return { refused: 'mfa_invalid' };
    }
    await returnFactorAttempt(scope.deps, account.id);
    if (!(await consumeChallenge(scope, challenge.id))) return { refused: 'challenge_expired' };
    const outcome = await issueSession(scope, {
      account,
      method: firstMethodOf(challenge),
      amr: amrWith(challenge.amr, body.method),
      isSecondFactorDone: true,
      isDeviceTrusted: body.trustDevice === true,
      permit: permitOf([step, passed(body.method)]),
      identifierBidx: null,
      client: body.client,
      device: body.device,
    });
    if (body.method === 'recovery_code') noteRecoveryCode(scope, account.id, outcome);
    return outcome;
  },
});

async function prepare(deps: CommandDeps, body: Input): Promise<Prepared> {
  const challenge = await findChallenge(deps.database.prisma, body.challengeId, body.client.clientId, deps.clock.now());
  if (!challenge) return null;
  const decision = await takeFactorAttempt(deps, challenge.userId);
  return {
    challenge,
    lock: decision.isAllowed ? null : { retryAfterSeconds: decision.retryAfterSeconds },
    step: stepOf('second_factor', decision),
  };
}

const names: readonly Amr[] = ['pwd', 'otp', 'fed', 'hwk', 'user', 'rec', 'mfa'];

function amrWith(first: readonly string[], method: 'totp' | 'recovery_code'): Amr[] {
  const proved = names.filter((name) => first.includes(name));
  return [...new Set<Amr>([...proved, method === 'totp' ? 'otp' : 'rec', 'mfa'])];
}

function noteRecoveryCode(scope: CommandScope, userId: string, outcome: SignInOutcome): void {
  const sessionId = outcome.kind === 'tokens' ? outcome.tokens.session.id : null;
  scope.emit({ name: 'identity.recovery_code.used', aggregateId: userId, payload: { userId, sessionId } });
}
