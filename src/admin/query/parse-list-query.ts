import type { CommandDeps } from '../../foundation/command/command.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import type { StaffActor } from '../../foundation/runtime/actor.ts';
import type { ResourceDefinition, Where } from '../define-resource.ts';
import type { ResolvedFilter } from './filter-value.ts';
import { splitFilterKey, whereOf } from './filter-where.ts';

export type ListQuery = {
  where: readonly Where[];
  /** Names of the filters used, for the read row; never their values. */
  filterNames: readonly string[];
  sortBy: string;
  direction: 'asc' | 'desc';
  page: number;
  perPage: number;
  /** Opaque keyset cursor of the last row seen; replaces the offset. */
  after: string | null;
  /** Free text, or null. */
  search: string | null;
};

const maxOffset = 10_000;
const defaultPerPage = 25;

/**
 * Parses the query of a list strictly: unknown filters, sorts and keys are refused, never ignored (H6, H22, H31).
 * @throws AppError unknown_filter, unknown_sort, invalid_filter, invalid_paging, bad_request
 */
export function parseListQuery(
  params: ReadonlyMap<string, string>,
  resource: { definition: ResourceDefinition; filters: ReadonlyMap<string, ResolvedFilter>; deps: CommandDeps; staff?: StaffActor },
): ListQuery {
  const { definition } = resource;
  const where: Where[] = [];
  const filterNames: string[] = [];
  for (const [key, text] of params) {
    if (key.startsWith('filters.')) {
      const asked = splitFilterKey(key.slice('filters.'.length));
      const filter = asked ? resource.filters.get(asked.field) : undefined;
      if (!asked || !filter) throw new AppError('unknown_filter');
      where.push(whereOf(filter, { ...asked, text }, resource.deps, resource.staff));
      filterNames.push(key.slice('filters.'.length));
    } else if (!listKeys.has(key)) {
      throw new AppError(key.startsWith('filters') ? 'unknown_filter' : 'bad_request');
    }
  }
  const search = params.get('q')?.trim() || null;
  if (search !== null && (!definition.search || search.length > 200)) throw new AppError('unknown_filter');
  return {
    where,
    filterNames: search === null ? filterNames : [...filterNames, 'q'],
    search,
    ...sorting(params, definition),
    ...paging(params),
  };
}

const listKeys: ReadonlySet<string> = new Set(['page', 'perPage', 'sortBy', 'direction', 'after', 'q']);

function sorting(params: ReadonlyMap<string, string>, definition: ResourceDefinition): Pick<ListQuery, 'sortBy' | 'direction'> {
  const sortBy = params.get('sortBy') ?? definition.defaultSort.field;
  if (!Object.hasOwn(definition.sorts, sortBy)) throw new AppError('unknown_sort');
  const fallback = sortBy === definition.defaultSort.field ? definition.defaultSort.direction : 'asc';
  const direction = params.get('direction') ?? fallback;
  if (direction !== 'asc' && direction !== 'desc') throw new AppError('unknown_sort');
  return { sortBy, direction };
}

function paging(params: ReadonlyMap<string, string>): Pick<ListQuery, 'page' | 'perPage' | 'after'> {
  const page = wholeNumber(params.get('page') ?? '1');
  const perPage = wholeNumber(params.get('perPage') ?? String(defaultPerPage));
  const after = params.get('after') ?? null;
  if (page < 1 || perPage < 1 || perPage > 100) throw new AppError('invalid_paging');
  if ((page - 1) * perPage > maxOffset) throw new AppError('invalid_paging');
  if (after !== null && (after.length > 400 || page !== 1)) throw new AppError('invalid_paging');
  return { page, perPage, after };
}

function wholeNumber(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new AppError('invalid_paging');
  return Number(text);
}
