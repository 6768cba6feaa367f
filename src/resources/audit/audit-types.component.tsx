import type { Action } from '../../admin/components/admin-types.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import type { DiffJson, ProvableJson } from '../../admin/history/history-json.ts';
import type { ActionRowJson } from './action-row.ts';

/** A line of the explorer, as audit.page.ts sends it. */
export type ActionRow = ActionRowJson;

export type Reach = 'all' | 'team' | 'own' | 'timeline';

export type ListView = {
  view: 'list';
  reach: Reach;
  rows: readonly ActionRow[];
  /** Cursors of the older and the newer page. */
  next: string | null;
  newer: string | null;
  totalText: string;
  lagSeconds: number;
  actorName: string | null;
  /** Null for roles that never export. */
  exportAction: Action | null;
};
export type ActionView = {
  view: 'action';
  reach: Reach;
  row: ActionRow;
  tables: readonly { table: string; recordId: string; op: string }[];
  changes: readonly DiffJson[];
  /** What of it can be proved. */
  rows: readonly ProvableJson[];
  canProve: boolean;
};

/** Screens of records by the noun of their audit rows. */
const screens: Readonly<Record<string, string>> = {
  user: t('User'),
  client: t('Client'),
  vendor: t('Vendor'),
  staff: t('Staff'),
  staff_grant: 'StaffGrant',
  country: t('Country'),
  session: t('Session'),
  login_event: 'LoginEvent',
  delivery: t('Delivery'),
};

export function screenOf(noun: string): string | null {
  return Object.hasOwn(screens, noun) ? (screens[noun] ?? null) : null;
}

export const outcomes = {
  ok: { label: t('Done'), tone: 'ok' },
  denied: { label: t('Denied'), tone: 'danger' },
  error: { label: t('Failed'), tone: 'warn' },
  read: { label: t('Read'), tone: 'info' },
} as const;

export function isOutcome(text: string): text is keyof typeof outcomes {
  return Object.hasOwn(outcomes, text);
}
