import type { ActionJson } from '../action-states.ts';
import type { HistoryJson } from './history-json.ts';
import type { ComparisonJson, FieldStepJson, StateJson } from './version-json.ts';

/** What GET /admin/api/pages/history answers, by view. The record is `table:id`. */
export type TimelineAnswer = {
  view: 'timeline';
  entries: readonly HistoryJson[];
  next: string | null;
  reveal: ActionJson | null;
  can: {
    /** As-of and compare. */
    seeVersions: boolean;
    downloadProof: boolean;
  };
};

export type RecordsAnswer = { view: 'records'; records: readonly { record: string; label: string }[] };

export type FieldAnswer = {
  view: 'field';
  record: string;
  field: string;
  label: string;
  steps: readonly FieldStepJson[];
  next: string | null;
  reveal: ActionJson | null;
};

/** How chosen fields of the state shown could be restored; null where the person may not, or nothing of it can be. */
export type RestoreJson = {
  action: ActionJson;
  /** Columns that may be chosen. */
  fields: readonly string[];
  /** The record is deleted: it comes back as it was, all of it. */
  isWhole: boolean;
  recordId: string;
  eventId: string;
  expectedVersion: number;
  /** The values of now. */
  now: StateJson['fields'];
};

export type AsOfAnswer = {
  view: 'as-of';
  record: string;
  recordLabel: string;
  at: string | null;
  state: StateJson;
  restore: RestoreJson | null;
  /** How an encrypted value is shown; null where the person may not. */
  reveal: ActionJson | null;
};

export type CompareAnswer = {
  view: 'compare';
  record: string;
  recordLabel: string;
  comparison: ComparisonJson;
  restore: RestoreJson | null;
  /** How an encrypted value is shown; null where the person may not. */
  reveal: ActionJson | null;
};

export type ProofAnswer = {
  view: 'proof';
  rowId: string;
  state: 'waiting' | 'sealed' | 'absent' | 'broken';
  /** In plain language, one after the other. */
  sentences: readonly string[];
  facts: readonly { label: string; text: string; isTime?: boolean }[];
  canDownload: boolean;
  /** Name and content of the proof, where it was asked for. */
  file: { name: string; content: string } | null;
};

export type HistoryAnswer = TimelineAnswer | RecordsAnswer | FieldAnswer | AsOfAnswer | CompareAnswer | ProofAnswer;
