import { z } from 'zod';
import { type CommandDeps, type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { sha256 } from '../../../foundation/crypto/digest.ts';
import { randomToken } from '../../../foundation/crypto/random-token.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import { type RateDecision, scaledLimit, takeToken } from '../../../foundation/runtime/rate-bucket.ts';
import type { RequestContext } from '../../../foundation/runtime/request-context.ts';
import { type AccountRow, factorsOf, findAccount, lockAccount } from '../account.ts';
import { bytesOf } from '../bytes.ts';
import { type Contact, contactOf } from '../contact.ts';
import { parseEmail } from '../email.ts';
import { recordLogin } from '../history/login-event.ts';
import { passed, type RuleStep, refused } from '../history/rule-trace.ts';
import { readSignInHistory } from '../history/sign-in-history.ts';
import { rememberDevice } from '../known-device.ts';
import { limitAddress } from '../limit-address.ts';
import { noteFailure } from '../login-failure.ts';
import { type LoginReservation, reserveLogin, settleSuccess, settleUnmade } from '../login-guard.ts';
import { challengeSeconds } from '../mfa-challenge.ts';
import { mayEnter } from './staff-account.ts';

const input = z.object({ email: z.string(), password: z.string(), deviceToken: z.string().nullable() });
type Input = z.infer<typeof input>;

/** `needs` is the next step; `none` only outside strict production. `deviceToken` only when newly issued. */
export type StaffSignedIn = { userId: string; needs: 'mfa' | 'enrol' | 'none'; deviceToken?: string };

type Verified = {
  contact: Contact | null;
  account: AccountRow | null;
  reservation: LoginReservation;
  deviceId: string | null;
  isMatch: boolean;
  comparedHash: string | null;
};

/**
 * First factor of the back office. Unknown, customer, disabled and foreign-network accounts and wrong passwords take one
 * comparison and give one answer; the counters are those of P9, with the address limit of 20 a minute asked here.
 * @throws AppError 401 `invalid_credentials`, 429 `rate_limited`, 503 `overloaded`
 */
export const signInStaff = defineCommand<Input, StaffSignedIn, Verified>({
  name: 'sign-in-staff',
  resource: 'auth',
  access: 'public',
  input,
  isIdempotent: false,
  prepare,
  async run(scope, body, _loaded, verified) {
    const { reservation, contact } = verified;
    const userId = verified.account?.id ?? null;
    const attempt = {
      userId,
      identifierBidx: contact?.bidx ?? null,
      deviceId: verified.deviceId,
      method: 'password',
      trace: reservation.trace,
    } as const;
    if (!reservation.isAllowed) {
      await recordLogin(scope, { ...attempt, outcome: 'blocked', reasonCode: 'rate_limited' });
      return { refused: 'rate_limited', details: { retryAfterSeconds: reservation.retryAfterSeconds } };
    }
    const account = userId ? await lockAccount(scope.tx, { userId }) : null;
    const isRight = verified.isMatch && account !== null && account.passwordHash === verified.comparedHash;
    const isClosed = account !== null && (account.passwordDisabled || reservation.isPasswordDisabled);
    const isOpen = await mayEnter(scope.tx, account, scope.context.ip);
    if (!isRight || isClosed || !isOpen) {
      await noteFailure(scope, userId, reservation);
      const step = isRight ? refused(isClosed ? 'password_disabled' : 'account_closed') : refused('password');
      await recordLogin(scope, { ...attempt, trace: [...reservation.trace, step], outcome: 'failed', reasonCode: 'invalid_credentials' });
      return { refused: 'invalid_credentials' };
    }
    return admit(scope, { account, contact, deviceToken: body.deviceToken, trace: [...reservation.trace, passed('password')] });
  },
});

/** A different address than the API's limiter: the two doors do not share their counts. */
const perAddress = (deps: CommandDeps) => scaledLimit(20, deps.config.rateLimitScale);

async function prepare(deps: CommandDeps, body: Input, context: RequestContext): Promise<Verified> {
  const parsed = parseEmail(body.email);
  const contact = parsed.ok ? contactOf(deps, { kind: 'email', value: parsed.value }) : null;
  const found = contact ? await findAccount(deps.database.prisma, { kind: 'email', bidx: contact.bidx }) : null;
  const account = found?.kind === 'staff' ? found : null;
  const device = body.deviceToken ? deps.keyring.deviceToken.read(body.deviceToken) : null;
  const base = { contact, account, deviceId: device?.deviceId ?? null, isMatch: false, comparedHash: account?.passwordHash ?? null };
  const address = limitAddress(context.ip);
  const perIp = await takeToken(
    deps.database.pool,
    { name: 'staff-sign-in-address', key: address ?? '-', limit: perAddress(deps), windowSeconds: 60 },
    deps.clock.now(),
  );
  if (!perIp.isAllowed) return { ...base, reservation: blockedByAddress(perIp) };
  const reservation = await reserveLogin(deps, {
    ip: address,
    identifierKey: contact?.limitKey ?? deps.keyring.keyedHash('identifier-limit', body.email).toString('base64url'),
    identifierBidx: contact?.bidx ?? null,
    userId: account?.id ?? null,
    device,
  });
  if (!reservation.isAllowed) return { ...base, reservation };
  try {
    const { isMatch } = await deps.hasher.verify(body.password, base.comparedHash);
    const isOpen = isMatch && (await mayEnter(deps.database.prisma, account, context.ip));
    if (isOpen && !reservation.isPasswordDisabled && !account?.passwordDisabled) await settleSuccess(deps, reservation);
    return { ...base, reservation, isMatch };
  } catch (error) {
    await settleUnmade(deps, reservation);
    throw error;
  }
}

function blockedByAddress(limit: RateDecision): LoginReservation {
  return { isAllowed: false, bucket: 'strangers', retryAfterSeconds: limit.resetSeconds, limit, own: null, trace: [refused('address')] };
}

type Admission = { account: AccountRow; contact: Contact | null; deviceToken: string | null; trace: readonly RuleStep[] };

async function admit(scope: CommandScope, { account, contact, deviceToken, trace }: Admission): Promise<StaffSignedIn> {
  const needs = factorsOf(account).length > 0 ? 'mfa' : scope.deps.config.mode === 'production' ? 'enrol' : 'none';
  const presented = deviceToken ? scope.deps.keyring.deviceToken.read(deviceToken) : null;
  const deviceId = presented?.deviceId ?? newId();
  const isListed = presented?.userIds.includes(account.id) ?? false;
  if (needs === 'none') await completeStaffSignIn(scope, { account, deviceId, trace });
  else await openStaffChallenge(scope, { account, deviceId, contact, trace, needs });
  scope.touched(account.id);
  return {
    userId: account.id,
    needs,
    ...(isListed ? {} : { deviceToken: scope.deps.keyring.deviceToken.issue(deviceId, [...(presented?.userIds ?? []), account.id]) }),
  };
}

async function openStaffChallenge(
  scope: CommandScope,
  step: { account: AccountRow; deviceId: string; contact: Contact | null; trace: readonly RuleStep[]; needs: 'mfa' | 'enrol' },
): Promise<void> {
  await scope.tx.mfaChallenge.createMany({
    data: {
      id: newId(),
      createdAt: scope.now,
      tokenHash: bytesOf(sha256(randomToken(32))),
      userId: step.account.id,
      surface: 'admin',
      clientId: 'admin',
      deviceId: step.deviceId,
      amr: ['pwd'],
      methods: step.needs === 'mfa' ? factorsOf(step.account) : ['totp', 'passkey'],
      // An enrolment takes longer than a code.
      expiresAt: addSeconds(scope.now, step.needs === 'mfa' ? challengeSeconds : 2 * challengeSeconds),
      ip: scope.context.ip,
    },
  });
  await recordLogin(scope, {
    userId: step.account.id,
    identifierBidx: step.contact?.bidx ?? null,
    method: 'password',
    outcome: 'challenged',
    reasonCode: step.needs === 'mfa' ? 'mfa_required' : 'enrolment_required',
    trace: step.trace,
    deviceId: step.deviceId,
  });
}

/** The sign-in is complete: device, counters, login event and, for a device never seen, the notice. */
export async function completeStaffSignIn(
  scope: CommandScope,
  done: { account: AccountRow; deviceId: string; trace: readonly RuleStep[] },
): Promise<void> {
  const { account, deviceId, trace } = done;
  const history = await readSignInHistory(scope, account.id, deviceId);
  await rememberDevice(scope, { userId: account.id, deviceId, isTrusted: false });
  await scope.tx.user.updateMany({
    where: { id: account.id },
    data: { lastLoginAt: scope.now, loginCount: { increment: 1 }, failedLogins: 0, failedConsecutive: 0, lockedUntil: null, lockLevel: 0 },
  });
  await recordLogin(scope, {
    userId: account.id,
    identifierBidx: null,
    method: 'password',
    outcome: 'success',
    reasonCode: null,
    trace,
    deviceId,
    history,
    // The first device of all is no news: it is the one the account was set up on.
    isNewDevice: history.hasDevices && history.firstSeenAt === null,
  });
}
