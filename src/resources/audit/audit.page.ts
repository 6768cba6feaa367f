import { join } from 'node:path';
import type { HistoryJson, ProvableJson } from '../../admin/history/history-json.ts';
import { cursorText, definePage, historyJson, type PageRequest } from '../../admin/index.ts';
import { type ClickRow, countActions, countCeiling, readHistory, searchActions, searchLagSeconds } from '../../audit/index.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import { actorNames } from '../../modules/identity/index.ts';
import { type ActionRowJson, actionRow, peopleIn } from './action-row.ts';
import { type AuditQuery, parseAuditQuery } from './audit-query.ts';
import { holdsWhole, reachOf, type TimelineReader, timelineReader } from './audit-reach.ts';
import { offeredExport } from './export-actions.ts';

const pageSize = 50;

type Answer = Readonly<Record<string, unknown>> & { shownIds: readonly string[] };

/**
 * The audit explorer: actions as a list, and one action with every row it changed. The histories of records are a page of their own.
 * Everybody sees their own actions, leads those of their team, auditors and admins all.
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
    default:
      return query satisfies never;
  }
}

async function listAnswer(request: PageRequest, query: Extract<AuditQuery, { kind: 'list' }>): Promise<Answer> {
  const { deps } = request;
  const { filter } = query;
  const reach = await reachOf(request, filter.recordId);
  const asked = { filter, reach: reach.search };
  const [{ rows, older, newer }, total, lagSeconds] = await Promise.all([
    searchActions(deps, asked, { limit: pageSize, before: query.before, after: query.after }),
    countActions(deps, asked),
    searchLagSeconds(deps),
  ]);
  const names = await actorNames(deps, [...peopleIn(rows), ...(filter.actorId ? [filter.actorId] : [])]);
  return {
    view: 'list',
    reach: reach.kind,
    rows: await rowsJson(request, rows, names),
    next: cursorText(older),
    newer: cursorText(newer),
    totalText: totalText(total),
    lagSeconds,
    actorName: filter.actorId ? (names.get(filter.actorId) ?? null) : null,
    exportAction: offeredExport(request),
    shownIds: rows.map((row) => row.id),
  };
}

/** The lines in words; a change without an action says whether its history may be opened. */
function rowsJson(request: PageRequest, rows: readonly ClickRow[], names: ReadonlyMap<string, string>): Promise<ActionRowJson[]> {
  const mayRead = timelineReader(request);
  return Promise.all(
    rows.map(async (row) => {
      const [table = '', recordId = ''] = row.record?.split(':') ?? [];
      return actionRow(row, names, row.record !== null && (await mayRead({ table, recordId })));
    }),
  );
}

function totalText(total: number | null): string {
  if (total === null) return 'Many';
  return total > countCeiling ? '10,000+' : new Intl.NumberFormat('en').format(total);
}

/** One click with every row it changed: from the list, a receipt or a timeline. */
async function actionAnswer(request: PageRequest, actionId: string): Promise<Answer> {
  const { deps } = request;
  const reach = await reachOf(request);
  const { rows } = await searchActions(deps, { filter: { actionId, ...momentOf(actionId) } }, { limit: 1 });
  const [row] = rows;
  if (!row) throw new AppError('not_found');
  const { entries } = await readHistory(deps, { actionId }, { limit: 100 });
  const changes = entries.flatMap((entry) => entry.changes);
  const mayRead = timelineReader(request);
  const isOwn = reach.search === undefined || (row.actorId !== null && reach.search.actorIds.includes(row.actorId));
  if (!isOwn && !(await areReadable(changes, mayRead))) throw new AppError('not_found');
  const [names, lines] = await Promise.all([actorNames(deps, peopleIn([row])), historyJson(deps, entries)]);
  return {
    view: 'action',
    reach: reach.kind,
    row: actionRow(row, names),
    tables: await Promise.all(recordsOf(changes).map(async (record) => ({ ...record, canOpen: await mayRead(record) }))),
    changes: lines.flatMap((line) => line.changes),
    rows: rowsOf(actionId, lines),
    canProve: holdsWhole(request, 'audit.download_proof'),
    shownIds: [actionId, ...row.recordIds].slice(0, 100),
  };
}

/** What of a click can be proved: the action, and each row it changed. */
function rowsOf(actionId: string, lines: readonly HistoryJson[]): readonly ProvableJson[] {
  const rows = lines.flatMap((line) => line.rows);
  return rows.length > 0 ? rows : [{ rowId: actionId, label: 'The action: who, why, with what outcome' }];
}

/** Every record once, however often the click changed it. */
function recordsOf(changes: readonly { table: string; recordId: string; op: string }[]) {
  return [...new Map(changes.map(({ table, recordId, op }) => [`${table}:${recordId}`, { table, recordId, op }])).values()];
}

/** Somebody else's click is shown where the histories of all records it changed are the reader's to see. */
async function areReadable(changes: readonly { table: string; recordId: string }[], mayRead: TimelineReader): Promise<boolean> {
  if (changes.length === 0) return false;
  for (const change of changes) if (!(await mayRead(change))) return false;
  return true;
}

const dayMs = 86_400_000;

/** The id is a UUIDv7: its time finds the month's partition, however old it is. */
function momentOf(id: string): { from: string; to: string } {
  const at = Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16);
  return { from: new Date(at - dayMs).toISOString(), to: new Date(at + dayMs).toISOString() };
}
