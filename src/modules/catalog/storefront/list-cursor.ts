import { validationError } from '../../../foundation/errors/app-error.ts';
import { uuidPattern } from '../../../foundation/runtime/new-id.ts';
import type { ProductSort } from './storefront-query.ts';

/** Where a page ended: the value it is sorted by, as PostgreSQL wrote it, and the id that tells equal ones apart. */
export type ListCursor = { value: string; id: string };

const forms: Readonly<Record<ProductSort, (value: string) => boolean>> = {
  newest: (value) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/.test(value) && !Number.isNaN(Date.parse(value)),
  price: isPrice,
  '-price': isPrice,
  relevance: (value) => /^(?:0|1|0\.\d{1,12}|\d(?:\.\d{1,12})?e-\d{1,2})$/.test(value),
};

function isPrice(value: string): boolean {
  return /^\d{1,9}\.\d{2}$/.test(value);
}

export function writeCursor(sort: ProductSort, { value, id }: ListCursor): string {
  return Buffer.from(`${sort}|${value}|${id}`).toString('base64url');
}

/** @throws AppError 422 `invalid_value` for one that is none of ours or belongs to another order */
export function readCursor(sort: ProductSort, cursor: string): ListCursor {
  // Decoding is lenient: what it would skip could make one page many.
  if (!/^[\w-]+$/.test(cursor)) throw validationError([{ path: 'cursor', code: 'invalid_value' }]);
  const [madeFor, value = '', id = '', ...rest] = Buffer.from(cursor, 'base64url').toString('latin1').split('|');
  if (madeFor !== sort || rest.length > 0 || !forms[sort](value) || !uuidPattern.test(id)) {
    throw validationError([{ path: 'cursor', code: 'invalid_value' }]);
  }
  return { value, id };
}
