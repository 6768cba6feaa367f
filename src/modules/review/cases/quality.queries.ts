import type { CommandDeps } from '../../../foundation/command/command.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { actorNames } from '../../identity/index.ts';
import type { CaseKind } from '../checklists.ts';
import type { CaseDecision } from './case-shapes.ts';
import { type OverturnRate, rateOf } from './figures.queries.ts';

type Deps = Pick<CommandDeps, 'database' | 'clock' | 'keyring' | 'config'>;

export type QualityFigures = {
  /** The share of approvals that is looked at again, in percent. */
  samplePercent: number;
  /** Approvals from here on: the last 30 days. */
  since: Date;
  waiting: number;
  all: OverturnRate;
  byKind: (OverturnRate & { kind: CaseKind })[];
  byReviewer: (OverturnRate & { id: string; name: string; approvals: number })[];
  /** Second looks that came to another answer, the last first. */
  overturned: {
    sampleId: string;
    caseId: string;
    kind: CaseKind;
    title: string | null;
    decision: CaseDecision;
    code: string | null;
    at: Date;
  }[];
  /** Second persons who disagreed, of all who were asked. */
  secondAnswers: { asked: number; disagreed: number; rate: number | null };
  /** Share of each reason among rejections of the last 30 days and of the 90 days before; `drift` is the difference. */
  reasons: { kind: CaseKind; code: string; now: number; before: number; nowShare: number; beforeShare: number; drift: number }[];
};

const daySeconds = 86_400;
/** The same 30 days as on the dashboard; reasons are compared with the 90 days before them. */
const monthSeconds = 30 * daySeconds;
const quarterSeconds = 90 * daySeconds;

/** How good decisions are: second looks, second answers and the drift of reasons (F113). For leads and auditors. */
export async function qualityFigures(deps: Deps): Promise<QualityFigures> {
  const now = deps.clock.now();
  const since = addSeconds(now, -monthSeconds);
  const [waiting, rates, byReviewer, overturned, secondAnswers, reasons] = await Promise.all([
    deps.database.prisma.reviewCase.count({ where: { sampleOfId: { not: null }, status: { in: ['queued', 'claimed'] } }, take: 1000 }),
    ratesByKind(deps, since),
    ratesByReviewer(deps, since),
    lastOverturned(deps, since),
    secondsSince(deps, since),
    reasonDrift(deps, now),
  ]);
  const looked = rates.reduce((sum, one) => sum + one.looked, 0);
  const against = rates.reduce((sum, one) => sum + one.overturned, 0);
  return {
    ...{ samplePercent: deps.config.reviewSamplePercent, since, waiting, byKind: rates, byReviewer, overturned, secondAnswers, reasons },
    all: { looked, overturned: against, rate: rateOf(against, looked) },
  };
}

type Rate = { looked: number; overturned: number };

async function ratesByKind({ database }: Deps, since: Date): Promise<QualityFigures['byKind']> {
  const rows = await database.prisma.$queryRaw<(Rate & { kind: CaseKind })[]>`
    SELECT s.kind::text AS kind, count(*)::int AS looked, count(*) FILTER (WHERE s.decision <> 'approve')::int AS overturned
      FROM review.review_case s JOIN review.review_case c ON c.id = s.sample_of_id
     WHERE s.status IN ('approved', 'rejected', 'changes_requested') AND c.status = 'approved' AND c.decided_at >= ${since}::timestamptz
     GROUP BY s.kind ORDER BY s.kind`;
  return rows.map((row) => ({ ...row, rate: rateOf(row.overturned, row.looked) }));
}

async function ratesByReviewer(deps: Deps, since: Date): Promise<QualityFigures['byReviewer']> {
  const rows = await deps.database.prisma.$queryRaw<(Rate & { id: string; approvals: number })[]>`
    SELECT c.decided_by AS id, count(*)::int AS approvals, count(s.id)::int AS looked,
           count(s.id) FILTER (WHERE s.decision <> 'approve')::int AS overturned
      FROM review.review_case c
      LEFT JOIN review.review_case s ON s.sample_of_id = c.id AND s.status IN ('approved', 'rejected', 'changes_requested')
     WHERE c.status = 'approved' AND c.sample_of_id IS NULL AND c.decided_at >= ${since}::timestamptz AND c.decided_by IS NOT NULL
     GROUP BY c.decided_by ORDER BY overturned DESC, approvals DESC LIMIT 100`;
  const names = await actorNames(
    deps,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => ({ ...row, name: names.get(row.id) ?? 'A former colleague', rate: rateOf(row.overturned, row.looked) }));
}

async function lastOverturned({ database }: Deps, since: Date): Promise<QualityFigures['overturned']> {
  const rows = await database.prisma.reviewCase.findMany({
    where: {
      sampleOfId: { not: null },
      decision: { not: 'approve' },
      status: { in: ['rejected', 'changes_requested'] },
      decidedAt: { gte: since },
    },
    orderBy: [{ decidedAt: 'desc' }, { id: 'desc' }],
    select: { id: true, sampleOfId: true, kind: true, title: true, decision: true, decisionCode: true, decidedAt: true },
    take: 50,
  });
  return rows.flatMap(({ id, sampleOfId, kind, title, decision, decisionCode, decidedAt }) =>
    sampleOfId && decision && decidedAt
      ? [{ sampleId: id, caseId: sampleOfId, kind, title, decision, code: decisionCode, at: decidedAt }]
      : [],
  );
}

/** Counted by answers: a case in which somebody disagreed may have been approved later by two others. */
async function secondsSince({ database }: Deps, since: Date): Promise<QualityFigures['secondAnswers']> {
  const [row] = await database.prisma.$queryRaw<{ asked: number; disagreed: number }[]>`
    SELECT count(*)::int AS asked, count(*) FILTER (WHERE a.value ->> 'decision' <> 'approve')::int AS disagreed
      FROM review.review_case c CROSS JOIN LATERAL jsonb_array_elements(c.answers) AS a (value)
     WHERE c.decided_at >= ${since}::timestamptz AND c.needs_second AND a.value ->> 'part' = 'second'`;
  const { asked, disagreed } = row ?? { asked: 0, disagreed: 0 };
  return { asked, disagreed, rate: rateOf(disagreed, asked) };
}

async function reasonDrift({ database }: Deps, now: Date): Promise<QualityFigures['reasons']> {
  const month = addSeconds(now, -monthSeconds);
  const from = addSeconds(month, -quarterSeconds);
  const rows = await database.prisma.$queryRaw<{ kind: CaseKind; code: string; now: number; before: number }[]>`
    SELECT c.kind::text AS kind, c.decision_code AS code,
           count(*) FILTER (WHERE c.decided_at >= ${month}::timestamptz)::int AS now,
           count(*) FILTER (WHERE c.decided_at < ${month}::timestamptz)::int AS before
      FROM review.review_case c
     WHERE c.status = 'rejected' AND c.sample_of_id IS NULL AND c.decided_at >= ${from}::timestamptz AND c.decision_code IS NOT NULL
     GROUP BY 1, 2 ORDER BY 1, 2`;
  const sum = (kind: CaseKind, when: 'now' | 'before') => rows.reduce((total, row) => total + (row.kind === kind ? row[when] : 0), 0);
  return rows.map((row) => {
    const nowShare = rateOf(row.now, sum(row.kind, 'now')) ?? 0;
    const beforeShare = rateOf(row.before, sum(row.kind, 'before')) ?? 0;
    return { ...row, nowShare, beforeShare, drift: Math.round((nowShare - beforeShare) * 1000) / 1000 };
  });
}
