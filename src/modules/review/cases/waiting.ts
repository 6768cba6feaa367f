import type { ReviewCase } from '@prisma/client';
import type { Tx } from '../../../foundation/runtime/database.ts';

/** What a look at the queue passes by: cases that were tried, and people the reviewer is tied to. */
export type Passed = { cases: Set<string>; owners: Set<string> };
export type Asked = { staffId: string; isLead: boolean; limit: number };
export type Waiting = Pick<ReviewCase, 'id' | 'ownerUserId'>;

/**
 * The next cases in the order of the queue that this person could take: priority, then what is due first, then risk. Read from the index of
 * ready cases, a lead's from its two halves; nothing is locked. Own first answers are passed by, and so are samples of own decisions.
 */
export async function waitingCases(tx: Tx, { staffId, isLead, limit }: Asked, passed: Passed): Promise<Waiting[]> {
  const cases = [...passed.cases];
  const owners = [...passed.owners];
  const half = (needsLead: boolean) => tx.$queryRaw<(Waiting & Order)[]>`
    SELECT c.id, c.owner_user_id AS "ownerUserId", c.priority, c.sla_due_at AS "slaDueAt", c.risk_score AS "riskScore"
      FROM review.review_case c
     WHERE c.status = 'queued' AND c.paused_at IS NULL AND c.needs_lead = ${needsLead}
       AND c.id <> ALL(${cases}::uuid[]) AND c.owner_user_id <> ALL(${owners}::uuid[])
       AND c.decided_by IS DISTINCT FROM ${staffId}::uuid
       AND (c.sample_of_id IS NULL OR NOT EXISTS (
         SELECT FROM review.review_case o WHERE o.id = c.sample_of_id AND ${staffId}::uuid IN (o.decided_by, o.second_by)))
     ORDER BY c.priority DESC, c.sla_due_at, c.risk_score DESC, c.id LIMIT ${limit}`;
  const open = await half(false);
  if (!isLead) return open;
  return [...open, ...(await half(true))].toSorted(inOrder).slice(0, limit);
}

type Order = { priority: number; slaDueAt: Date; riskScore: number };

function inOrder(a: Waiting & Order, b: Waiting & Order): number {
  return b.priority - a.priority || a.slaDueAt.getTime() - b.slaDueAt.getTime() || b.riskScore - a.riskScore || (a.id < b.id ? -1 : 1);
}

/** The first of these in their order that still waits and that nobody else has in hand, locked; null when there is none. */
export async function lockFirst(tx: Tx, ids: readonly string[]): Promise<ReviewCase | null> {
  const [first] = await tx.$queryRaw<{ id: string }[]>`
    SELECT c.id FROM review.review_case c
     WHERE c.id = ANY(${[...ids]}::uuid[]) AND c.status = 'queued' AND c.paused_at IS NULL
     ORDER BY array_position(${[...ids]}::uuid[], c.id) LIMIT 1 FOR UPDATE SKIP LOCKED`;
  return first ? tx.reviewCase.findUnique({ where: { id: first.id } }) : null;
}
