import type { MfaChallenge } from '@prisma/client';
import { z } from 'zod';
import { type CommandDeps, type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import type { AttemptDecision } from '../../../foundation/runtime/attempt-bucket.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import { type AccountRow, findAccount } from '../account.ts';
import { recordLogin } from '../history/login-event.ts';
import { passed, stepOf } from '../history/rule-trace.ts';
import { consumeChallenge, takeChallengeTry } from '../mfa-challenge.ts';
import { isFactorRight, returnFactorAttempt, takeFactorAttempt } from '../second-factor.ts';
import { completeStaffSignIn } from './sign-in-staff.ts';
import { lockStaff } from './staff-account.ts';

const answer = z.discriminatedUnion('method', [
  z.object({ method: z.literal('totp'), code: z.string() }),
  z.object({ method: z.literal('recovery_code'), code: z.string() }),
  z.object({ method: z.literal('password'), password: z.string() }),
]);
const input = z.object({ userId: z.uuid(), answer });
type Input = z.infer<typeof input>;
type Prepared = { decision: AttemptDecision; isPasswordRight: boolean };

/**
 * A factor of a member of staff: the second step of a sign-in while its challenge is open, otherwise a step-up. `password`
 * counts only for staff without a factor, outside strict production. Ten wrong answers in 15 minutes lock all factors for an hour.
 * @throws AppError 401 `mfa_invalid`, 429 `mfa_locked`
 */
export const verifyStaffFactor = defineCommand<Input, Record<string, never>, Prepared>({
  name: 'verify-staff-factor',
  resource: 'auth',
  access: 'public',
  input,
  isIdempotent: false,
  prepare,
  async run(scope, body, _loaded, { decision, isPasswordRight }) {
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
    if (!mayTry || !(await isRight(scope, account, body, isPasswordRight))) {
      await recordLogin(scope, { ...attempt, outcome: 'failed', reasonCode: 'mfa_invalid' });
      return { refused: 'mfa_invalid' };
    }
    await returnFactorAttempt(scope, account.id);
    scope.touched(account.id);
    if (body.answer.method === 'recovery_code') {
      scope.emit({ name: 'identity.recovery_code.used', aggregateId: account.id, payload: { userId: account.id, sessionId: null } });
    }
    if (challenge) {
      if (!(await consumeChallenge(scope, challenge.id))) {
        await recordLogin(scope, { ...attempt, outcome: 'failed', reasonCode: 'mfa_invalid' });
        return { refused: 'mfa_invalid' };
      }
      await completeStaffSignIn(scope, {
        account,
        deviceId: challenge.deviceId ?? newId(),
        trace: [...attempt.trace, passed(body.answer.method)],
      });
    }
    return {};
  },
});

async function prepare(deps: CommandDeps, body: Input): Promise<Prepared> {
  const decision = await takeFactorAttempt(deps, body.userId);
  if (!decision.isAllowed || body.answer.method !== 'password' || deps.config.mode === 'production')
    return { decision, isPasswordRight: false };
  const account = await findAccount(deps.database.prisma, { userId: body.userId });
  const hash = account?.kind === 'staff' && !account.hasTotp ? account.passwordHash : null;
  const { isMatch } = await deps.hasher.verify(body.answer.password, hash);
  return { decision, isPasswordRight: isMatch };
}

async function isRight(scope: CommandScope, account: AccountRow, body: Input, isPasswordRight: boolean): Promise<boolean> {
  return body.answer.method === 'password' ? isPasswordRight && !account.hasTotp : isFactorRight(scope, account, body.answer);
}

/** The newest open first step of this person in the back office. */
export async function openChallengeOf(scope: CommandScope, userId: string): Promise<MfaChallenge | null> {
  return scope.tx.mfaChallenge.findFirst({
    where: { userId, surface: 'admin', consumedAt: null, attemptsLeft: { gt: 0 }, expiresAt: { gt: scope.now } },
    orderBy: { createdAt: 'desc' },
  });
}
