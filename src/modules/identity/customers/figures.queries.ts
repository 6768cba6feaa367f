import type { VendorStatus } from '@prisma/client';
import type { QueryDeps } from '../query-deps.ts';
import { staffName } from '../staff/staff-record.ts';

const hourMs = 3_600_000;
const countedAtMost = 1_000;

/** Customers who cannot sign in with their password now because of a lock; 1,001 means more than 1,000. */
export async function countLockedAccounts(deps: QueryDeps): Promise<number> {
  const rows = await deps.database.prisma.user.findMany({
    where: { lockedUntil: { gt: deps.clock.now() }, kind: { in: ['client', 'vendor'] } },
    select: { id: true },
    take: countedAtMost + 1,
  });
  return rows.length;
}

export type SignInHour = { at: string; succeeded: number; failed: number };

/** Sign-ins of the last 24 whole hours, oldest first, hours without any included. Challenges are not yet an outcome and not counted. */
export async function signInsByHour(deps: QueryDeps): Promise<SignInHour[]> {
  const thisHour = Math.floor(deps.clock.now().getTime() / hourMs) * hourMs;
  const from = new Date(thisHour - 23 * hourMs);
  const rows = await deps.database.prisma.$queryRaw<{ hour: number; succeeded: number; failed: number }[]>`
    SELECT floor(extract(epoch FROM e.at) / 3600)::int AS hour,
           count(*) FILTER (WHERE e.outcome = 'success')::int AS succeeded,
           count(*) FILTER (WHERE e.outcome IN ('failed', 'blocked'))::int AS failed
      FROM identity.login_event e WHERE e.at >= ${from}::timestamptz GROUP BY 1`;
  const byHour = new Map(rows.map((row) => [row.hour, row]));
  return Array.from({ length: 24 }, (_, index) => {
    const at = from.getTime() + index * hourMs;
    const counted = byHour.get(at / hourMs);
    return { at: new Date(at).toISOString(), succeeded: counted?.succeeded ?? 0, failed: counted?.failed ?? 0 };
  });
}

/** Sign-ins that a lock refused on each of the last 28 days (UTC), oldest first, days without any included. */
export async function blockedSignInsByDay(deps: QueryDeps): Promise<{ day: string; count: number }[]> {
  const from = monthBefore(deps.clock.now());
  const rows = await deps.database.prisma.$queryRaw<{ day: string; count: number }[]>`
    SELECT to_char(e.at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, count(*)::int AS count
      FROM identity.login_event e WHERE e.outcome = 'blocked' AND e.at >= ${from}::timestamptz GROUP BY 1`;
  return wholeMonth(rows, from);
}

/** Grants of staff that end within so many days. */
export async function countExpiringGrants(deps: QueryDeps, days: number): Promise<number> {
  const now = deps.clock.now();
  return deps.database.prisma.staffRoleGrant.count({
    where: { revokedAt: null, expiresAt: { gt: now, lte: new Date(now.getTime() + days * 24 * hourMs) } },
  });
}

/** Names for timelines: staff by their own name, customers by their member id, since a list of actors is no place for names. */
export async function actorNames(deps: QueryDeps, ids: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await deps.database.prisma.user.findMany({
    where: { id: { in: [...new Set(ids)] } },
    select: { id: true, kind: true, displayName: true, memberId: true },
  });
  return new Map(rows.map((row) => [row.id, row.kind === 'staff' ? staffName(row) : row.memberId]));
}

/** The staff whom a lead leads, without the lead. */
export async function teamOf(deps: QueryDeps, leadId: string): Promise<string[]> {
  const rows = await deps.database.prisma.staffProfile.findMany({ where: { managerUserId: leadId }, select: { userId: true } });
  return rows.map((row) => row.userId);
}

/** Whether an account is a customer's or a staff member's; null when there is none. */
export async function accountKind(deps: QueryDeps, userId: string): Promise<'client' | 'vendor' | 'staff' | null> {
  const row = await deps.database.prisma.user.findUnique({ where: { id: userId }, select: { kind: true } });
  return row?.kind ?? null;
}

/** Customers who joined on each of the last 28 days (UTC), oldest first, days without any included. */
export async function signUpsByDay(deps: QueryDeps): Promise<{ day: string; count: number }[]> {
  const from = monthBefore(deps.clock.now());
  const rows = await deps.database.prisma.$queryRaw<{ day: string; count: number }[]>`
    SELECT to_char(u.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, count(*)::int AS count
      FROM identity."user" u WHERE u.created_at >= ${from}::timestamptz AND u.kind <> 'staff' GROUP BY 1`;
  return wholeMonth(rows, from);
}

const dayMs = 24 * hourMs;

/** Midnight (UTC) of the first of the last 28 days. */
function monthBefore(now: Date): Date {
  return new Date(Math.floor(now.getTime() / dayMs) * dayMs - 27 * dayMs);
}

function wholeMonth(rows: readonly { day: string; count: number }[], from: Date): { day: string; count: number }[] {
  const counted = new Map(rows.map((row) => [row.day, row.count]));
  return Array.from({ length: 28 }, (_, index) => {
    const day = new Date(from.getTime() + index * dayMs).toISOString().slice(0, 10);
    return { day, count: counted.get(day) ?? 0 };
  });
}

export async function countVendorsIn(deps: QueryDeps, statuses: readonly VendorStatus[]): Promise<number> {
  return deps.database.prisma.vendor.count({ where: { status: { in: [...statuses] } } });
}
