import { describeAction } from '../../admin/action-states.ts';
import type { RestoreJson } from '../../admin/history/history-answers.ts';
import { type CommandAction, commandAction, type PageRequest, stateJson, tableWords } from '../../admin/index.ts';
import { type RecordRef, type RecordState, stateAt } from '../../audit/index.ts';
import { grantFor } from '../../foundation/access/evaluate.ts';
import { actorNames, type RestorableTable, restorableTables } from '../../modules/identity/index.ts';

/** One action for each table whose versions can be restored, by the command of the module that owns it. */
export const restoreActions: readonly CommandAction[] = restorableTables.map((restorable) =>
  commandAction(restorable.command, {
    label: 'Restore',
    effect: 'Writes the chosen values as a new version; nothing of the history is changed',
    placement: ['record'],
    group: 'careful',
    reasonCodes: ['error_correction', 'customer_request', 'fraud', 'security', 'legal', 'other'],
    message: (output) => restoredMessage(restorable, output),
  }),
);

function restoredMessage({ table }: RestorableTable, output: unknown): string {
  const fields: unknown = typeof output === 'object' && output !== null && 'fields' in output ? output.fields : [];
  const count = Array.isArray(fields) ? fields.length : 0;
  if (count === 0) return `Nothing was changed: ${tableWords(table).toLowerCase()} holds these values already.`;
  return `Restored ${count === 1 ? '1 field' : `${count} fields`} of ${tableWords(table).toLowerCase()} as a new version.`;
}

/** What of a state the person could restore now; null without the right, and where there is nothing to restore. */
export async function restoreOf(request: PageRequest, record: RecordRef, state: RecordState): Promise<RestoreJson | null> {
  const { deps, staff, now } = request;
  const index = restorableTables.findIndex(({ table }) => table === record.table);
  const [restorable, action] = [restorableTables[index], restoreActions[index]];
  if (!restorable || !action || !state.version || grantFor(staff, action.permission, { now }) === null) return null;
  const expectedVersion = await restorable.currentVersion(deps, record.recordId);
  const isWhole = expectedVersion === 0;
  if (isWhole && !(restorable.canRecover && state.version.op === 'delete')) return null;
  const kept = new Set(state.fields.filter(({ value }) => value.kind !== 'erased' && value.kind !== 'truncated').map(({ field }) => field));
  const fields = restorable.fields.filter((field) => kept.has(field));
  if (fields.length === 0) return null;
  const current = await stateAt(deps, record, { at: 'infinity' });
  const names = await actorNames(deps, []);
  return {
    action: describeAction(action, null),
    fields,
    isWhole,
    recordId: record.recordId,
    eventId: state.version.eventId,
    expectedVersion,
    now: stateJson(record.table, current, names).fields,
  };
}
