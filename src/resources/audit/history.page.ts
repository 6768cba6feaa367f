import { join } from 'node:path';
import type { HistoryAnswer } from '../../admin/history/history-answers.ts';
import {
  comparisonJson,
  cursorText,
  definePage,
  fieldStepJson,
  fieldWords,
  historyJson,
  type PageRequest,
  peopleOf,
  stateJson,
  tableWords,
} from '../../admin/index.ts';
import {
  compareVersions,
  lastVerifyOf,
  makeProofFile,
  readFieldTimeline,
  readHistory,
  readRowProof,
  readSealState,
  recordsOfSubject,
  stateAt,
} from '../../audit/index.ts';
import type { PermissionKey } from '../../foundation/access/matrix.ts';
import { recordRead } from '../../foundation/command/action-row.ts';
import { denialLogOf } from '../../foundation/command/run-command.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import { actorNames } from '../../modules/identity/index.ts';
import { holdsWhole, mayReadTimeline, requireTimeline } from './audit-reach.ts';
import { type HistoryQuery, parseHistoryQuery } from './history-query.ts';
import { proofWords } from './proof-words.ts';
import { restoreActions, restoreOf } from './restore-actions.ts';
import { mayReveal, revealAction } from './reveal-action.ts';

const pageSize = 50;

type Answer = HistoryAnswer & { shownIds: readonly string[] };
type Asked<View extends HistoryQuery['view']> = { request: PageRequest; query: Extract<HistoryQuery, { view: View }> };

/**
 * The history of one record or person: timeline, one field over time, the state as of a moment, two versions compared, the proof of
 * a row. Who may see the record's page may see its timeline; versions and proofs follow the matrix.
 */
export const historyPage = definePage({
  id: 'history',
  noun: 'audit',
  title: 'History',
  icon: 'history',
  navigationGroup: null,
  permission: 'audit.read_timeline',
  component: join(import.meta.dirname, 'history.component.tsx'),
  handler: (request) => answerTo(request, parseHistoryQuery(request.query)),
  recordsRead: (answer) => (Array.isArray(answer.shownIds) ? answer.shownIds.filter((id) => typeof id === 'string') : []),
  actions: [...restoreActions, revealAction],
});

function answerTo(request: PageRequest, query: HistoryQuery): Promise<Answer> {
  switch (query.view) {
    case 'timeline':
      return timeline({ request, query });
    case 'records':
      return records({ request, query });
    case 'field':
      return field({ request, query });
    case 'as-of':
      return asOf({ request, query });
    case 'compare':
      return compare({ request, query });
    case 'proof':
      return proof({ request, query });
    default:
      return query satisfies never;
  }
}

async function timeline({ request, query }: Asked<'timeline'>): Promise<Answer> {
  const { of, filter, before } = query;
  await requireTimeline(request, of);
  const { entries, next } = await readHistory(request.deps, of, { limit: pageSize, before, filter });
  return {
    view: 'timeline',
    entries: await historyJson(request.deps, entries),
    reveal: mayReveal(request),
    next: cursorText(next),
    can: {
      seeVersions: holdsWhole(request, 'snapshot.view') && holdsWhole(request, 'snapshot.compare'),
      downloadProof: holdsWhole(request, 'audit.download_proof'),
    },
    shownIds: ['subjectId' in of ? of.subjectId : of.recordId],
  };
}

/** Which records of a person have versions to look at. */
async function records({ request, query }: Asked<'records'>): Promise<Answer> {
  await requireTimeline(request, query);
  const refs = await recordsOfSubject(request.deps, query.subjectId);
  const readable = await Promise.all(refs.map(async (ref) => ((await mayReadTimeline(request, ref)) ? [ref] : [])));
  const shown = readable.flat();
  return {
    view: 'records',
    records: shown.map((ref) => ({ record: nameOf(ref), label: labelOf(ref, shown) })),
    shownIds: [query.subjectId],
  };
}

function labelOf(ref: { table: string; recordId: string }, all: readonly { table: string }[]): string {
  const isOnly = all.filter(({ table }) => table === ref.table).length === 1;
  return isOnly ? tableWords(ref.table) : `${tableWords(ref.table)} ${ref.recordId.slice(-6)}`;
}

const nameOf = ({ table, recordId }: { table: string; recordId: string }) => `${table}:${recordId}`;

async function field({ request, query }: Asked<'field'>): Promise<Answer> {
  const { of, field: column, before } = query;
  const { deps } = request;
  await requireTimeline(request, of);
  const { steps, next } = await readFieldTimeline(deps, { ...of, field: column, limit: pageSize, before });
  const changes = steps.map(({ change }) => ({ field: column, values: [change.before, change.after] }));
  const names = await actorNames(deps, [...steps.flatMap((step) => step.actorId ?? []), ...peopleOf([], changes)]);
  return {
    view: 'field',
    record: nameOf(of),
    field: column,
    label: fieldWords(column),
    steps: steps.map((step) => fieldStepJson(of.table, step, names)),
    reveal: mayReveal(request),
    next: cursorText(next),
    shownIds: [of.recordId],
  };
}

async function asOf({ request, query }: Asked<'as-of'>): Promise<Answer> {
  const { of, moment } = query;
  const { deps } = request;
  await requireVersions(request, of, 'snapshot.view');
  const state = await stateAt(deps, of, moment);
  if ('eventId' in moment && !state.version) throw new AppError('not_found');
  const people = peopleOf(
    [state.version],
    state.fields.map(({ field: column, value }) => ({ field: column, values: [value] })),
  );
  return {
    view: 'as-of',
    record: nameOf(of),
    recordLabel: tableWords(of.table),
    at: 'at' in moment ? moment.at : null,
    state: stateJson(of.table, state, await actorNames(deps, people)),
    restore: await restoreOf(request, of, state),
    reveal: mayReveal(request),
    shownIds: [of.recordId],
  };
}

async function compare({ request, query }: Asked<'compare'>): Promise<Answer> {
  const { of, moments } = query;
  const { deps } = request;
  await requireVersions(request, of, 'snapshot.compare');
  const compared = await compareVersions(deps, of, moments);
  if (!compared.left.version || !compared.right.version) throw new AppError('not_found');
  const people = peopleOf(
    [compared.left.version, compared.right.version],
    compared.fields.map(({ field: column, left, right }) => ({ field: column, values: [left, right] })),
  );
  return {
    view: 'compare',
    record: nameOf(of),
    recordLabel: tableWords(of.table),
    comparison: comparisonJson(of.table, compared, await actorNames(deps, people)),
    restore: await restoreOf(request, of, await stateAt(deps, of, moments[0])),
    reveal: mayReveal(request),
    shownIds: [of.recordId],
  };
}

async function requireVersions(request: PageRequest, of: { table: string; recordId: string }, permission: PermissionKey): Promise<void> {
  await requireTimeline(request, of);
  await requirePermission(request, permission, of.recordId);
}

/** A refused look is recorded as every refusal is. */
async function requirePermission(request: PageRequest, permission: PermissionKey, recordId: string): Promise<void> {
  if (holdsWhole(request, permission)) return;
  const denial = { resource: 'audit', action: permission.replace(/^.*\./, ''), errorCode: 'forbidden', recordIds: [recordId] };
  await denialLogOf(request.deps).record({ ...denial, note: 'rule not_granted' });
  throw new AppError('forbidden', { extra: { rule: 'not_granted' } });
}

/** The state of a row in words; with `file=1` also the proof to take away, its download recorded first. */
async function proof({ request, query }: Asked<'proof'>): Promise<Answer> {
  const { rowId, isFile } = query;
  const { deps } = request;
  await requirePermission(request, 'audit.download_proof', rowId);
  const [found, state] = await Promise.all([readRowProof(deps, rowId), readSealState(deps)]);
  const words = proofWords(found, lastVerifyOf(state));
  if (isFile && found.state !== 'sealed') throw new AppError('proof_pending');
  return {
    view: 'proof',
    rowId,
    ...words,
    file: isFile && found.state === 'sealed' ? { name: `proof-${rowId}.json`, content: await download(request, found) } : null,
    shownIds: [rowId],
  };
}

async function download(
  { deps }: PageRequest,
  found: Extract<Awaited<ReturnType<typeof readRowProof>>, { state: 'sealed' }>,
): Promise<string> {
  const actionId = await recordRead(deps, { resource: 'audit', action: 'download-proof', recordIds: [found.sealed.rowId] });
  return makeProofFile(deps, found, actionId);
}
