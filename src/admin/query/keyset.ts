import { z } from 'zod';
import { AppError } from '../../foundation/errors/app-error.ts';
import { isStorableText } from '../../foundation/runtime/storable-text.ts';
import { isStorableTime } from '../../foundation/runtime/storable-time.ts';
import type { Row, Where } from '../define-resource.ts';
import type { DmmfField } from '../dmmf.ts';
import { isPossibleId } from './possible-id.ts';

const cursorShape = z.tuple([z.union([z.string(), z.number(), z.boolean()]), z.string().min(1).max(100)]);

/** Opaque position after a row: its sort value and id. */
export function cursorOf(row: Row, sortBy: string): string {
  return Buffer.from(JSON.stringify([plain(row[sortBy]), String(row.id)])).toString('base64url');
}

function plain(value: unknown): string | number | boolean {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return String(value);
}

/**
 * Rows after the cursor in the order of the list. It reads from the index where the last page ended, so page 10,000 costs
 * as much as page 1.
 * @throws AppError invalid_paging for a cursor that is not ours
 */
export function afterWhere(
  query: { after: string | null; sortBy: string; direction: 'asc' | 'desc' },
  fields: ReadonlyMap<string, DmmfField>,
  idField: DmmfField,
): Where {
  const field = fields.get(query.sortBy);
  const [sortValue, id] = decode(query.after ?? '');
  if (!isPossibleId(idField, id)) throw new AppError('invalid_paging');
  const beyond = query.direction === 'asc' ? 'gt' : 'lt';
  if (query.sortBy === 'id') return { id: { [beyond]: id } };
  const value = typed(sortValue, field?.type ?? 'String');
  const { past, same } = bounds(value, beyond);
  return { OR: [{ [query.sortBy]: past }, { AND: [{ [query.sortBy]: same }, { id: { [beyond]: id } }] }] };
}

/**
 * Times are stored in microseconds and read in milliseconds: a cursor means its whole millisecond, inside which ids (made in
 * time order) decide. Comparing with the cut-off value itself would skip the rest of that millisecond.
 */
function bounds(value: unknown, beyond: 'gt' | 'lt'): { past: Where; same: Where } {
  if (!(value instanceof Date)) return { past: { [beyond]: value }, same: { equals: value } };
  const end = new Date(value.getTime() + 1);
  return { past: beyond === 'gt' ? { gte: end } : { lt: value }, same: { gte: value, lt: end } };
}

function decode(text: string): z.infer<typeof cursorShape> {
  try {
    return cursorShape.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
  } catch (cause) {
    throw new AppError('invalid_paging', { cause });
  }
}

function typed(value: string | number | boolean, type: string): unknown {
  switch (type) {
    case 'DateTime': {
      const at = new Date(String(value));
      if (!isStorableTime(at.getTime())) throw new AppError('invalid_paging');
      return at;
    }
    case 'Int':
      if (typeof value !== 'number' || (value | 0) !== value) throw new AppError('invalid_paging');
      return value;
    case 'Float':
      if (typeof value !== 'number') throw new AppError('invalid_paging');
      return value;
    case 'BigInt':
      if (!/^-?\d{1,18}$/.test(String(value))) throw new AppError('invalid_paging');
      return BigInt(String(value));
    case 'Boolean':
      return value === true;
    default:
      if (!isStorableText(String(value))) throw new AppError('invalid_paging');
      return String(value);
  }
}
