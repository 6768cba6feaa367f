import type { Response } from 'express';
import { matrix } from '../foundation/access/matrix.ts';
import type { CommandDeps } from '../foundation/command/command.ts';
import { countOpenedPerson } from '../foundation/command/opened-person.ts';
import { denialLogOf } from '../foundation/command/run-command.ts';
import { AppError } from '../foundation/errors/app-error.ts';
import { actionStates } from './action-states.ts';
import type { BaseRecord } from './adminjs.ts';
import type { Row } from './define-resource.ts';
import type { RegisteredResource, Registry } from './registry.ts';
import { serialiseRecords } from './serialise-record.ts';
import { requireRoute } from './stages/route-gate.ts';
import { requireSignedIn, stateOf } from './state.ts';

const searchLimit = 20;

export type ReadParts = { registry: Registry; deps: CommandDeps };

/** GET A/R/actions/list. */
export async function listRecords(parts: ReadParts, resource: RegisteredResource, res: Response): Promise<object> {
  const { staff } = requireSignedIn(res);
  const state = stateOf(res);
  const { query } = state;
  if (!query) throw new Error('The list handler stands behind the query stage');
  const now = parts.deps.clock.now();
  const result = await resource.reader.list(query, staff);
  const records = await serialiseRecords(parts.registry, resource, { rows: result.rows, staff, place: 'list', now });
  state.read = { recordIds: records.map((record) => record.id), recordCount: records.length, filter: query.filterNames.join(',') || null };
  return {
    records,
    meta: {
      total: result.total,
      isTotalCapped: result.isTotalCapped,
      totalText: totalText(result),
      page: query.page,
      perPage: query.perPage,
      sortBy: query.sortBy,
      direction: query.direction,
      next: result.next,
    },
  };
}

function totalText(result: { total: number; isTotalCapped: boolean }): string {
  const text = new Intl.NumberFormat('en').format(result.total);
  return result.isTotalCapped ? `${text}+` : text;
}

/** GET A/R/records/ID/show; AdminJS has loaded the record within the actor's reach. */
export async function showRecord(
  parts: ReadParts,
  resource: RegisteredResource,
  call: { res: Response; record: BaseRecord | undefined },
): Promise<object> {
  const { res, record } = call;
  const { staff } = requireSignedIn(res);
  const now = parts.deps.clock.now();
  const row = resource.reader.rowOf(record);
  if (matrix[resource.definition.permissions.show].conditions.quota === 'people') await countPerson(parts, resource, { res, row });
  const [json] = await serialiseRecords(parts.registry, resource, { rows: [row], staff, place: 'show', now });
  stateOf(res).read = { recordIds: [String(row.id)], recordCount: 1, filter: null };
  const extra = (await resource.definition.extra?.(row, { staff, deps: parts.deps })) ?? {};
  return {
    // AdminJS takes an answer for a record only when it has recordActions.
    record: { ...json, recordActions: [] },
    version: typeof row.version === 'number' ? row.version : null,
    // Whose record it is: tickets that are named for an action are about that person.
    subjectUserId: resource.definition.subject?.(row, { staff, deps: parts.deps }).userId ?? null,
    actions: actionStates(resource, { row, staff, deps: parts.deps, now, extra }),
    extra,
  };
}

/** GET A/R/actions/search. */
export async function searchRecords(resource: RegisteredResource, res: Response): Promise<object> {
  const { staff } = requireSignedIn(res);
  const route = requireRoute(res);
  const text = route.kind === 'read' ? (route.text ?? '').trim() : '';
  const titles = text === '' ? [] : await resource.reader.search(text, staff, searchLimit);
  stateOf(res).read = { recordIds: titles.map((title) => title.id), recordCount: titles.length, filter: 'q' };
  return { records: titles.map((title) => ({ ...title, params: title, populated: {} })) };
}

/** One more person of the day; one too many is refused, and recorded like every refusal, before anything of them is loaded. */
async function countPerson(
  { deps }: ReadParts,
  { definition }: RegisteredResource,
  { res, row }: { res: Response; row: Row },
): Promise<void> {
  const recordIds = [String(row.id)];
  try {
    await countOpenedPerson(deps, requireSignedIn(res).staff, String(row.id));
  } catch (error) {
    if (error instanceof AppError && error.code === 'quota_exceeded')
      await denialLogOf(deps).record({
        resource: definition.noun,
        action: 'show',
        errorCode: error.code,
        recordIds,
        note: 'rule quota_people',
      });
    throw error;
  }
}
