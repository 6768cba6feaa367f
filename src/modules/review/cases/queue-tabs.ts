import { z } from 'zod';
import type { Tx } from '../../../foundation/runtime/database.ts';
import type { QueueTab } from './case-shapes.ts';

/** Where a page ended: the sort keys of its last line. */
export const positionShape = z.object({ id: z.uuid(), at: z.string(), priority: z.number().int(), riskScore: z.number().int() });
export type Position = z.infer<typeof positionShape>;

type Asked = { tab: QueueTab; staffId: string; seesAll: boolean; after: Position | null; limit: number };

/** The lines of a tab after a position, in the order of the tab; each from the front of an index. */
export function idsOfTab(prisma: Tx, asked: Asked): Promise<Position[]> {
  switch (asked.tab) {
    case 'new':
      return waiting(prisma, asked);
    case 'mine':
      return mine(prisma, asked);
    case 'changes_requested':
      return sentBack(prisma, asked);
    case 'second':
      return second(prisma, asked);
    case 'done':
      return done(prisma, asked);
    default:
      return asked.tab satisfies never;
  }
}

/** The order of "Take next": its two halves, each in that order, put together. */
async function waiting(prisma: Tx, { after, limit }: Asked): Promise<Position[]> {
  const from = after ?? start;
  const half = (needsLead: boolean) => prisma.$queryRaw<Position[]>`
    SELECT c.id, c.sla_due_at::text AS at, c.priority, c.risk_score AS "riskScore" FROM review.review_case c
     WHERE c.status = 'queued' AND c.paused_at IS NULL AND c.needs_lead = ${needsLead} AND c.sample_of_id IS NULL
       AND c.priority <= ${from.priority}
       AND (c.priority < ${from.priority} OR c.sla_due_at > ${from.at}::timestamptz
         OR (c.sla_due_at = ${from.at}::timestamptz
           AND (c.risk_score < ${from.riskScore} OR (c.risk_score = ${from.riskScore} AND c.id > ${from.id}::uuid))))
     ORDER BY c.priority DESC, c.sla_due_at, c.risk_score DESC, c.id LIMIT ${limit}`;
  const both = [...(await half(false)), ...(await half(true))];
  return both.toSorted(inOrder).slice(0, limit);
}

const start: Position = { id: '00000000-0000-0000-0000-000000000000', at: '-infinity', priority: 101, riskScore: 101 };

function inOrder(a: Position, b: Position): number {
  return b.priority - a.priority || compare(a.at, b.at) || b.riskScore - a.riskScore || compare(a.id, b.id);
}

/** Times in UTC as PostgreSQL writes them sort as texts, whatever their digits. */
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function mine(prisma: Tx, { staffId, after, limit }: Asked): Promise<Position[]> {
  if (after) return Promise.resolve([]);
  return prisma.$queryRaw<Position[]>`
    SELECT c.id, c.claim_expires_at::text AS at, c.priority, c.risk_score AS "riskScore" FROM review.review_case c
     WHERE c.status = 'claimed' AND c.claimed_by = ${staffId}::uuid ORDER BY c.claim_expires_at, c.id LIMIT ${limit}`;
}

/** What waits for the vendor: sent back, and not handed in again since. */
function sentBack(prisma: Tx, { after, limit }: Asked): Promise<Position[]> {
  const [at, id] = [after?.at ?? 'infinity', after?.id ?? start.id];
  return prisma.$queryRaw<Position[]>`
    SELECT c.id, c.created_at::text AS at, c.priority, c.risk_score AS "riskScore" FROM review.review_case c
     WHERE c.status = 'changes_requested' AND c.created_at <= ${at}::timestamptz
       AND (c.created_at < ${at}::timestamptz OR c.id > ${id}::uuid)
       AND NOT EXISTS (SELECT FROM review.review_case l WHERE l.subject_id = c.subject_id AND l.kind = c.kind AND l.round > c.round)
     ORDER BY c.created_at DESC, c.id LIMIT ${limit}`;
}

/** What waits for a second person, then the samples of quality. Few: one look at each. */
async function second(prisma: Tx, { after, limit }: Asked): Promise<Position[]> {
  const [at, id] = [after?.at ?? '-infinity', after?.id ?? start.id];
  return prisma.$queryRaw<Position[]>`
    SELECT * FROM (
      (SELECT c.id, c.sla_due_at::text AS at, c.priority, c.risk_score AS "riskScore", c.sla_due_at FROM review.review_case c
        WHERE c.status = 'pending_second' AND (c.sla_due_at, c.id) > (${at}::timestamptz, ${id}::uuid)
        ORDER BY c.sla_due_at, c.id LIMIT ${limit})
      UNION ALL
      (SELECT c.id, c.sla_due_at::text AS at, c.priority, c.risk_score AS "riskScore", c.sla_due_at FROM review.review_case c
        WHERE c.status = 'queued' AND c.paused_at IS NULL AND c.needs_lead = false AND c.priority = 0 AND c.sample_of_id IS NOT NULL
          AND (c.sla_due_at, c.id) > (${at}::timestamptz, ${id}::uuid)
        ORDER BY c.sla_due_at, c.risk_score DESC, c.id LIMIT ${limit})
    ) AS lines ORDER BY lines.sla_due_at, lines.id LIMIT ${limit}`;
}

/** A reviewer's own decisions; everybody's for those who oversee the queue. */
function done(prisma: Tx, { staffId, seesAll, after, limit }: Asked): Promise<Position[]> {
  const [at, id] = [after?.at ?? 'infinity', after?.id ?? 'ffffffff-ffff-ffff-ffff-ffffffffffff'];
  if (seesAll) {
    return prisma.$queryRaw<Position[]>`
      SELECT c.id, c.decided_at::text AS at, c.priority, c.risk_score AS "riskScore" FROM review.review_case c
       WHERE c.status IN ('approved', 'rejected', 'changes_requested') AND (c.decided_at, c.id) < (${at}::timestamptz, ${id}::uuid)
       ORDER BY c.decided_at DESC, c.id DESC LIMIT ${limit}`;
  }
  return prisma.$queryRaw<Position[]>`
    SELECT c.id, c.decided_at::text AS at, c.priority, c.risk_score AS "riskScore" FROM review.review_case c
     WHERE c.decided_by = ${staffId}::uuid AND c.status IN ('approved', 'rejected', 'changes_requested')
       AND (c.decided_at, c.id) < (${at}::timestamptz, ${id}::uuid)
     ORDER BY c.decided_at DESC, c.id DESC LIMIT ${limit}`;
}
