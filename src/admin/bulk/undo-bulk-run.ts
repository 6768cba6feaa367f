import { z } from 'zod';
import { defineCommand } from '../../foundation/command/command.ts';
import { fail } from '../../foundation/errors/app-error.ts';
import { addSeconds } from '../../foundation/runtime/clock.ts';
import { undoSeconds } from './bulk-run.ts';
import { type LockedRun, loadRun } from './cancel-bulk-run.ts';
import { writeRun } from './start-bulk-run.ts';

const input = z.strictObject({ id: z.uuid() });

/**
 * Takes an own run back, within 15 minutes and once: a new run of the inverse action over the rows that changed. A row that
 * somebody changed since is refused there, by its version.
 * @throws AppError 404 `not_found` for another person's run; 409 `transition_not_allowed` where nothing takes it back, it goes on or
 * nothing changed; 409 `already_exists` when it was taken back; 410 `undo_expired`
 */
export const undoBulkRun = defineCommand<z.infer<typeof input>, { runId: string; rows: number }, undefined, LockedRun & { isOwn: boolean }>(
  {
    name: 'undo-bulk-run',
    resource: 'bulk_run',
    access: 'bulk_run.start',
    input,
    load: loadRun,
    async preview(scope, { id }) {
      const rows = await scope.tx.bulkRow.count({ where: { runId: id, outcome: 'changed' } });
      return [`Takes back ${rows} ${rows === 1 ? 'row' : 'rows'}. A row that was changed since stays as it is.`];
    },
    async run(scope, { id }, run) {
      if (!run.isOwn) fail('not_found');
      if (run.undoAction === null || (run.status !== 'completed' && run.status !== 'cancelled'))
        return { refused: 'transition_not_allowed' };
      if (!run.finishedAt || scope.now >= addSeconds(run.finishedAt, undoSeconds)) return { refused: 'undo_expired' };
      // The run is locked, and only one run may name it: two clicks take it back once.
      if ((await scope.tx.bulkRun.count({ where: { undoOf: id } })) > 0) return { refused: 'already_exists' };
      const rows = await scope.tx.bulkRow.findMany({
        where: { runId: id, outcome: 'changed' },
        orderBy: { position: 'asc' },
        select: { recordId: true },
      });
      if (rows.length === 0) return { refused: 'transition_not_allowed' };
      const recordIds = rows.map((row) => row.recordId);
      const { resource, undoAction } = run;
      const runId = await writeRun(scope, {
        resource,
        command: undoAction,
        recordIds,
        form: {},
        undoAction: null,
        undoOf: id,
        isInline: false,
      });
      if (run.actionId) scope.takesBack(run.actionId);
      return { runId, rows: rows.length };
    },
  },
);
