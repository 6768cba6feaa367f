import { actionWords, actorLabel } from '../../admin/index.ts';
import type { ActionListRow } from '../../audit/index.ts';

/** A line of the explorer, in words. */
export type ActionRowJson = {
  id: string;
  at: string;
  actor: string;
  actorId: string | null;
  role: string | null;
  what: string;
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

export function actionRow(row: ActionListRow, names: ReadonlyMap<string, string>): ActionRowJson {
  return {
    id: row.id,
    at: row.at,
    actor: actorLabel(row, names),
    actorId: row.actorId,
    role: row.roles[0]?.replaceAll('_', ' ') ?? null,
    what: `${actionWords(row.action, row.outcome)}${row.outcome === 'read' ? ` ${row.resource.replaceAll('_', ' ')}` : ''}`,
    verb: row.action,
    resource: row.resource,
    recordIds: row.recordIds,
    recordCount: row.recordCount,
    outcome: row.outcome,
    errorCode: row.errorCode,
    reason: row.reason,
    door: row.door,
    country: row.country,
    device: row.device,
    requestId: row.requestId,
    txid: row.txid,
    hasMfa: row.hasMfa,
    isSealed: row.isSealed,
    changeCount: row.changeCount,
    ms: row.ms,
  };
}
