import { z } from 'zod';
import { grantFor } from '../../foundation/access/evaluate.ts';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { AppError, fail } from '../../foundation/errors/app-error.ts';
import type { StaffActor } from '../../foundation/runtime/actor.ts';
import { splitFilterKey } from '../query/filter-where.ts';
import { parseListQuery } from '../query/parse-list-query.ts';
import type { RegisteredResource } from '../registry.ts';
import { registryOf } from '../registry-of.ts';
import { visibleColumns } from '../serialise-record.ts';

/** What a saved view holds: never a page, never what was typed to find one person. */
export const viewQuery = z.strictObject({
  /** Names and values as in the address of the list, without the leading `filters.`. */
  filters: z.record(z.string().max(80), z.string().max(2000)).default({}),
  sortBy: z.string().max(60).optional(),
  direction: z.enum(['asc', 'desc']).optional(),
  /** In their order; empty means the list's own. */
  columns: z.array(z.string().max(60)).max(40).default([]),
  density: z.enum(['comfortable', 'compact']).optional(),
});
export type ViewQuery = z.infer<typeof viewQuery>;

/** A view as one person may use it, and what of it they may not. */
type UsableView = { query: ViewQuery; dropped: readonly string[] };

/** The list a view belongs to. @throws AppError 404 `not_found` for one that does not exist or that this person may not open */
export function listOf(deps: CommandDeps, staff: StaffActor, resourceId: string): RegisteredResource {
  const resource = registryOf(deps).resources.get(resourceId);
  if (!resource || grantFor(staff, resource.definition.permissions.list, { now: deps.clock.now() }) === null) fail('not_found');
  return resource;
}

/** The address of the list for a view: what its parser reads. */
export function paramsOf(query: ViewQuery): ReadonlyMap<string, string> {
  return new Map([
    ...Object.entries(query.filters).map(([key, value]) => [`filters.${key}`, value] as const),
    ...(query.sortBy === undefined ? [] : [['sortBy', query.sortBy] as const]),
    ...(query.direction === undefined ? [] : [['direction', query.direction] as const]),
  ]);
}

/**
 * Refuses a view that the list would refuse, and one that is about a person: their address or name is not to be kept in it.
 * @throws AppError unknown_filter, unknown_sort, invalid_filter
 */
export function checkView(deps: CommandDeps, staff: StaffActor, { resource, query }: { resource: RegisteredResource; query: ViewQuery }) {
  const { definition, reader } = resource;
  for (const key of Object.keys(query.filters)) {
    const field = splitFilterKey(key)?.field ?? key;
    if (reader.filters.get(field)?.isPersonal) fail('view_names_person', { params: { field: reader.filters.get(field)?.label ?? field } });
  }
  parseListQuery(paramsOf(query), { definition, filters: reader.filters, deps, staff });
  const known = columnNames(deps, staff, resource);
  if (query.columns.some((name) => !known.includes(name))) fail('unknown_filter');
}

/**
 * A view read for one person: filters, sort and columns that they may not use, or that the list no longer has, are left out and
 * named. So a shared view shows its reader nothing that their own list would not.
 */
export function usableView(
  deps: CommandDeps,
  staff: StaffActor,
  { resource, stored }: { resource: RegisteredResource; stored: unknown },
): UsableView {
  const parsed = viewQuery.safeParse(stored);
  if (!parsed.success) return { query: viewQuery.parse({}), dropped: ['everything in it'] };
  const { filters, sortBy, direction, columns, ...rest } = parsed.data;
  const accepts = (part: Partial<ViewQuery>) => isAccepted(deps, staff, { resource, query: viewQuery.parse(part) });
  const kept = Object.entries(filters).filter(([key, value]) => accepts({ filters: { [key]: value } }));
  const canSort = sortBy === undefined || accepts({ sortBy });
  const known = columnNames(deps, staff, resource);
  const labelOf = (key: string) => {
    const field = splitFilterKey(key)?.field ?? key;
    return resource.reader.filters.get(field)?.label ?? field;
  };
  const keptKeys = new Set(kept.map(([key]) => key));
  return {
    query: {
      ...rest,
      filters: Object.fromEntries(kept),
      columns: columns.filter((name) => known.includes(name)),
      ...(canSort && sortBy !== undefined ? { sortBy, ...(direction ? { direction } : {}) } : {}),
    },
    dropped: [
      ...new Set(
        Object.keys(filters)
          .filter((key) => !keptKeys.has(key))
          .map(labelOf),
      ),
      ...(canSort ? [] : ['the order']),
    ],
  };
}

function isAccepted(
  deps: CommandDeps,
  staff: StaffActor,
  { resource, query }: { resource: RegisteredResource; query: ViewQuery },
): boolean {
  const { definition, reader } = resource;
  try {
    parseListQuery(paramsOf(query), { definition, filters: reader.filters, deps, staff });
    return true;
  } catch (error) {
    if (error instanceof AppError) return false;
    throw error;
  }
}

/** Names of the list's columns that this person may see. */
export function columnNames(deps: CommandDeps, staff: StaffActor, { definition }: RegisteredResource): readonly string[] {
  return visibleColumns(definition, staff, { place: 'list', now: deps.clock.now() }).map(([name]) => name);
}
