import type { ShownValue } from './shown-value.ts';

/** Where a page of history goes on: the last row shown. Both parts are needed, since several rows may share a time. */
export type HistoryCursor = { at: string; id: string };

/** One audited row: `table` with its schema, `recordId` its key as text. */
export type RecordRef = { table: string; recordId: string };

/** Which history is asked for: all rows about a person, one record, or one click. */
export type HistoryOf = { subjectId: string } | RecordRef | { actionId: string };

export const operations = { 1: 'insert', 2: 'update', 3: 'delete', 4: 'truncate', 5: 'baseline' } as const;
export type Operation = (typeof operations)[keyof typeof operations];

/** One field of a change. */
export type FieldChange = { field: string; before: ShownValue; after: ShownValue };

export type HistoryChange = RecordRef & {
  eventId: string;
  op: Operation;
  fields: readonly FieldChange[];
};

/** One click: who, why and with what outcome, and every row it changed. */
export type HistoryEntry = {
  /** Id of the action row; null for changes that no action owns (psql, migrations). */
  actionId: string | null;
  at: string;
  actorId: string | null;
  actorType: string;
  roles: readonly string[];
  resource: string | null;
  action: string | null;
  outcome: string | null;
  errorCode: string | null;
  reason: string | null;
  requestId: string | null;
  /** Id of the action that this one takes back. */
  reverts: string | null;
  /** The login that wrote, where no action says who. */
  databaseUser: string | null;
  /** True once the row has its leaf in the tree. */
  isSealed: boolean;
  changes: readonly HistoryChange[];
};

export type HistoryPage = { entries: readonly HistoryEntry[]; next: HistoryCursor | null };
