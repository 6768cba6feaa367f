import type { CommandDeps } from '../../foundation/command/command.ts';
import type { FieldChange, HistoryCursor, HistoryEntry, RecordRef } from './history-types.ts';
import { readHistory } from './record-history.queries.ts';

/** One value a field was given: by whom and when, and what it replaced. */
export type FieldStep = Omit<HistoryEntry, 'changes'> & { eventId: string; change: FieldChange };

/** The values of one field over time, newest first, keyset paged. The caller has checked the permission and records the read. */
export async function readFieldTimeline(
  deps: CommandDeps,
  asked: RecordRef & { field: string; limit: number; before?: HistoryCursor | undefined },
): Promise<{ steps: readonly FieldStep[]; next: HistoryCursor | null }> {
  const { field, limit, before, ...record } = asked;
  const { entries, next } = await readHistory(deps, record, { limit, before, filter: { field, kind: 'change' } });
  const steps = entries.flatMap(({ changes, ...entry }) =>
    changes.flatMap(({ eventId, fields }) =>
      fields.filter((change) => change.field === field).map((change) => ({ ...entry, eventId, change })),
    ),
  );
  return { steps, next };
}
