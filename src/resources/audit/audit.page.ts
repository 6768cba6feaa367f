import { join } from 'node:path';
import { cursorText, definePage, historyJson, type PageRequest } from '../../admin/index.ts';
import { type ActionFilter, countActions, countCeiling, enrichmentLagSeconds, listActions, readHistory } from '../../audit/index.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import { actorNames } from '../../modules/identity/index.ts';
import { actionRow, peopleIn } from './action-row.ts';
import { type AuditQuery, parseAuditQuery } from './audit-query.ts';
import { mayReadTimeline, reachOf, requireTimeline } from './audit-reach.ts';

const pageSize = 50;

type Answer = Readonly<Record<string, unknown>> & { shownIds: readonly string[] };

/**
 * The audit explorer: actions as a list, one action with every row it changed, and the timeline of a record or of a person.
 * Everybody sees their own actions, leads those of their team, auditors and admins all; timelines follow the records.
 */
export const auditPage = definePage({
  id: 'audit',
  noun: 'audit',
  title: 'Audit',
  icon: 'shield-check',
  navigationGroup: 'Oversight',
  permission: 'audit.read_own',
  component: join(import.meta.dirname, 'audit.component.tsx'),
  handler: (request) => answerTo(request, parseAuditQuery(request.query)),
  recordsRead: (answer) => (Array.isArray(answer.shownIds) ? answer.shownIds.filter((id) => typeof id === 'string') : []),
});

function answerTo(request: PageRequest, query: AuditQuery): Promise<Answer> {
  switch (query.kind) {
    case 'list':
      return listAnswer(request, query);
    case 'action':
      return actionAnswer(request, query.actionId);
    case 'timeline':
      return timelineAnswer(request, query);
    default:
      return query satisfies never;
  }
}

async function listAnswer(request: PageRequest, query: Extract<AuditQuery, { kind: 'list' }>): Promise<Answer> {
  const { deps } = request;
  const reach = await reachOf(request);
  const filter: ActionFilter = { ...query.filter, onlyActorIds: reach.onlyActorIds };
  const [{ rows, next }, total, lagSeconds] = await Promise.all([
    listActions(deps, filter, { limit: pageSize, before: query.before }),
    countActions(deps, filter),
    enrichmentLagSeconds(deps),
  ]);
  const names = await actorNames(deps, [...peopleIn(rows), ...(filter.actorId ? [filter.actorId] : [])]);
  return {
    view: 'list',
    reach: reach.kind,
    rows: rows.map((row) => actionRow(row, names)),
    next: cursorText(next),
    totalText: total > countCeiling ? '10,000+' : new Intl.NumberFormat('en').format(total),
    lagSeconds,
    actorName: filter.actorId ? (names.get(filter.actorId) ?? null) : null,
    shownIds: rows.map((row) => row.id),
  };
}

/** One click with every row it changed: from the list, a receipt or a timeline. */
async function actionAnswer(request: PageRequest, actionId: string): Promise<Answer> {
  const { deps } = request;
  const reach = await reachOf(request);
  const { rows } = await listActions(deps, { actionId, ...momentOf(actionId), onlyActorIds: undefined }, { limit: 1 });
  const [row] = rows;
  if (!row) throw new AppError('not_found');
  const { entries } = await readHistory(deps, { actionId }, { limit: 100 });
  const isOwn = reach.onlyActorIds === undefined || (row.actorId !== null && reach.onlyActorIds.includes(row.actorId));
  const isReadable =
    isOwn ||
    (await areReadable(
      request,
      entries.flatMap((entry) => entry.changes),
    ));
  if (!isReadable) throw new AppError('not_found');
  const names = await actorNames(deps, peopleIn([row]));
  return {
    view: 'action',
    reach: reach.kind,
    row: actionRow(row, names),
    tables: entries.flatMap((entry) => entry.changes).map(({ table, recordId, op }) => ({ table, recordId, op })),
    changes: (await historyJson(deps, entries)).flatMap((entry) => entry.changes),
    shownIds: [actionId, ...row.recordIds].slice(0, 100),
  };
}

/** Somebody else's click is shown where the histories of all records it changed are the reader's to see. */
async function areReadable(request: PageRequest, changes: readonly { table: string; recordId: string }[]): Promise<boolean> {
  if (changes.length === 0) return false;
  for (const { table, recordId } of changes) if (!(await mayReadTimeline(request, { table, recordId }))) return false;
  return true;
}

const dayMs = 86_400_000;

/** The id is a UUIDv7: its time finds the month's partition, however old it is. */
function momentOf(id: string): { from: string; to: string } {
  const at = Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
  return { from: new Date(at - dayMs).toISOString(), to: new Date(at + dayMs).toISOString() };
}

async function timelineAnswer(request: PageRequest, query: Extract<AuditQuery, { kind: 'timeline' }>): Promise<Answer> {
  await requireTimeline(request, query.of);
  const { entries, next } = await readHistory(request.deps, query.of, { limit: pageSize, before: query.before });
  const recordId = 'subjectId' in query.of ? query.of.subjectId : query.of.recordId;
  return {
    view: 'timeline',
    record: 'subjectId' in query.of ? null : `${query.of.table}:${query.of.recordId}`,
    subject: 'subjectId' in query.of ? query.of.subjectId : null,
    entries: await historyJson(request.deps, entries),
    next: cursorText(next),
    shownIds: [recordId],
  };
}
