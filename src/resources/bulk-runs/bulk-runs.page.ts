import { join } from 'node:path';
import { z } from 'zod';
import { describeAction } from '../../admin/action-states.ts';
import { findRunEntry, listRuns, type RunEntry, rowsOf } from '../../admin/bulk/bulk-run.queries.ts';
import { findTarget, undoSeconds } from '../../admin/bulk/bulk-run.ts';
import { definePage, type PageRequest } from '../../admin/index.ts';
import { registryOf } from '../../admin/registry-of.ts';
import { grantFor } from '../../foundation/access/evaluate.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import { addSeconds } from '../../foundation/runtime/clock.ts';
import { actorNames } from '../../modules/identity/index.ts';
import { bulkRunActions, undoRunAction } from './bulk-run-actions.ts';

/** Actions on many records at once: what was asked, how far it is, what became of each row. Own ones; all of them for oversight. */
export const bulkRunsPage = definePage({
  id: 'bulk-runs',
  noun: 'bulk_run',
  title: 'Bulk runs',
  icon: 'layers',
  navigationGroup: 'Oversight',
  permission: 'bulk_run.list',
  component: join(import.meta.dirname, 'bulk-runs.component.tsx'),
  handler: shown,
  recordsRead: (answer) => (Array.isArray(answer.people) ? answer.people.filter((id) => typeof id === 'string') : []),
  actions: bulkRunActions,
});

const query = z.strictObject({ run: z.uuid().optional(), before: z.uuid().optional() });
const pageSize = 25;

async function shown(request: PageRequest): Promise<Readonly<Record<string, unknown>>> {
  const asked = query.safeParse(request.query);
  if (!asked.success) throw new AppError('invalid_filter');
  return asked.data.run === undefined ? listed(request, asked.data.before) : opened(request, asked.data.run);
}

async function listed(request: PageRequest, before: string | undefined): Promise<Readonly<Record<string, unknown>>> {
  const { deps, staff } = request;
  const runs = await listRuns(deps, { requestedBy: seesAll(request) ? null : staff.id, before, take: pageSize + 1 });
  const names = await namesOf(request, runs);
  const page = runs.slice(0, pageSize);
  return {
    runs: page.map((run) => runJson(request, run, names)),
    next: runs.length > pageSize ? (page.at(-1)?.id ?? null) : null,
    people: [],
  };
}

async function opened(request: PageRequest, id: string): Promise<Readonly<Record<string, unknown>>> {
  const { deps, staff } = request;
  const run = await findRunEntry(deps, id);
  // Out of reach and missing look the same.
  if (!run || (run.requestedBy !== staff.id && !seesAll(request))) throw new AppError('not_found');
  const rows = await rowsOf(deps, id);
  const reader = registryOf(deps).resources.get(run.resource)?.reader;
  const titles = reader?.isReadableBy(staff)
    ? await reader.titles(
        rows.map((row) => row.id),
        staff,
      )
    : [];
  const titleOf = new Map(titles.map((title) => [title.id, title.title]));
  return {
    run: { ...runJson(request, run, await namesOf(request, [run])), reason: reasonOf(run) },
    rows: rows.map((row) => ({ ...row, title: titleOf.get(row.id) ?? null })),
    undo: describeAction(undoRunAction, null),
    people: titles.map((title) => title.id),
  };
}

/** Leads see their own runs; auditors and admins everybody's. */
function seesAll({ staff, now }: PageRequest): boolean {
  return grantFor(staff, 'bulk_run.list', { now })?.own === false;
}

function namesOf({ deps }: PageRequest, runs: readonly RunEntry[]): Promise<ReadonlyMap<string, string>> {
  return actorNames(deps, [...new Set(runs.map((run) => run.requestedBy))]);
}

function reasonOf({ reasonCode, reasonText }: RunEntry): object | null {
  return reasonCode === null ? null : { code: reasonCode, text: reasonText };
}

function runJson({ deps, staff, now }: PageRequest, run: RunEntry, names: ReadonlyMap<string, string>): object {
  const { id, resource, command, requestedBy, status, total, counts, createdAt, startedAt, finishedAt, actionId, undoOf, undoneBy } = run;
  const target = findTarget(deps, run);
  const undoUntil = finishedAt ? addSeconds(finishedAt, undoSeconds) : null;
  const isOwn = requestedBy === staff.id;
  const isOver = status === 'completed' || status === 'cancelled';
  const canUndo =
    isOwn && isOver && run.undoAction !== null && undoneBy === null && counts.changed > 0 && undoUntil !== null && now < undoUntil;
  return {
    id,
    resource,
    list: registryOf(deps).resources.get(resource)?.definition.title ?? resource,
    action: target?.action.label ?? command,
    by: names.get(requestedBy) ?? 'Somebody who left',
    isOwn,
    status,
    total,
    counts,
    createdAt,
    startedAt,
    finishedAt,
    actionId,
    undoOf,
    undoneBy,
    undoUntil: canUndo ? undoUntil : null,
    canCancel: (status === 'queued' || status === 'running') && (isOwn || grantFor(staff, 'bulk_run.cancel', { now })?.own === false),
  };
}
