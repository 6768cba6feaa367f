import { Prisma } from '@prisma/client';
import { z } from 'zod';
import { type CommandDeps, type CommandScope, defineCommand, type Refusal } from '../../../foundation/command/command.ts';
import { isEqualConstantTime, sha256 } from '../../../foundation/crypto/digest.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import { scaledLimit } from '../../../foundation/runtime/rate-bucket.ts';
import { shownIp } from '../../../foundation/runtime/shown-ip.ts';
import { type AccountRow, accountColumns, accountJoins } from '../account.ts';
import { recordLogin } from '../history/login-event.ts';
import { refused } from '../history/rule-trace.ts';
import { callerFields, type IssuedTokens } from '../sign-in-shapes.ts';
import { endSessions } from './end-sessions.ts';
import { issueTokens } from './issue-tokens.ts';
import { isRefreshTokenForm, newRefreshToken } from './refresh-token.ts';

const input = z.object({ refreshToken: z.string(), ...callerFields });
type Input = z.infer<typeof input>;

/** One row: the presented token, its session, its owner, and whether this call was its first use. */
type Presented = AccountRow & {
  isFirstUse: boolean;
  isSuccessorUsed: boolean | null;
  isOverRate: boolean;
  consumedAt: Date | null;
  usedByClient: string | null;
  usedOnDevice: Uint8Array | null;
  successorBox: Uint8Array | null;
  successorUntil: Date | null;
  sessionId: string;
  clientId: string;
  acr: 'aal1' | 'aal2';
  amr: string[];
  authTime: Date;
  mfaAt: Date | null;
  sessionCreatedAt: Date;
  idleExpiresAt: Date;
  absoluteExpiresAt: Date;
  revokedAt: Date | null;
};

/** First uses per session and minute (auth-api.md 2.4); over it nothing is consumed. */
const perMinute = 60;

/**
 * Rotates a refresh token; rule P8 of auth-api.md, clause by clause. One statement consumes the parent P under its row
 * lock, writes the successor C sealed under P, and moves the idle end; so of any number of parallel calls one consumes and
 * all others find C in the row they waited for.
 * @throws AppError 401 `refresh_token_invalid`, `refresh_token_expired`, `refresh_token_reused`, `session_revoked`, 403 `account_suspended`, 429 `rate_limited`
 */
export const refreshSession = defineCommand<Input, { tokens: IssuedTokens }>({
  name: 'refresh-session',
  resource: 'session',
  access: 'public',
  input,
  isIdempotent: false,
  async run(scope, body) {
    const parent = body.refreshToken;
    if (!isRefreshTokenForm(parent)) return { refused: 'refresh_token_invalid' };
    const device = body.device.token ? scope.deps.keyring.deviceToken.read(body.device.token) : null;
    const use: Use = { clientId: body.client.clientId, deviceHash: device ? sha256(device.deviceId) : null, successor: newRefreshToken() };
    const presented = await consume(scope, parent, use);
    if (!presented) return { refused: 'refresh_token_invalid' };
    scope.touched(presented.sessionId);
    if (presented.isFirstUse) return tokensOf(scope, presented, use.successor, scope.now);
    return presented.consumedAt ? replay(scope, presented, parent, use) : refuseUnused(scope, presented, use);
  },
});

type Use = { clientId: string; deviceHash: Buffer | null; successor: string };

async function consume(scope: CommandScope, parent: string, use: Use): Promise<Presented | null> {
  const { now, deps } = scope;
  const { config, keyring } = deps;
  const box = keyring.sealWith(parent, use.successor);
  const limit = scaledLimit(perMinute, config.rateLimitScale);
  const [row] = await scope.tx.$queryRaw<Presented[]>(Prisma.sql`
    WITH presented AS (
      SELECT t.id, t.seq, t.session_id, t.consumed_at, t.client_id AS used_by_client, t.device_hash, t.successor_box, t.successor_until,
             s.user_id, s.client_id, s.acr, s.amr, s.auth_time, s.mfa_at, s.created_at, s.idle_expires_at, s.absolute_expires_at, s.revoked_at,
             EXISTS (SELECT 1 FROM identity.refresh_token r WHERE r.session_id = t.session_id AND r.seq = t.seq - ${limit}::int
                        AND r.consumed_at > ${now}::timestamptz - interval '60 seconds') AS is_over_rate
        FROM identity.refresh_token t JOIN identity.session s ON s.id = t.session_id
       WHERE t.token_hash = ${sha256(parent)}
         FOR UPDATE OF t
    ), consumed AS (
      UPDATE identity.refresh_token t
         SET consumed_at = ${now}::timestamptz, updated_at = ${now}::timestamptz, client_id = ${use.clientId}, device_hash = ${use.deviceHash},
             successor_box = ${box}, successor_until = ${addSeconds(now, config.refreshGraceSeconds)}::timestamptz
        FROM presented p
       WHERE t.id = p.id AND t.consumed_at IS NULL AND p.client_id = ${use.clientId} AND p.revoked_at IS NULL AND NOT p.is_over_rate
         AND p.idle_expires_at > ${now}::timestamptz AND p.absolute_expires_at > ${now}::timestamptz
         AND EXISTS (SELECT 1 FROM identity."user" a WHERE a.id = p.user_id AND a.status = 'active')
      RETURNING t.session_id, t.seq
    ), successor AS (
      INSERT INTO identity.refresh_token (id, created_at, updated_at, session_id, seq, token_hash)
      SELECT ${newId()}::uuid, ${now}::timestamptz, ${now}::timestamptz, session_id, seq + 1, ${sha256(use.successor)} FROM consumed
    ), moved AS (
      UPDATE identity.session s
         SET last_used_at = ${now}::timestamptz, updated_at = ${now}::timestamptz, last_ip = ${shownIp(scope.context.ip, config.auditIpMode)}::inet, last_refresh_seq = c.seq + 1,
             idle_expires_at = LEAST(${addSeconds(now, config.sessionIdleSeconds)}::timestamptz, s.absolute_expires_at),
             acr = CASE WHEN s.acr = 'aal2' AND s.mfa_at > ${addSeconds(now, -config.acrDecaySeconds)}::timestamptz THEN 'aal2' ELSE 'aal1' END
        FROM consumed c WHERE s.id = c.session_id
      RETURNING s.id, s.acr, s.idle_expires_at
    )
    SELECT ${accountColumns},
           (moved.id IS NOT NULL) AS "isFirstUse", p.is_over_rate AS "isOverRate",
           (SELECT n.consumed_at IS NOT NULL FROM identity.refresh_token n WHERE n.session_id = p.session_id AND n.seq = p.seq + 1) AS "isSuccessorUsed",
           p.consumed_at AS "consumedAt", p.used_by_client AS "usedByClient", p.device_hash AS "usedOnDevice",
           p.successor_box AS "successorBox", p.successor_until AS "successorUntil", p.session_id AS "sessionId", p.client_id AS "clientId",
           COALESCE(moved.acr, p.acr) AS acr, p.amr, p.auth_time AS "authTime", p.mfa_at AS "mfaAt", p.created_at AS "sessionCreatedAt",
           COALESCE(moved.idle_expires_at, p.idle_expires_at) AS "idleExpiresAt", p.absolute_expires_at AS "absoluteExpiresAt", p.revoked_at AS "revokedAt"
      FROM presented p JOIN identity."user" u ON u.id = p.user_id ${accountJoins} LEFT JOIN moved ON true`);
  return row ?? null;
}

/** A token that nobody used yet, and that may not be used now: says why, consumes nothing. */
async function refuseUnused(scope: CommandScope, presented: Presented, use: Use): Promise<Refusal> {
  if (presented.clientId !== use.clientId) return refuseWithEvent(scope, presented, 'refresh_token_invalid', 'other_client');
  if (presented.status === 'suspended') return refuseWithEvent(scope, presented, 'account_suspended', 'account_suspended');
  if (presented.revokedAt || presented.status !== 'active') return { refused: 'session_revoked' };
  if (presented.isOverRate) {
    const limit = { name: 'refresh-session', limit: scaledLimit(perMinute, scope.deps.config.rateLimitScale), windowSeconds: 60 };
    return { refused: 'rate_limited', details: { retryAfterSeconds: limit.windowSeconds, limit } };
  }
  return { refused: 'refresh_token_expired' };
}

/** P again: the same C within the grace, for the same client and device, while C is unused; otherwise the family ends. */
async function replay(scope: CommandScope, presented: Presented, parent: string, use: Use): Promise<{ tokens: IssuedTokens } | Refusal> {
  if (presented.revokedAt) return { refused: 'session_revoked' };
  const isGraced =
    presented.usedByClient === use.clientId &&
    isSameDevice(presented.usedOnDevice, use.deviceHash) &&
    presented.successorUntil !== null &&
    presented.successorUntil >= scope.now &&
    presented.isSuccessorUsed !== true;
  const successor = isGraced && presented.successorBox ? scope.deps.keyring.openWith(parent, presented.successorBox) : null;
  if (successor === null) return endFamily(scope, presented);
  if (presented.status === 'suspended') return { refused: 'account_suspended' };
  if (presented.status !== 'active' || presented.absoluteExpiresAt <= scope.now) return { refused: 'refresh_token_expired' };
  return tokensOf(scope, presented, successor, presented.consumedAt ?? scope.now);
}

/** Compared only when both uses carried a device token; otherwise the client decides (auth-api.md 1.9). */
function isSameDevice(first: Uint8Array | null, now: Uint8Array | null): boolean {
  return first === null || now === null || isEqualConstantTime(first, now);
}

async function endFamily(scope: CommandScope, presented: Presented): Promise<Refusal> {
  const userId = presented.id;
  const { sessionId } = presented;
  await endSessions(scope, { sessionIds: [sessionId], userId, reason: 'refresh_reused' });
  scope.emit({ name: 'identity.refresh.reused', aggregateId: userId, payload: { userId, sessionId } });
  return refuseWithEvent(scope, presented, 'refresh_token_reused', 'refresh_token_reused');
}

async function refuseWithEvent(
  scope: CommandScope,
  presented: Presented,
  code: 'refresh_token_invalid' | 'refresh_token_reused' | 'account_suspended',
  reasonCode: string,
): Promise<Refusal> {
  await recordLogin(scope, {
    userId: presented.id,
    identifierBidx: null,
    method: 'refresh',
    outcome: 'failed',
    reasonCode,
    trace: [refused(reasonCode)],
    sessionId: presented.sessionId,
  });
  return { refused: code };
}

function tokensOf(scope: CommandScope, presented: Presented, refreshToken: string, usedAt: Date): { tokens: IssuedTokens } {
  const { deps } = scope;
  if (presented.kind === 'staff') throw new Error('Staff have no refresh tokens');
  scope.context.actor = {
    kind: presented.kind,
    id: presented.id,
    sessionId: presented.sessionId,
    acr: presented.acr,
    authTime: presented.authTime,
  };
  const issued = issueTokens(deps, presented, {
    id: presented.sessionId,
    createdAt: presented.sessionCreatedAt,
    amr: presented.amr,
    acr: presented.acr,
    authTime: presented.authTime,
    idleExpiresAt: idleEndOf(deps, usedAt),
    absoluteExpiresAt: presented.absoluteExpiresAt,
  });
  return { tokens: { ...issued, refreshToken, deviceToken: null } };
}

/** Counted from the first use: a replay extends nothing. */
const idleEndOf = (deps: CommandDeps, usedAt: Date) => addSeconds(usedAt, deps.config.sessionIdleSeconds);
