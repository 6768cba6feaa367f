import { actionWords, actorLabel, isEntrance, reasonWords, roleLabel } from '../../admin/index.ts';
import type { ClickRow } from '../../audit/index.ts';

/** A line of the explorer, in words. */
export type ActionRowJson = {
  id: string;
  at: string;
  actor: string;
  actorId: string | null;
  role: string | null;
  what: string;
  /** Whom it was about, where that is one person. */
  whom: string | null;
  verb: string;
  resource: string;
  recordIds: readonly string[];
  recordCount: number;
  /** `schema.table:id` of a change that no action owns. */
  record: string | null;
  /** Whether the reader may open the history of that record. */
  canOpenHistory: boolean;
  outcome: string;
  errorCode: string | null;
  reason: string | null;
  note: string | null;
  door: string;
  country: string | null;
  device: string | null;
  /** Anomaly score, where one was given. */
  score: number | null;
  requestId: string | null;
  txid: string;
  hasMfa: boolean;
  isSealed: boolean;
  changeCount: number;
  ms: number;
};

export function actionRow(row: ClickRow, names: ReadonlyMap<string, string>, canOpenHistory = false): ActionRowJson {
  const whom = whomOf(row, names);
  const isSelf = whom !== null && isEntrance(row);
  return {
    id: row.id,
    at: row.at,
    actor: isSelf ? whom : actorLabel(row, names),
    actorId: row.actorId,
    role: roleLabel(row),
    what: whatOf(row),
    whom: isSelf ? null : whom,
    verb: row.action,
    resource: row.resource,
    recordIds: row.recordIds,
    recordCount: row.recordCount,
    record: row.record,
    canOpenHistory,
    outcome: row.outcome,
    errorCode: row.errorCode,
    reason: reasonWords(row.reason),
    note: row.note,
    door: row.door,
    country: row.country,
    device: row.device,
    score: row.score,
    requestId: row.requestId,
    txid: row.txid,
    hasMfa: row.hasMfa,
    isSealed: row.isSealed,
    changeCount: row.changeCount,
    ms: row.ms,
  };
}

const directVerbs: Readonly<Record<string, string>> = {
  insert: 'added a row of',
  update: 'changed a row of',
  delete: 'deleted a row of',
  truncate: 'emptied',
  baseline: 'first recorded a row of',
};

function whatOf(row: ClickRow): string {
  if (row.door === 'direct') return `${directVerbs[row.action] ?? row.action} ${row.resource}, past the application`;
  return `${actionWords(row.action, row.outcome)}${row.outcome === 'read' ? ` ${row.resource.replaceAll('_', ' ')}` : ''}`;
}

/** The first of its records that is a person; not repeated where people act on themselves. */
function whomOf(row: ClickRow, names: ReadonlyMap<string, string>): string | null {
  const id = row.recordCount > 3 ? undefined : row.recordIds.find((recordId) => names.has(recordId));
  return id === undefined || id === row.actorId ? null : (names.get(id) ?? null);
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Everybody named in these rows: actors, and the people it was about. */
export function peopleIn(rows: readonly ClickRow[]): readonly string[] {
  return rows.flatMap((row) => [...(row.actorId ? [row.actorId] : []), ...row.recordIds.slice(0, 3).filter((id) => uuid.test(id))]);
}
