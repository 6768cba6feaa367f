import type { Session } from '@prisma/client';
import { shownIp } from '../../../foundation/command/action-row.ts';
import { sha256 } from '../../../foundation/crypto/digest.ts';
import { uuidPattern } from '../../../foundation/runtime/new-id.ts';
import { bytesOf } from '../bytes.ts';
import { placeName } from '../history/place.ts';
import type { QueryDeps } from '../query-deps.ts';
import type { Acr } from '../sign-in-shapes.ts';
import { isRefreshTokenForm } from './refresh-token.ts';

/** The session row behind a Bearer call. */
export type LiveSession = { id: string; userId: string; clientId: string; role: 'client' | 'vendor'; acr: Acr; authTime: Date };

/**
 * Null once the session is revoked or over its idle or absolute end, or its owner is not active: read on every call, so a
 * suspension shows at once. One indexed statement.
 */
export async function findLiveSession(deps: QueryDeps, sessionId: string): Promise<LiveSession | null> {
  // A token that we signed may still name what is no session at all.
  if (!uuidPattern.test(sessionId)) return null;
  const now = deps.clock.now();
  const [row] = await deps.database.prisma.$queryRaw<LiveSession[]>`
    SELECT s.id, s.user_id AS "userId", s.client_id AS "clientId", u.kind::text AS role, s.acr, s.auth_time AS "authTime"
      FROM identity.session s JOIN identity."user" u ON u.id = s.user_id
     WHERE s.id = ${sessionId}::uuid AND s.surface = 'api' AND s.revoked_at IS NULL AND u.status = 'active' AND u.kind <> 'staff'
       AND s.idle_expires_at > ${now}::timestamptz AND s.absolute_expires_at > ${now}::timestamptz`;
  return row ?? null;
}

export type SessionItem = {
  id: string;
  current: boolean;
  clientId: string;
  deviceLabel: string | null;
  browser: string | null;
  os: string | null;
  place: string;
  ip: string | null;
  acr: Acr;
  createdAt: Date;
  lastSeenAt: Date;
  expiresAt: Date;
};

/** The live API sessions of a person, last used first; never a token. At most as many as a person may have. */
export async function listSessions(deps: QueryDeps, userId: string, currentSessionId: string | null): Promise<SessionItem[]> {
  const now = deps.clock.now();
  const rows = await deps.database.prisma.session.findMany({
    where: { userId, surface: 'api', revokedAt: null, idleExpiresAt: { gt: now }, absoluteExpiresAt: { gt: now } },
    orderBy: [{ lastUsedAt: 'desc' }, { id: 'desc' }],
    take: deps.config.sessionMax,
  });
  return rows.map((row) => sessionItem(row, currentSessionId));
}

function sessionItem(row: Session, currentSessionId: string | null): SessionItem {
  return {
    id: row.id,
    current: row.id === currentSessionId,
    clientId: row.clientId,
    deviceLabel: row.deviceName,
    browser: row.browser,
    os: row.os,
    place: placeName(row.countryCode),
    ip: shownIp(row.lastIp ?? row.ip, 'truncated'),
    acr: row.acr === 'aal2' ? 'aal2' : 'aal1',
    createdAt: row.createdAt,
    lastSeenAt: row.lastUsedAt,
    expiresAt: row.absoluteExpiresAt,
  };
}

/** RFC 7662 answer for a live refresh token; members are named as they go on the wire. */
export type RefreshIntrospection = {
  sub: string;
  sid: string;
  client_id: string;
  iss: string;
  aud: string;
  iat: number;
  exp: number;
  jti: string;
  auth_time: number;
  acr: Acr;
  amr: readonly string[];
  roles: readonly string[];
  token_type: 'refresh_token';
};

/** Null for a token that would not refresh now: unknown, used, or of a session that ended. Consumes nothing. */
export async function introspectRefresh(deps: QueryDeps, token: string): Promise<RefreshIntrospection | null> {
  if (!isRefreshTokenForm(token)) return null;
  const found = await deps.database.prisma.refreshToken.findUnique({
    where: { tokenHash: bytesOf(sha256(token)) },
    include: { session: true },
  });
  const live = found && found.consumedAt === null ? await findLiveSession(deps, found.sessionId) : null;
  if (!found || !live) return null;
  const { session } = found;
  return {
    sub: live.userId,
    sid: live.id,
    client_id: live.clientId,
    iss: deps.config.jwtIssuer,
    aud: deps.config.jwtAudience,
    iat: unixSeconds(found.createdAt),
    exp: unixSeconds(session.idleExpiresAt),
    jti: found.id,
    auth_time: unixSeconds(live.authTime),
    acr: live.acr,
    amr: session.amr,
    roles: [live.role],
    token_type: 'refresh_token',
  };
}

const unixSeconds = (at: Date) => Math.floor(at.getTime() / 1000);
