import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../foundation/command/command.ts';
import { fail } from '../../foundation/errors/app-error.ts';
import { actorIdOf } from '../../foundation/runtime/actor.ts';

const input = z.strictObject({ id: z.uuid() });

export type LockedRun = {
  id: string;
  status: string;
  requestedBy: string;
  resource: string;
  undoAction: string | null;
  actionId: string | null;
  finishedAt: Date | null;
};

/** A run, locked. @throws AppError 404 `not_found` */
export async function loadRun(scope: CommandScope, { id }: { id: string }): Promise<LockedRun & { isOwn: boolean }> {
  const [run] = await scope.tx.$queryRaw<LockedRun[]>`
    SELECT r.id, r.status::text AS status, r.requested_by AS "requestedBy", r.resource, r.undo_action AS "undoAction",
           r.action_id AS "actionId", r.finished_at AS "finishedAt"
      FROM platform.bulk_run AS r WHERE r.id = ${id}::uuid FOR UPDATE`;
  if (!run) return fail('not_found');
  return { ...run, isOwn: run.requestedBy === actorIdOf(scope.actor) };
}

/**
 * Stops a run after the row it is at; what is done stays done. Own runs, and any run for admins.
 * @throws AppError 404 `not_found`, 409 `transition_not_allowed` for one that is over
 */
export const cancelBulkRun = defineCommand<z.infer<typeof input>, { left: number }, undefined, LockedRun & { isOwn: boolean }>({
  name: 'cancel-bulk-run',
  resource: 'bulk_run',
  access: 'bulk_run.cancel',
  input,
  load: loadRun,
  subject: ({ isOwn }) => ({ isOwn }),
  async run(scope, { id }, { status }) {
    if (status !== 'queued' && status !== 'running') return { refused: 'transition_not_allowed' };
    const { tx, now } = scope;
    const done = await tx.bulkRow.count({ where: { runId: id, outcome: { not: 'waiting' } } });
    const left = await tx.bulkRow.count({ where: { runId: id, outcome: 'waiting' } });
    await tx.bulkRun.updateMany({ where: { id }, data: { status: 'cancelled', finishedAt: now, done, version: { increment: 1 } } });
    scope.touched(id);
    scope.note(`${left} rows not done`);
    return { left };
  },
});
