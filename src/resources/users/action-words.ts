import type { Row } from '../../admin/index.ts';

/** Words that the messages and refusals of a customer's actions are made of. */
export function nameOf(row: Row | null): string {
  const first = row?.firstName ?? row?.displayName ?? row?.memberId;
  return typeof first === 'string' && first !== '' ? first : 'The customer';
}

export function contactOf(row: Row | null): string {
  const masked = row?.emailMasked ?? row?.phoneMasked;
  return typeof masked === 'string' ? masked : 'the contact on file';
}

export function channelOf(row: Row | null): string {
  return row?.emailMasked ? 'email' : 'SMS';
}

export function isLocked(row: Row, now: Date): boolean {
  return row.lockedUntil instanceof Date && row.lockedUntil > now;
}

/** "Active accounts only: this account is suspended." */
export function activeOnly(row: Row): string | null {
  return row.status === 'active' ? null : `Active accounts only: this account is ${String(row.status)}.`;
}

export function notErased(row: Row): string | null {
  return row.status === 'erased' ? 'This person is erased: there is nothing left to change.' : null;
}

/** What asks two people rests on a check of the caller, recorded once per call at the top of the page. */
export function checkedOnly(row: Row, extra: Readonly<Record<string, unknown>>): string | null {
  return notErased(row) ?? (extra.callerCheck ? null : 'Check the caller first: two items, at the top of the page.');
}

export function textIn(value: unknown, name: string): string | null {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : null;
  return typeof found === 'string' ? found : null;
}

export function numberIn(value: unknown, name: string): number | null {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : null;
  return typeof found === 'number' ? found : null;
}

export function isTrueIn(value: unknown, name: string): boolean {
  return typeof value === 'object' && value !== null && Reflect.get(value, name) === true;
}

/** Whether a correction wrote anything. */
export function hasFields(output: unknown): boolean {
  const fields: unknown = typeof output === 'object' && output !== null ? Reflect.get(output, 'fields') : null;
  return Array.isArray(fields) && fields.length > 0;
}
