import type { Row } from '../../admin/index.ts';

/** Words and tones of the states of a store. */
export const vendorStatusStates = {
  draft: { label: 'Draft', tone: 'neutral' },
  submitted: { label: 'Waiting', tone: 'info' },
  in_review: { label: 'In review', tone: 'info' },
  changes_requested: { label: 'Changes requested', tone: 'warn' },
  approved: { label: 'Approved', tone: 'ok' },
  rejected: { label: 'Rejected', tone: 'danger' },
  suspended: { label: 'Suspended', tone: 'danger' },
  closed: { label: 'Closed', tone: 'neutral' },
} as const;

type Status = keyof typeof vendorStatusStates;

export function storeName(row: Row | null): string {
  return typeof row?.storeName === 'string' ? row.storeName : 'The store';
}

/** "Approved stores only: this one is suspended." */
export function onlyIn(row: Row, ...statuses: readonly Status[]): string | null {
  const known: Readonly<Record<string, { label: string } | undefined>> = vendorStatusStates;
  if (statuses.some((status) => status === row.status)) return null;
  const wanted = statuses.map((status, place) =>
    place === 0 ? vendorStatusStates[status].label : vendorStatusStates[status].label.toLowerCase(),
  );
  return `${wanted.join(' or ')} stores only: this one is ${(known[String(row.status)]?.label ?? String(row.status)).toLowerCase()}.`;
}

/** Until when payouts of the owner are held; null where they are not. */
export function heldUntil(row: Row, now: Date): Date | null {
  const { user } = row;
  const until: unknown = typeof user === 'object' && user !== null ? Reflect.get(user, 'payoutHoldUntil') : null;
  return until instanceof Date && until > now ? until : null;
}

export function versionIn(output: unknown): number | null {
  const version: unknown = typeof output === 'object' && output !== null ? Reflect.get(output, 'version') : null;
  return typeof version === 'number' ? version : null;
}
