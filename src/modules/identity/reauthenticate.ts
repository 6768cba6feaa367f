import { z } from 'zod';
import { type CommandDeps, type CommandScope, defineCommand, type Refusal } from '../../foundation/command/command.ts';
import { fail } from '../../foundation/errors/app-error.ts';
import type { AttemptDecision } from '../../foundation/runtime/attempt-bucket.ts';
import type { RequestContext } from '../../foundation/runtime/request-context.ts';
import { type AccountRow, findAccount, requireContact } from './account.ts';
import { contactOf } from './contact.ts';
import { customerOf, lockOwnAccount } from './freshness.ts';
import { signAccessToken } from './issue-tokens.ts';
import { limitAddress } from './limit-address.ts';
import { alternatives } from './log-in.ts';
import { recordLogin } from './login-event.ts';
import { noteFailure } from './login-failure.ts';
import { type LoginReservation, reserveLogin, settleSuccess, settleUnmade } from './login-guard.ts';
import { stepOf } from './rule-trace.ts';
import { isFactorRight, returnFactorAttempt, takeFactorAttempt } from './second-factor.ts';
import { callerFields, type SessionView } from './sign-in-shapes.ts';

const input = z.discriminatedUnion('method', [
  z.object({ method: z.literal('password'), password: z.string(), ...callerFields }),
  z.object({ method: z.literal('totp'), code: z.string(), ...callerFields }),
]);
type Input = z.infer<typeof input>;

export type Reauthenticated = { accessToken: string; session: SessionView };

type Prepared =
  | {
      method: 'password';
      reservation: LoginReservation;
      isMatch: boolean;
      comparedHash: string | null;
      identifierBidx: Buffer;
      deviceId: string | null;
    }
  | { method: 'totp'; code: string; decision: AttemptDecision; deviceId: string | null };

/**
 * Proves the person of a live session again: `auth_time` moves to now, a second factor also lifts the session to aal2. Same
 * session, no new refresh token. Wrong answers count in the buckets of sign-in (P9) and second factors (P10).
 * @throws AppError 401 `invalid_credentials`, `mfa_invalid`, 403 `password_disabled`, 429 `rate_limited`, `mfa_locked`
 */
export const reauthenticate = defineCommand<Input, Reauthenticated, Prepared, AccountRow>({
  name: 'reauthenticate',
  resource: 'session',
  access: 'owner',
  input,
  isIdempotent: false,
  prepare,
  load: lockOwnAccount,
  async run(scope, _body, account, prepared) {
    const refusal =
      prepared.method === 'password' ? await judgePassword(scope, account, prepared) : await judgeTotp(scope, account, prepared);
    return refusal ?? refreshProof(scope, account, prepared.method);
  },
});

async function prepare(deps: CommandDeps, body: Input, context: RequestContext): Promise<Prepared> {
  const actor = customerOf(context);
  const device = body.device.token ? deps.keyring.deviceToken.read(body.device.token) : null;
  const deviceId = device?.deviceId ?? null;
  if (body.method === 'totp') return { method: 'totp', code: body.code, decision: await takeFactorAttempt(deps, actor.id), deviceId };
  const account = (await findAccount(deps.database.prisma, { userId: actor.id })) ?? fail('session_revoked');
  const contact = contactOf(deps, requireContact(deps.keyring, account));
  const reservation = await reserveLogin(deps, {
    ip: limitAddress(context.ip),
    identifierKey: contact.limitKey,
    userId: actor.id,
    device,
  });
  const base = { method: 'password', reservation, comparedHash: account.passwordHash, identifierBidx: contact.bidx, deviceId } as const;
  if (!reservation.isAllowed) return { ...base, isMatch: false };
  try {
    const { isMatch } = await deps.hasher.verify(body.password, account.passwordHash);
    if (isMatch && !reservation.isPasswordDisabled && !account.passwordDisabled) await settleSuccess(deps, reservation);
    return { ...base, isMatch };
  } catch (error) {
    await settleUnmade(deps, reservation);
    throw error;
  }
}

async function judgePassword(
  scope: CommandScope,
  account: AccountRow,
  prepared: Prepared & { method: 'password' },
): Promise<Refusal | null> {
  const { reservation, identifierBidx, deviceId } = prepared;
  const attempt = { userId: account.id, identifierBidx, deviceId, method: 'password', trace: reservation.trace } as const;
  if (!reservation.isAllowed) {
    await recordLogin(scope, { ...attempt, outcome: 'blocked', reasonCode: 'rate_limited' });
    return { refused: 'rate_limited', details: { retryAfterSeconds: reservation.retryAfterSeconds, extra: { alternatives } } };
  }
  if (!prepared.isMatch || account.passwordHash !== prepared.comparedHash) {
    await noteFailure(scope, account.id, reservation);
    await recordLogin(scope, { ...attempt, outcome: 'failed', reasonCode: 'invalid_credentials' });
    return { refused: 'invalid_credentials' };
  }
  const isDisabled = reservation.isPasswordDisabled || account.passwordDisabled;
  return isDisabled ? { refused: 'password_disabled', details: { extra: { alternatives } } } : null;
}

async function judgeTotp(scope: CommandScope, account: AccountRow, prepared: Prepared & { method: 'totp' }): Promise<Refusal | null> {
  const { decision, code } = prepared;
  const trace = [stepOf('second_factor', decision)];
  const attempt = { userId: account.id, identifierBidx: null, deviceId: prepared.deviceId, method: 'otp', trace } as const;
  if (!decision.isAllowed) {
    await recordLogin(scope, { ...attempt, outcome: 'blocked', reasonCode: 'mfa_locked' });
    return { refused: 'mfa_locked', details: { retryAfterSeconds: decision.retryAfterSeconds } };
  }
  if (!(await isFactorRight(scope, account, { method: 'totp', code }))) {
    await recordLogin(scope, { ...attempt, outcome: 'failed', reasonCode: 'mfa_invalid' });
    return { refused: 'mfa_invalid' };
  }
  await returnFactorAttempt(scope.deps, account.id);
  return null;
}

type SessionRow = {
  id: string;
  acr: 'aal1' | 'aal2';
  amr: string[];
  authTime: Date;
  createdAt: Date;
  absoluteExpiresAt: Date;
};

async function refreshProof(scope: CommandScope, account: AccountRow, method: 'password' | 'totp'): Promise<Reauthenticated> {
  const { now } = scope;
  const { sessionId } = customerOf(scope);
  const isFactor = method === 'totp';
  const added = isFactor ? ['otp', 'mfa'] : ['pwd'];
  const [session] = await scope.tx.$queryRaw<SessionRow[]>`
    UPDATE identity.session
       SET auth_time = ${now}::timestamptz, updated_at = ${now}::timestamptz,
           amr = amr || ARRAY(SELECT a FROM unnest(${added}::text[]) a WHERE a <> ALL (amr)),
           acr = CASE WHEN ${isFactor}::boolean THEN 'aal2' ELSE acr END,
           mfa_at = CASE WHEN ${isFactor}::boolean THEN ${now}::timestamptz ELSE mfa_at END
     WHERE id = ${sessionId}::uuid AND user_id = ${account.id}::uuid AND revoked_at IS NULL
    RETURNING id, acr, amr, auth_time AS "authTime", created_at AS "createdAt", absolute_expires_at AS "absoluteExpiresAt"`;
  if (!session) return fail('session_revoked');
  scope.touched(account.id, session.id);
  const { id, acr, amr, authTime, createdAt } = session;
  return {
    accessToken: signAccessToken(scope.deps, account, session),
    session: { id, acr, amr, authTime, createdAt, expiresAt: session.absoluteExpiresAt },
  };
}
