import type { CommandScope } from '../../../foundation/command/command.ts';
import { sha256 } from '../../../foundation/crypto/digest.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import { shownIp } from '../../../foundation/runtime/shown-ip.ts';
import { type AccountRow, factorsOf } from '../account.ts';
import { deviceLabelOf } from '../device-label.ts';
import { recordLogin } from '../history/login-event.ts';
import { placeOf } from '../history/place.ts';
import { readSignInHistory } from '../history/sign-in-history.ts';
import { rememberDevice } from '../known-device.ts';
import { openChallenge } from '../mfa-challenge.ts';
import type { SignInPermit } from '../permit.ts';
import type { Amr, ClientRef, DeviceRef, SignInOutcome } from '../sign-in-shapes.ts';
import { issueTokens } from './issue-tokens.ts';
import { newRefreshToken } from './refresh-token.ts';

export type SignIn = {
  /** Locked in this transaction. */
  account: AccountRow;
  method: 'password' | 'otp' | 'google' | 'passkey';
  /** What has been proved, the second factor included. */
  amr: readonly Amr[];
  /** True after a second factor, or a passkey with user verification: nothing more is asked. */
  isSecondFactorDone: boolean;
  /** Skip the second factor here for 30 days; only after one was given. */
  isDeviceTrusted?: boolean;
  permit: SignInPermit;
  identifierBidx: Uint8Array | null;
  client: ClientRef;
  device: DeviceRef;
  /** A sign-up: the first device is not news to its owner. */
  isFirst?: boolean;
  /** The link flow that this sign-in proves; a challenge carries it to the second factor. */
  linkFlowId?: string;
};

/**
 * The only maker of customer sessions (auth-api.md P6). Decides the second factor, remembers the device, evicts what is
 * over the limit, writes session, first refresh token and login event, queues the notices. Never adopts a presented id.
 */
export async function issueSession(scope: CommandScope, signIn: SignIn): Promise<SignInOutcome> {
  const { account } = signIn;
  if (account.kind === 'staff') throw new Error('Staff never get an API session');
  const presented = signIn.device.token ? scope.deps.keyring.deviceToken.read(signIn.device.token) : null;
  const deviceId = presented?.deviceId ?? newId();
  const history = await readSignInHistory(scope, account.id, deviceId);
  // A token that does not name the person was given out before they signed in there: its holder never saw their second factor.
  const isListed = presented?.userIds.includes(account.id) ?? false;
  const isTrustedDevice = isListed && history.mfaTrustedUntil !== null && history.mfaTrustedUntil > scope.now;
  const methods = factorsOf(account);
  if (methods.length > 0 && !signIn.isSecondFactorDone && !isTrustedDevice) {
    return openChallenge(scope, { ...signIn, methods, deviceId: presented?.deviceId ?? null, history });
  }

  await noteSignIn(scope, account.id);
  const session = await insertSession(scope, signIn, deviceId);
  await rememberDevice(scope, { userId: account.id, deviceId, isTrusted: signIn.isDeviceTrusted === true });
  await recordLogin(scope, {
    userId: account.id,
    identifierBidx: signIn.identifierBidx,
    method: signIn.method,
    outcome: 'success',
    reasonCode: null,
    trace: signIn.permit.trace,
    deviceId,
    history,
    isNewDevice: history.firstSeenAt === null,
    isFirst: signIn.isFirst === true,
    sessionId: session.id,
  });
  scope.touched(account.id, session.id);
  // From here on the request is the person's: the action row names who signed in.
  scope.context.actor = { kind: account.kind, id: account.id, sessionId: session.id, acr: session.acr, authTime: session.authTime };
  const deviceToken = isListed ? null : scope.deps.keyring.deviceToken.issue(deviceId, [...(presented?.userIds ?? []), account.id]);
  return { kind: 'tokens', tokens: { ...issueTokens(scope.deps, account, session), refreshToken: session.refreshToken, deviceToken } };
}

/**
 * Counts the sign-in, clears what staff see of earlier failures, and ends what is over the limit of sessions, the one idle
 * longest first. The account is locked, so two parallel sign-ins cannot both leave the limit exceeded.
 */
async function noteSignIn(scope: CommandScope, userId: string): Promise<void> {
  const evicted = await scope.tx.$queryRaw<{ id: string }[]>`
    WITH noted AS (
      UPDATE identity."user" SET last_login_at = ${scope.now}::timestamptz, login_count = login_count + 1,
             failed_logins = 0, failed_consecutive = 0, locked_until = NULL, lock_level = 0
       WHERE id = ${userId}::uuid
    )
    UPDATE identity.session SET revoked_at = ${scope.now}::timestamptz, revoked_reason = 'evicted', updated_at = ${scope.now}::timestamptz
     WHERE id IN (SELECT id FROM identity.session
                   WHERE user_id = ${userId}::uuid AND surface = 'api' AND revoked_at IS NULL
                     AND idle_expires_at > ${scope.now}::timestamptz AND absolute_expires_at > ${scope.now}::timestamptz
                   ORDER BY last_used_at DESC, id DESC OFFSET ${scope.deps.config.sessionMax - 1}::int)
    RETURNING id`;
  if (evicted.length === 0) return;
  const sessionIds = evicted.map((row) => row.id);
  scope.touched(...sessionIds);
  scope.emit({ name: 'identity.session.revoked', aggregateId: userId, payload: { userId, sessionIds, reason: 'evicted' } });
}

async function insertSession(scope: CommandScope, signIn: SignIn, deviceId: string) {
  const { deps, now, context } = scope;
  const label = deviceLabelOf(context.userAgent);
  const ip = shownIp(context.ip, deps.config.auditIpMode);
  const refreshToken = newRefreshToken();
  const acr = signIn.isSecondFactorDone ? 'aal2' : 'aal1';
  const session = {
    id: newId(),
    createdAt: now,
    amr: [...signIn.amr],
    acr,
    authTime: now,
    idleExpiresAt: addSeconds(now, Math.min(deps.config.sessionIdleSeconds, deps.config.sessionAbsoluteSeconds)),
    absoluteExpiresAt: addSeconds(now, deps.config.sessionAbsoluteSeconds),
  } as const;
  // Session and first token in one plain statement: each of the client's own inserts costs as much as all the rest of a sign-in.
  await scope.tx.$executeRaw`
    WITH session AS (
      INSERT INTO identity.session (id, created_at, updated_at, user_id, surface, client_id, amr, acr, auth_time, mfa_at, device_id, device_name,
                                    browser, os, ip, last_ip, country_code, last_used_at, last_refresh_seq, idle_expires_at, absolute_expires_at)
      VALUES (${session.id}::uuid, ${now}::timestamptz, ${now}::timestamptz, ${signIn.account.id}::uuid, 'api', ${signIn.client.clientId},
              ${session.amr}::text[], ${acr}, ${now}::timestamptz, ${signIn.isSecondFactorDone ? now : null}::timestamptz, ${deviceId}::uuid,
              ${label.name}, ${label.browser}, ${label.os}, ${ip}::inet, ${ip}::inet, ${placeOf(deps.config, context.ip).country},
              ${now}::timestamptz, 1, ${session.idleExpiresAt}::timestamptz, ${session.absoluteExpiresAt}::timestamptz)
    )
    INSERT INTO identity.refresh_token (id, created_at, updated_at, session_id, seq, token_hash)
    VALUES (${newId()}::uuid, ${now}::timestamptz, ${now}::timestamptz, ${session.id}::uuid, 1, ${sha256(refreshToken)})`;
  return { ...session, refreshToken };
}
