import type { CommandDeps } from '../../foundation/command/command.ts';
import type { StaffActor } from '../../foundation/runtime/actor.ts';
import type { FilterOperator, Where } from '../define-resource.ts';
import { escapeLike, filterInvalid, parseBound, parseScalar, type ResolvedFilter } from './filter-value.ts';

const maxListed = 50;
const minContains = 3;

const suffixes: Readonly<Record<string, FilterOperator>> = {
  '': 'equals',
  from: 'between',
  to: 'between',
  contains: 'contains',
  starts: 'starts',
  in: 'in',
  isEmpty: 'isEmpty',
};

/** `createdAt~~from` -> field, operator and side; null when the suffix is none of ours. */
export function splitFilterKey(key: string): { field: string; suffix: string; operator: FilterOperator } | null {
  const [field = '', suffix = '', ...rest] = key.split('~~');
  const operator = Object.hasOwn(suffixes, suffix) ? suffixes[suffix] : undefined;
  return operator && rest.length === 0 && field !== '' ? { field, suffix, operator } : null;
}

/**
 * The Prisma where of one filter parameter.
 * @throws AppError invalid_filter
 */
export function whereOf(
  filter: ResolvedFilter,
  asked: { suffix: string; operator: FilterOperator; text: string },
  deps: CommandDeps,
  staff?: StaffActor,
): Where {
  const { operator, suffix, text } = asked;
  if (!filter.operators.includes(operator)) throw filterInvalid(filter.field);
  if (filter.where) {
    if (text.length === 0 || text.length > 320) throw filterInvalid(filter.field);
    // Whatever it is made of: only values that the filter offers reach it.
    if (filter.type === 'uuid' || filter.type === 'enum')
      for (const part of operator === 'in' ? text.split(',') : [text]) parseScalar(filter, part);
    return filter.where(text, operator, deps, staff);
  }
  switch (operator) {
    case 'equals':
      return { [filter.field]: { equals: parseScalar(filter, text) } };
    case 'in':
      return { [filter.field]: { in: listed(filter, text) } };
    case 'contains':
      if (filter.type !== 'text' || text.length < minContains || text.length > 200) throw filterInvalid(filter.field);
      return { [filter.field]: { contains: escapeLike(text), mode: 'insensitive' } };
    case 'starts':
      if (filter.type !== 'text' || text.length === 0 || text.length > 200) throw filterInvalid(filter.field);
      return { [filter.field]: { startsWith: escapeLike(text), mode: 'insensitive' } };
    case 'between': {
      const bound = parseBound(filter, text, suffix === 'to' ? 'to' : 'from');
      return { [filter.field]: { [bound.operator]: bound.value } };
    }
    case 'isEmpty':
      return emptiness(filter, text);
    default:
      return operator satisfies never;
  }
}

function listed(filter: ResolvedFilter, text: string): readonly unknown[] {
  const parts = text.split(',');
  if (parts.length > maxListed) throw filterInvalid(filter.field);
  return parts.map((part) => parseScalar(filter, part));
}

function emptiness(filter: ResolvedFilter, text: string): Where {
  if (text !== 'true' && text !== 'false') throw filterInvalid(filter.field);
  const empty: Where[] = [];
  if (filter.isNullable) empty.push({ [filter.field]: { equals: null } });
  if (filter.type === 'text') empty.push({ [filter.field]: { equals: '' } });
  const isEmpty = { OR: empty };
  return text === 'true' ? isEmpty : { NOT: isEmpty };
}
