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
  tables: readonly { table: string; recordId: string; op: string; canOpen: boolean }[];
  changes: readonly DiffJson[];
  /** What of it can be proved. */
  rows: readonly ProvableJson[];
  canProve: boolean;
};

/** Screens of records by the noun of their audit rows. */
const screens: Readonly<Record<string, { resource: string }>> = {
  user: { resource: 'User' },
  client: { resource: 'Client' },
  vendor: { resource: 'Vendor' },
  staff: { resource: 'Staff' },
  staff_grant: { resource: 'StaffGrant' },
  country: { resource: 'Country' },
  session: { resource: 'Session' },
  login_event: { resource: 'LoginEvent' },
  delivery: { resource: 'Delivery' },
};

export function screenOf(noun: string): string | null {
  return Object.hasOwn(screens, noun) ? (screens[noun]?.resource ?? null) : null;
}

/** What a table is called where its history cannot be opened, or beside the link to it. */
export function tableName(table: string): string {
  return table.replace(/^.*\./, '').replaceAll('_', ' ');
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
