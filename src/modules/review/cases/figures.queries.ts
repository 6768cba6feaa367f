import type { CommandDeps } from '../../../foundation/command/command.ts';
import type { StaffActor } from '../../../foundation/runtime/actor.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import type { CaseKind } from '../checklists.ts';

type Deps = Pick<CommandDeps, 'database' | 'clock'>;

export type ReviewFigures = {
  /** What waits, by kind; `oldest` is when the one that waits longest was handed in. */
  waiting: { kind: CaseKind; count: number; atRisk: number; breached: number; oldest: Date | null; resubmissions: number }[];
  pendingSecond: number;
  mine: { id: string; kind: CaseKind; title: string | null; until: Date }[];
  /** Decisions of the last 30 days: the reader's own, and everybody's. */
  decisions: { own: DecisionCount; all: DecisionCount };
  /** Of approvals of the last 30 days that were looked at again; null before there was one. */
  overturned: { own: OverturnRate; all: OverturnRate };
  /** Median minutes from being handed in to the decision of each of the last 14 days (UTC), oldest first; null for a day without one. */
  timeToDecision: { day: string; minutes: number | null; count: number }[];
};
export type DecisionCount = { approve: number; reject: number; requestChanges: number };
export type OverturnRate = { looked: number; overturned: number; rate: number | null };

const daySeconds = 86_400;
const month = 30 * daySeconds;

/** Figures of the dashboard. The waiting ones are one pass over an index of what is open. */
export async function reviewFigures(deps: Deps, staff: StaffActor): Promise<ReviewFigures> {
  const { prisma } = deps.database;
  const now = deps.clock.now();
  const from = addSeconds(now, -month);
  const [waiting, pendingSecond, mine, own, all, timeToDecision] = await Promise.all([
    waitingByKind(deps),
    prisma.reviewCase.count({ where: { status: 'pending_second' }, take: 1000 }),
    prisma.reviewCase.findMany({
      where: { claimedBy: staff.id, status: 'claimed' },
      orderBy: { claimExpiresAt: 'asc' },
      select: { id: true, kind: true, title: true, claimExpiresAt: true },
    }),
    decidedSince(deps, from, staff.id),
    decidedSince(deps, from, null),
    minutesByDay(deps),
  ]);
  return {
    waiting,
    pendingSecond,
    mine: mine.flatMap(({ claimExpiresAt, ...one }) => (claimExpiresAt ? [{ ...one, until: claimExpiresAt }] : [])),
    decisions: { own: own.decisions, all: all.decisions },
    overturned: { own: own.overturned, all: all.overturned },
    timeToDecision,
  };
}

function waitingByKind({ database, clock }: Deps): Promise<ReviewFigures['waiting']> {
  const now = clock.now();
  return database.prisma.$queryRaw<ReviewFigures['waiting']>`
    SELECT c.kind::text AS kind, count(*)::int AS count, min(c.created_at) AS oldest,
           count(*) FILTER (WHERE c.sla_risk_at <= ${now}::timestamptz AND c.sla_due_at > ${now}::timestamptz)::int AS "atRisk",
           count(*) FILTER (WHERE c.sla_due_at <= ${now}::timestamptz)::int AS breached,
           count(*) FILTER (WHERE c.round > 1)::int AS resubmissions
      FROM review.review_case c
     WHERE c.status = 'queued' AND c.paused_at IS NULL AND c.sample_of_id IS NULL GROUP BY c.kind ORDER BY c.kind`;
}

type Counted = { approve: number; reject: number; requestChanges: number; looked: number; overturned: number };

async function decidedSince(
  { database }: Deps,
  from: Date,
  staffId: string | null,
): Promise<{ decisions: DecisionCount; overturned: OverturnRate }> {
  const [row] = await database.prisma.$queryRaw<Counted[]>`
    SELECT count(*) FILTER (WHERE c.status = 'approved')::int AS approve,
           count(*) FILTER (WHERE c.status = 'rejected')::int AS reject,
           count(*) FILTER (WHERE c.status = 'changes_requested')::int AS "requestChanges",
           count(s.decision)::int AS looked, count(s.decision) FILTER (WHERE s.decision <> 'approve')::int AS overturned
      FROM review.review_case c
      LEFT JOIN review.review_case s ON s.sample_of_id = c.id AND s.status IN ('approved', 'rejected', 'changes_requested')
     WHERE c.status IN ('approved', 'rejected', 'changes_requested') AND c.sample_of_id IS NULL AND c.decided_at >= ${from}::timestamptz
       AND (${staffId}::uuid IS NULL OR c.decided_by = ${staffId}::uuid)`;
  const { looked = 0, overturned = 0, ...decisions } = row ?? { approve: 0, reject: 0, requestChanges: 0 };
  return { decisions, overturned: { looked, overturned, rate: rateOf(overturned, looked) } };
}

export const rateOf = (part: number, of: number): number | null => (of === 0 ? null : Math.round((part / of) * 1000) / 1000);

const daysShown = 14;

async function minutesByDay({ database, clock }: Deps): Promise<ReviewFigures['timeToDecision']> {
  const today = new Date(Math.floor(clock.now().getTime() / 1000 / daySeconds) * daySeconds * 1000);
  const from = addSeconds(today, -(daysShown - 1) * daySeconds);
  const rows = await database.prisma.$queryRaw<{ day: string; minutes: number; count: number }[]>`
    SELECT to_char(c.decided_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, count(*)::int AS count,
           round(percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM c.decided_at - c.created_at) / 60))::int AS minutes
      FROM review.review_case c
     WHERE c.status IN ('approved', 'rejected', 'changes_requested') AND c.sample_of_id IS NULL AND c.decided_at >= ${from}::timestamptz
     GROUP BY 1`;
  const byDay = new Map(rows.map((row) => [row.day, row]));
  return Array.from({ length: daysShown }, (_, index) => {
    const day = addSeconds(from, index * daySeconds)
      .toISOString()
      .slice(0, 10);
    const found = byDay.get(day);
    return { day, minutes: found?.minutes ?? null, count: found?.count ?? 0 };
  });
}

/** What somebody could take or has to answer: the count beside the side-bar entry. At most 1,000. */
export async function countReviewWaiting({ database }: Deps): Promise<number> {
  const [row] = await database.prisma.$queryRaw<{ count: number }[]>`
    SELECT count(*)::int AS count FROM (SELECT FROM review.review_case WHERE status = 'queued' AND paused_at IS NULL LIMIT 1000) c`;
  return row?.count ?? 0;
}
