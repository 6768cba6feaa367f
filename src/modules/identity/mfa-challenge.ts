import type { MfaChallenge } from '@prisma/client';
import type { CommandScope } from '../../foundation/command/command.ts';
import { sha256 } from '../../foundation/crypto/digest.ts';
import { randomToken } from '../../foundation/crypto/random-token.ts';
import { addSeconds } from '../../foundation/runtime/clock.ts';
import type { Tx } from '../../foundation/runtime/database.ts';
import { newId } from '../../foundation/runtime/new-id.ts';
import { bytesOf } from './bytes.ts';
import { recordLogin } from './history/login-event.ts';
import type { SignInHistory } from './history/sign-in-history.ts';
import type { SignIn } from './sessions/issue-session.ts';
import type { FactorMethod, SignInOutcome } from './sign-in-shapes.ts';

export type { MfaChallenge };

/** A challenge and its five tries live this long, in seconds. */
export const challengeSeconds = 300;

/**
 * The step between a first factor and a session. The id is 256 random bits of which only the hash is kept, bound to the
 * client that got it; it authenticates nothing.
 */
export async function openChallenge(
  scope: CommandScope,
  signIn: SignIn & { methods: readonly FactorMethod[]; deviceId: string | null; history: SignInHistory },
): Promise<SignInOutcome> {
  const challengeId = randomToken(32);
  await scope.tx.mfaChallenge.createMany({
    data: {
      id: newId(),
      createdAt: scope.now,
      tokenHash: bytesOf(sha256(challengeId)),
      userId: signIn.account.id,
      surface: 'api',
      clientId: signIn.client.clientId,
      deviceId: signIn.deviceId,
      amr: [...signIn.amr],
      methods: [...signIn.methods],
      expiresAt: addSeconds(scope.now, challengeSeconds),
      ip: scope.context.ip,
      linkFlowId: signIn.linkFlowId ?? null,
      data: { method: signIn.method },
    },
  });
  await recordLogin(scope, {
    userId: signIn.account.id,
    identifierBidx: signIn.identifierBidx,
    method: signIn.method,
    outcome: 'challenged',
    reasonCode: 'mfa_required',
    trace: signIn.permit.trace,
    deviceId: signIn.deviceId,
    history: signIn.history,
  });
  scope.touched(signIn.account.id);
  return { kind: 'mfa', challengeId, methods: signIn.methods, expiresIn: challengeSeconds };
}

/** Null for unknown, used, over-age, exhausted challenges and those of another client: all are `challenge_expired`. */
export async function findChallenge(
  reader: Pick<Tx, 'mfaChallenge'>,
  challengeId: string,
  clientId: string,
  now: Date,
): Promise<MfaChallenge | null> {
  const found = await reader.mfaChallenge.findUnique({ where: { tokenHash: bytesOf(sha256(challengeId)) } });
  const isOpen = found && found.clientId === clientId && found.consumedAt === null && found.attemptsLeft > 0 && found.expiresAt > now;
  return isOpen ? found : null;
}

/** Takes one of the five tries before the code is looked at; false when another request was faster. */
export async function takeChallengeTry(scope: CommandScope, id: string): Promise<boolean> {
  const { count } = await scope.tx.mfaChallenge.updateMany({
    where: { id, consumedAt: null, attemptsLeft: { gt: 0 }, expiresAt: { gt: scope.now } },
    data: { attemptsLeft: { decrement: 1 } },
  });
  return count === 1;
}

/** n parallel right answers: one gets true. */
export async function consumeChallenge(scope: CommandScope, id: string): Promise<boolean> {
  const { count } = await scope.tx.mfaChallenge.updateMany({ where: { id, consumedAt: null }, data: { consumedAt: scope.now } });
  return count === 1;
}

/** The first factor that opened the challenge, as login_event names it. */
export function firstMethodOf(challenge: MfaChallenge): 'password' | 'otp' | 'google' {
  const { data } = challenge;
  const method = typeof data === 'object' && data !== null && 'method' in data ? data.method : null;
  return method === 'otp' || method === 'google' ? method : 'password';
}
