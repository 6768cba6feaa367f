import { join } from 'node:path';
import { definePage, type PageRequest } from '../../admin/index.ts';
import { readBounded } from '../../foundation/runtime/bounded-read.ts';
import { requestLosses, requestSteps, routeFigures } from '../../foundation/runtime/request-figures.queries.ts';
import { listRequests, type RequestListRow } from '../../foundation/runtime/request-log.queries.ts';
import { requestUuid } from '../../foundation/runtime/request-uuid.ts';
import { actorNames } from '../../modules/identity/index.ts';
import { cursorText, parseApiLogQuery } from './api-log-query.ts';

const pageSize = 50;

/**
 * The API log: kept requests of both doors, newest first, with the figures of each route over the same filter. Further pages are
 * rows alone. Each view is a recorded read of its rows.
 */
export const apiLogPage = definePage({
  id: 'api-log',
  noun: 'api_log',
  title: 'API log',
  icon: 'gauge',
  navigationGroup: 'Oversight',
  permission: 'api_log.read',
  component: join(import.meta.dirname, 'api-log.component.tsx'),
  handler: answerTo,
  recordsRead: (answer) => (Array.isArray(answer.shownIds) ? answer.shownIds.filter((id) => typeof id === 'string') : []),
});

async function answerTo({ deps, query, now }: PageRequest): Promise<Readonly<Record<string, unknown>>> {
  const { filter, before } = parseApiLogQuery(query, { now, keptDays: deps.config.apiLogDays });
  const answer = await readBounded(deps.database.pool, async (read) => {
    const page = await listRequests(read, filter, { limit: pageSize, before });
    if (before) return { page, figures: null };
    const routes = await routeFigures(read, filter);
    const series = await requestSteps(read, filter);
    return { page, figures: { routes, ...series, losses: await requestLosses(read, filter) } };
  });
  const { rows, next } = answer.page;
  const people = rows.flatMap((row) => (row.actorId ? [row.actorId] : []));
  const names = await actorNames(deps, filter.actorId ? [...people, filter.actorId] : people);
  return {
    rows: rows.map((row) => rowJson(row, names)),
    next: cursorText(next),
    figures: answer.figures,
    window: { from: filter.from, to: filter.to },
    samplePercent: deps.config.apiLogSamplePercent,
    keptDays: deps.config.apiLogDays,
    actorName: filter.actorId ? (names.get(filter.actorId) ?? null) : null,
    shownIds: rows.map((row) => row.id),
  };
}

function rowJson({ atText: _, ...row }: RequestListRow, names: ReadonlyMap<string, string>) {
  return {
    ...row,
    actor: row.actorId ? (names.get(row.actorId) ?? 'Somebody who is gone') : null,
    /** Under which the audit knows the same request. */
    auditRequest: requestUuid(row.requestId),
  };
}
