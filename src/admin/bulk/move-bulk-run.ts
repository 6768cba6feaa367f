import { z } from 'zod';
import { type CommandDeps, defineCommand } from '../../foundation/command/command.ts';
import { runCommand } from '../../foundation/command/run-command.ts';
import { runInContext, systemContext } from '../../foundation/runtime/request-context.ts';

const input = z.strictObject({ id: z.uuid() });

/** queued -> running; one that runs already goes on. */
const beginBulkRun = defineCommand<z.infer<typeof input>, { isOpen: boolean }>({
  name: 'begin-bulk-run',
  resource: 'bulk_run',
  access: 'system',
  input,
  isIdempotent: false,
  async run({ tx, now, touched }, { id }) {
    touched(id);
    const data = { status: 'running', startedAt: now, version: { increment: 1 } } as const;
    const { count } = await tx.bulkRun.updateMany({ where: { id, status: 'queued' }, data });
    return { isOpen: count === 1 };
  },
});

const ended = z.strictObject({ id: z.uuid(), status: z.enum(['completed', 'failed']), reason: z.string().max(300).optional() });

/** running -> completed or failed. Rows that a failed run did not come to are refused, with the reason. */
const endBulkRun = defineCommand<z.infer<typeof ended>, { isEnded: boolean }>({
  name: 'end-bulk-run',
  resource: 'bulk_run',
  access: 'system',
  input: ended,
  isIdempotent: false,
  async run({ tx, now, touched, emit }, { id, status, reason }) {
    touched(id);
    const { count } = await tx.bulkRun.updateMany({
      where: { id, status: 'running' },
      data: { status, finishedAt: now, version: { increment: 1 } },
    });
    if (count === 0) return { isEnded: false };
    if (status === 'failed') {
      const data = { outcome: 'refused', reason: reason ?? null, errorCode: 'forbidden', doneAt: now } as const;
      await tx.bulkRow.updateMany({ where: { runId: id, outcome: 'waiting' }, data });
    }
    const done = await tx.bulkRow.count({ where: { runId: id, outcome: { not: 'waiting' } } });
    await tx.bulkRun.updateMany({ where: { id }, data: { done } });
    const run = await tx.bulkRun.findUniqueOrThrow({ where: { id }, select: { requestedBy: true } });
    emit({ name: bulkRunFinished, aggregateId: id, payload: { runId: id, staffUserId: run.requestedBy, status } });
    return { isEnded: true };
  },
});

/** Event for the notice "job finished". */
const bulkRunFinished = 'platform.bulk_run.finished';

/** Of the product itself, whoever stands at the door. */
const asProduct = <T>(work: () => Promise<T>): Promise<T> => runInContext(systemContext('bulk-run', 'worker'), work);

/** False where the run is over. */
export async function beginRun(deps: CommandDeps, run: { id: string; status: string }): Promise<boolean> {
  if (run.status !== 'queued') return run.status === 'running';
  return (await asProduct(() => runCommand(deps, beginBulkRun, { input: { id: run.id } }))).output.isOpen;
}

export async function endRun(deps: CommandDeps, end: z.infer<typeof ended>): Promise<void> {
  await asProduct(() => runCommand(deps, endBulkRun, { input: end }));
}
