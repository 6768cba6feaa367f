import type { CommandDeps } from '../../foundation/command/command.ts';
import { fail } from '../../foundation/errors/app-error.ts';
import type { StaffActor } from '../../foundation/runtime/actor.ts';
import { splitFilterKey } from '../query/filter-where.ts';
import { type ListQuery, parseListQuery } from '../query/parse-list-query.ts';
import type { RegisteredResource } from '../registry.ts';

export const exportFormats = ['csv', 'jsonl'] as const;
export type ExportFormat = (typeof exportFormats)[number];

/** Rows that are read at once. */
const pageRows = 500;

const pagingKeys: ReadonlySet<string> = new Set(['page', 'perPage', 'after', 'view']);

/** What the address of a list filters and sorts by: without its paging, which an export does not have. */
export function exportParams(search: string): ReadonlyMap<string, string> {
  const params = new Map<string, string>();
  for (const [key, value] of new URLSearchParams(search)) {
    if (params.has(key)) fail('bad_request');
    if (!pagingKeys.has(key)) params.set(key, value);
  }
  return params;
}

/** The list's own reading of them, from the first row on. @throws AppError what the list would refuse */
export function exportQuery(
  params: ReadonlyMap<string, string>,
  asked: { resource: RegisteredResource; staff: StaffActor; deps: CommandDeps },
): ListQuery {
  const { resource, staff, deps } = asked;
  const query = parseListQuery(params, { definition: resource.definition, filters: resource.reader.filters, deps, staff });
  return { ...query, page: 1, perPage: pageRows, after: null };
}

/** The filters in a line of the audit. What somebody typed may be a name or an address: of texts only the field is told. */
export function filterNote(params: ReadonlyMap<string, string>, { reader }: RegisteredResource): string {
  const parts = [...params].map(([key, value]) => {
    if (!key.startsWith('filters.')) return key === 'q' ? 'q' : `${key}=${value}`;
    const name = key.slice('filters.'.length);
    const filter = reader.filters.get(splitFilterKey(name)?.field ?? name);
    return !filter || filter.type === 'text' || filter.isPersonal ? name : `${name}=${value}`;
  });
  return parts.join(' ').slice(0, 2000);
}
