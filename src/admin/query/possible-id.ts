import type { DmmfField } from '../dmmf.ts';

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Whether a text could be an id of the resource; what could not is 404 before the database is asked. */
export function isPossibleId(field: DmmfField, text: string): boolean {
  if (Array.isArray(field.nativeType) && field.nativeType[0] === 'Uuid') return uuid.test(text);
  if (field.type === 'Int' || field.type === 'BigInt') return /^\d{1,18}$/.test(text);
  return /^[A-Za-z0-9_.:-]{1,100}$/.test(text);
}
