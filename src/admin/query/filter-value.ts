import { AppError } from '../../foundation/errors/app-error.ts';
import { isStorableTime } from '../../foundation/runtime/storable-time.ts';
import type { FilterDefinition } from '../define-resource.ts';

/** A filter's definition with what the data model adds to it. */
export type ResolvedFilter = FilterDefinition & {
  field: string;
  isNullable: boolean;
  /** Stored as BIGINT: values travel as bigint. */
  isBigInt: boolean;
  enumValues: readonly string[];
};

export type Scalar = string | number | bigint | boolean | Date;

const anyUuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const integer = /^-?\d{1,18}$/;
const decimal = /^-?\d{1,18}(?:\.\d{1,8})?$/;
const day = /^(\d{4})-(\d{2})-(\d{2})$/;
const instant = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,6})?)?(?:Z|[+-]\d{2}:\d{2})$/;
const maxTextLength = 200;

export function filterInvalid(field: string): AppError {
  return new AppError('invalid_filter', { params: { field }, extra: { field } });
}

/**
 * One value of a filter, strictly by its type: no JSON, no objects, no truthiness (H22, H23).
 * @throws AppError invalid_filter
 */
export function parseScalar(filter: ResolvedFilter, text: string): Scalar {
  switch (filter.type) {
    case 'uuid':
      if (anyUuid.test(text)) return text.toLowerCase();
      break;
    case 'enum':
      if (filter.enumValues.includes(text)) return text;
      break;
    case 'boolean':
      if (text === 'true' || text === 'false') return text === 'true';
      break;
    case 'integer':
      return parseInteger(filter, text);
    case 'decimal':
      if (decimal.test(text)) return text;
      break;
    case 'date':
    case 'datetime':
      // A point in time matches nothing by accident only; dates are asked for as ranges.
      break;
    case 'text':
      if (text.length > 0 && text.length <= maxTextLength) return text;
      break;
    default:
      return filter.type satisfies never;
  }
  throw filterInvalid(filter.field);
}

function parseInteger(filter: ResolvedFilter, text: string): number | bigint {
  if (!integer.test(text)) throw filterInvalid(filter.field);
  if (filter.isBigInt) return BigInt(text);
  const value = Number(text);
  if (value > 2_147_483_647 || value < -2_147_483_648) throw filterInvalid(filter.field);
  return value;
}

/** A bound of a range. `to` with a bare date includes that whole day, in UTC. */
export function parseBound(filter: ResolvedFilter, text: string, side: 'from' | 'to'): { operator: 'gte' | 'lte' | 'lt'; value: Scalar } {
  if (filter.type === 'date' || filter.type === 'datetime') {
    const parts = day.exec(text);
    if (!parts && !instant.test(text)) throw filterInvalid(filter.field);
    const milliseconds = Date.parse(parts ? `${text}T00:00:00Z` : text);
    if (!isStorableTime(milliseconds) || (parts && new Date(milliseconds).toISOString().slice(0, 10) !== text))
      throw filterInvalid(filter.field);
    if (side === 'to' && parts) return { operator: 'lt', value: new Date(milliseconds + 24 * 3600 * 1000) };
    return { operator: side === 'from' ? 'gte' : 'lte', value: new Date(milliseconds) };
  }
  return { operator: side === 'from' ? 'gte' : 'lte', value: parseScalar(filter, text) };
}

/** LIKE has three special characters, which Prisma passes on as they are. */
export function escapeLike(text: string): string {
  return text.replace(/[\\%_]/g, String.raw`\$&`);
}
