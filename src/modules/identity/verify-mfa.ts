import { z } from 'zod';
import { type CommandDeps, type CommandScope, defineCommand } from '../../foundation/command/command.ts';
import type { AttemptDecision } from '../../foundation/runtime/attempt-bucket.ts';
import { type AccountRow, lockAccount } from './account.ts';
import { storeProvedLink } from './google/link-flow.ts';
import { recordLogin } from './history/login-event.ts';
import { passed, type RuleStep, refused, stepOf } from './history/rule-trace.ts';
import { consumeChallenge, findChallenge, firstMethodOf, type MfaChallenge, takeChallengeTry } from './mfa-challenge.ts';
import { requireOtp } from './otp-format.ts';
import { acceptAssertion, type CheckedAssertion, checkAssertion } from './passkeys/passkey-assertion.ts';
import { assertionResponse } from './passkeys/response-shapes.ts';
import { permitOf } from './permit.ts';
import { isFactorRight, returnFactorAttempt, takeFactorAttempt } from './second-factor.ts';
import { issueSession } from './sessions/issue-session.ts';
import { type Amr, callerFields, type FactorMethod, type SignInOutcome } from './sign-in-shapes.ts';

const common = { challengeId: z.string(), trustDevice: z.boolean().optional(), ...callerFields };

const input = z.discriminatedUnion('method', [
  z.object({ method: z.literal('totp'), code: z.string(), ...common }),
  z.object({ method: z.literal('recovery_code'), code: z.string(), ...common }),
  z.object({ method: z.literal('passkey'), response: assertionResponse, ...common }),
]);
type Input = z.infer<typeof input>;

/** `assertion` is null unless a passkey answered and the factors are not locked. */
type Prepared = { challenge: MfaChallenge; decision: AttemptDecision; assertion: CheckedAssertion | null } | null;

/**
 * Answers a challenge with a second factor and signs in at aal2. Five wrong answers kill the challenge; ten in 15 minutes
 * over all challenges and factors lock the factors for an hour, also for right ones (P10).
 * @throws AppError 401 `mfa_invalid`, `passkey_invalid`, 410 `challenge_expired`, 422 `otp_malformed`, 429 `mfa_locked`
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
    const { challenge, decision } = prepared;
    const step = stepOf('second_factor', decision);
    const { userId, deviceId } = challenge;
    const attempt = { userId, deviceId, identifierBidx: null, method: firstMethodOf(challenge), trace: [step] } as const;
    if (!decision.isAllowed) {
      await recordLogin(scope, { ...attempt, outcome: 'blocked', reasonCode: 'mfa_locked' });
      return { refused: 'mfa_locked', details: { retryAfterSeconds: decision.retryAfterSeconds } };
    }
    // The account first, as by everyone who ends challenges: the other way round the two could wait for one another.
    const account = await lockAccount(scope.tx, { userId: challenge.userId });
    if (!(await takeChallengeTry(scope, challenge.id))) {
      // Another request used the last try or the challenge itself: this one looked at no code.
      await returnFactorAttempt(scope, challenge.userId);
      await recordLogin(scope, { ...attempt, outcome: 'failed', reasonCode: 'challenge_expired' });
      return { refused: 'challenge_expired' };
    }
    if (account?.status !== 'active') {
      const trace = [step, refused('account_closed')];
      await recordLogin(scope, { ...attempt, trace, outcome: 'failed', reasonCode: 'challenge_expired' });
      return { refused: 'challenge_expired' };
    }
    const answer = await judge(scope, account, body, prepared);
    if (!answer.isRight) {
      const wrong = body.method === 'passkey' ? 'passkey_invalid' : 'mfa_invalid';
      await recordLogin(scope, { ...attempt, trace: [step, ...answer.trace], outcome: 'failed', reasonCode: wrong });
      return { refused: wrong };
    }
    await returnFactorAttempt(scope, account.id);
    if (!(await consumeChallenge(scope, challenge.id))) return { refused: 'challenge_expired' };
    if (challenge.linkFlowId) await storeProvedLink(scope, account, challenge.linkFlowId);
    const outcome = await issueSession(scope, {
      account,
      method: firstMethodOf(challenge),
      amr: amrWith(challenge.amr, body.method),
      isSecondFactorDone: true,
      isDeviceTrusted: body.trustDevice === true,
      permit: permitOf([step, ...answer.trace]),
      identifierBidx: null,
      client: body.client,
      device: body.device,
    });
    if (body.method === 'recovery_code') noteRecoveryCode(scope, account.id, outcome);
    return outcome;
  },
});

async function prepare(deps: CommandDeps, body: Input): Promise<Prepared> {
  if (body.method === 'totp') requireOtp(body.code);
  const challenge = await findChallenge(deps.database.prisma, body.challengeId, body.client.clientId, deps.clock.now());
  if (!challenge) return null;
  const decision = await takeFactorAttempt(deps, challenge.userId);
  const { userId, webauthnChallenge } = challenge;
  if (!decision.isAllowed || body.method !== 'passkey' || !webauthnChallenge) return { challenge, decision, assertion: null };
  const signed = Buffer.from(webauthnChallenge).toString('base64url');
  const given = { challenge: signed, response: body.response, ownerId: userId };
  return { challenge, decision, assertion: await checkAssertion(deps, given) };
}

type Judged = { isRight: boolean; trace: readonly RuleStep[] };

/** Right answers are used up with that: a step, a code or a counter serves once, also in parallel. */
async function judge(
  scope: CommandScope,
  account: AccountRow,
  body: Input,
  { challenge, assertion }: NonNullable<Prepared>,
): Promise<Judged> {
  if (!challenge.methods.includes(body.method)) return { isRight: false, trace: [] };
  if (body.method !== 'passkey') {
    const isRight = await isFactorRight(scope, account, body);
    return { isRight, trace: isRight ? [passed(body.method)] : [] };
  }
  if (!assertion?.isRight) return { isRight: false, trace: [refused('passkey')] };
  const { isAccepted, trace } = await acceptAssertion(scope, assertion);
  return { isRight: isAccepted, trace };
}

const names: readonly Amr[] = ['pwd', 'otp', 'fed', 'hwk', 'user', 'rec', 'mfa'];
const proves: Record<FactorMethod, readonly Amr[]> = { totp: ['otp'], recovery_code: ['rec'], passkey: ['hwk', 'user'] };

function amrWith(first: readonly string[], method: FactorMethod): Amr[] {
  const proved = names.filter((name) => first.includes(name));
  return [...new Set<Amr>([...proved, ...proves[method], 'mfa'])];
}

function noteRecoveryCode(scope: CommandScope, userId: string, outcome: SignInOutcome): void {
  const sessionId = outcome.kind === 'tokens' ? outcome.tokens.session.id : null;
  scope.emit({ name: 'identity.recovery_code.used', aggregateId: userId, payload: { userId, sessionId } });
}
