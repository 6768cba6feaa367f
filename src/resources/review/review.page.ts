import { join } from 'node:path';
import { z } from 'zod';
import { definePage, type PageRequest } from '../../admin/index.ts';
import { grantFor } from '../../foundation/access/evaluate.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import { caseQueries, queueTabs } from '../../modules/review/index.ts';
import { caseJson } from './case-json.ts';
import { lineJson } from './line-json.ts';
import type { CaseAnswer, CountsJson, ListJson } from './review-types.ts';

const { caseView, listQueue, queueCounts } = caseQueries;

/** The queue of vendors, proofs of identity and products: list, evidence and decision. */
export const reviewPage = definePage({
  id: 'review',
  noun: 'review_case',
  title: 'Review queue',
  icon: 'inbox',
  navigationGroup: 'Work',
  permission: 'review_case.list',
  component: join(import.meta.dirname, 'review.component.tsx'),
  handler: shown,
  recordsRead,
  waiting: async ({ staff, deps }) => (await queueCounts(deps, staff)).new,
});

const query = z.strictObject({
  tab: z.enum(queueTabs).optional(),
  cursor: z.string().max(400).optional(),
  case: z.uuid().optional(),
  counts: z.literal('true').optional(),
});

/** `?case=` one case, `?counts=true` only the counts, else a queue. */
async function shown(request: PageRequest): Promise<Readonly<Record<string, unknown>>> {
  const asked = query.safeParse(request.query);
  if (!asked.success) throw new AppError('invalid_filter');
  const { case: caseId, counts, tab = 'new', cursor } = asked.data;
  const { deps, staff, now } = request;
  if (caseId) return caseAnswer(request, caseId);
  if (counts) return { counts: await queueCounts(deps, staff), now: now.toISOString() } satisfies CountsJson;
  const [page, countsNow] = await Promise.all([listQueue(deps, staff, { tab, cursor: cursor ?? null }), queueCounts(deps, staff)]);
  return {
    tab,
    lines: page.lines.map(lineJson),
    next: page.next,
    counts: countsNow,
    now: now.toISOString(),
    canTake: grantFor(staff, 'review_case.take_next', { now }) !== null,
  } satisfies ListJson;
}

async function caseAnswer(request: PageRequest, caseId: string): Promise<CaseAnswer & { read: readonly string[] }> {
  const view = await caseView(request.deps, request.staff, caseId);
  const { id, subjectId, vendorId, ownerUserId, now } = view;
  return { case: await caseJson(request, view), now: now.toISOString(), read: [...new Set([id, subjectId, vendorId, ownerUserId])] };
}

/** Whose records a case showed; of a queue the cases that it names. Counts name nobody. */
function recordsRead({ read, lines }: Readonly<Record<string, unknown>>): readonly string[] {
  if (Array.isArray(read)) return read.filter((id) => typeof id === 'string');
  if (!Array.isArray(lines)) return [];
  return lines.flatMap((line: unknown) => (typeof line === 'object' && line !== null ? String(Reflect.get(line, 'id')) : []));
}
