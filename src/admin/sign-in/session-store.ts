import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../../foundation/runtime/clock.ts';
import { addSeconds } from '../../foundation/runtime/clock.ts';
import type { Database } from '../../foundation/runtime/database.ts';

export type SessionStage = 'password' | 'enrol' | 'full';

export type AdminSession = {
  id: string;
  /** SHA-256 of the cookie's value, 32 bytes. */
  idHash: Buffer;
  userId: string;
  stage: SessionStage;
  authTime: Date;
  /** When the last factor was given; null without one. */
  factorAt: Date | null;
  idleExpiresAt: Date;
  absoluteExpiresAt: Date;
  /** The grants under which its id was made; null until a page or a factor told them. */
  grantsKey: string | null;
};

export type SessionSummary = { id: string; createdAt: Date; lastUsedAt: Date; userAgent: string | null; ip: string | null };

export type NewSession = { userId: string; stage: SessionStage; ip: string | null; userAgent: string | null; grantsKey?: string | null };

const idleSeconds = 30 * 60;
const absoluteSeconds = 12 * 60 * 60;
/** A session is written back at most so often, so that a list does not cost a write. */
const touchSeconds = 60;

/**
 * Back-office sessions in PostgreSQL: ids of 256 bits, stored hashed, idle 30 minutes, at most 12 hours. `rotate` gives a
 * new id and makes the old one worthless in the same statement.
 */
export type SessionStore = {
  open(session: NewSession): Promise<{ token: string; session: AdminSession }>;
  /** The live session of a cookie value, or null. */
  find(token: string): Promise<AdminSession | null>;
  /** Null when another request rotated or ended it first. */
  rotate(
    session: AdminSession,
    change: { stage?: SessionStage; factorAt?: Date; grantsKey?: string },
  ): Promise<{ token: string; session: AdminSession } | null>;
  touch(session: AdminSession): Promise<void>;
  end(session: AdminSession): Promise<void>;
  list(userId: string): Promise<readonly SessionSummary[]>;
  /** Ends all sessions of a person but one; gives their number. */
  endOthers(userId: string, keepId: string): Promise<number>;
};

export function hashToken(token: string): Buffer<ArrayBuffer> {
  return createHash('sha256').update(token).digest();
}

type SessionRow = Omit<AdminSession, 'idHash' | 'grantsKey'> & { idHash: Uint8Array; data: unknown };

function asSession({ data, idHash, ...row }: SessionRow): AdminSession {
  const grantsKey =
    typeof data === 'object' && data !== null && 'grantsKey' in data && typeof data.grantsKey === 'string' ? data.grantsKey : null;
  return { ...row, idHash: Buffer.from(idHash), grantsKey };
}

/** Being busy never carries a session past its absolute end. */
function idleEnd(now: Date, absoluteEnd: Date): Date {
  const end = addSeconds(now, idleSeconds);
  return end < absoluteEnd ? end : absoluteEnd;
}

function newToken(): string {
  return randomBytes(32).toString('base64url');
}

const columns = {
  id: true,
  idHash: true,
  userId: true,
  stage: true,
  authTime: true,
  factorAt: true,
  idleExpiresAt: true,
  absoluteExpiresAt: true,
  data: true,
} as const;

/** Asked at each request of the back office: prepared once per connection. */
const findText = `
  SELECT id, id_hash AS "idHash", user_id AS "userId", stage::text AS stage, auth_time AS "authTime", factor_at AS "factorAt",
         idle_expires_at AS "idleExpiresAt", absolute_expires_at AS "absoluteExpiresAt", data
    FROM platform.admin_session
   WHERE id_hash = $1 AND revoked_at IS NULL AND idle_expires_at > $2 AND absolute_expires_at > $2`;

export function createSessionStore(database: Database, clock: Clock): SessionStore {
  const { adminSession } = database.prisma;
  const isLive = (now: Date) => ({ revokedAt: null, idleExpiresAt: { gt: now }, absoluteExpiresAt: { gt: now } });
  return {
    async open({ userId, stage, ip, userAgent, grantsKey = null }) {
      const token = newToken();
      const now = clock.now();
      const row = await adminSession.create({
        data: {
          idHash: hashToken(token),
          userId,
          stage,
          ip,
          userAgent,
          data: { grantsKey },
          authTime: now,
          lastUsedAt: now,
          idleExpiresAt: addSeconds(now, idleSeconds),
          absoluteExpiresAt: addSeconds(now, absoluteSeconds),
        },
        select: columns,
      });
      return { token, session: asSession(row) };
    },
    async find(token) {
      const { rows } = await database.pool.query<SessionRow>({
        name: 'admin-find-session',
        text: findText,
        values: [hashToken(token), clock.now()],
      });
      return rows[0] ? asSession(rows[0]) : null;
    },
    async rotate(session, { grantsKey = session.grantsKey, ...change }) {
      const token = newToken();
      const now = clock.now();
      const [row] = await adminSession.updateManyAndReturn({
        where: { idHash: Buffer.from(session.idHash), ...isLive(now) },
        data: {
          ...change,
          data: { grantsKey },
          idHash: hashToken(token),
          lastUsedAt: now,
          idleExpiresAt: idleEnd(now, session.absoluteExpiresAt),
        },
        select: columns,
      });
      return row ? { token, session: asSession(row) } : null;
    },
    async touch(session) {
      const now = clock.now();
      const freshUntil = idleEnd(now, session.absoluteExpiresAt);
      if (freshUntil.getTime() - session.idleExpiresAt.getTime() < touchSeconds * 1000) return;
      await adminSession.updateMany({
        where: { id: session.id, ...isLive(now) },
        data: { lastUsedAt: now, idleExpiresAt: freshUntil },
      });
    },
    async end(session) {
      await adminSession.updateMany({ where: { id: session.id, revokedAt: null }, data: { revokedAt: clock.now() } });
    },
    async list(userId) {
      return adminSession.findMany({
        where: { userId, stage: 'full', ...isLive(clock.now()) },
        select: { id: true, createdAt: true, lastUsedAt: true, userAgent: true, ip: true },
        orderBy: { lastUsedAt: 'desc' },
        take: 50,
      });
    },
    async endOthers(userId, keepId) {
      const now = clock.now();
      const { count } = await adminSession.updateMany({
        where: { userId, id: { not: keepId }, ...isLive(now) },
        data: { revokedAt: now },
      });
      return count;
    },
  };
}
