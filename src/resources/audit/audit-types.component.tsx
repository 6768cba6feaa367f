import type { DiffEntry } from '../../admin/components/diff-view.component.tsx';
import type { TimelineEntry } from '../../admin/components/timeline.component.tsx';

/** What audit.page.ts sends, as JSON. */
export type ActionRow = {
  id: string;
  at: string;
  actor: string;
  actorId: string | null;
  role: string | null;
  what: string;
  whom: string | null;
  verb: string;
  resource: string;
  recordIds: readonly string[];
  recordCount: number;
  outcome: string;
  errorCode: string | null;
  reason: string | null;
  door: string;
  country: string | null;
  device: string | null;
  requestId: string | null;
  txid: string;
  hasMfa: boolean;
  isSealed: boolean;
  changeCount: number;
  ms: number;
};

export type Reach = 'all' | 'team' | 'own';

export type ListView = {
  view: 'list';
  reach: Reach;
  rows: readonly ActionRow[];
  next: string | null;
  totalText: string;
  lagSeconds: number;
  actorName: string | null;
};
export type ActionView = {
  view: 'action';
  reach: Reach;
  row: ActionRow;
  tables: readonly { table: string; recordId: string; op: string }[];
  changes: readonly DiffEntry[];
};
export type TimelineView = {
  view: 'timeline';
  record: string | null;
  subject: string | null;
  entries: readonly TimelineEntry[];
  next: string | null;
};
export type AuditView = ListView | ActionView | TimelineView;

/** Screens of records by the noun of their audit rows. */
const screens: Readonly<Record<string, string>> = {
  user: 'User',
  client: 'Client',
  vendor: 'Vendor',
  staff: 'Staff',
  staff_grant: 'StaffGrant',
  country: 'Country',
  session: 'Session',
  login_event: 'LoginEvent',
  delivery: 'Delivery',
};

export function screenOf(noun: string): string | null {
  return Object.hasOwn(screens, noun) ? (screens[noun] ?? null) : null;
}

export const outcomes = {
  ok: { label: 'Done', tone: 'ok' },
  denied: { label: 'Denied', tone: 'danger' },
  error: { label: 'Failed', tone: 'warn' },
  read: { label: 'Read', tone: 'info' },
} as const;

export function isOutcome(text: string): text is keyof typeof outcomes {
  return Object.hasOwn(outcomes, text);
}
