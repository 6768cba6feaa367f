import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../foundation/command/command.ts';
import { newId } from '../../foundation/runtime/new-id.ts';
import { requireStaff } from '../lists/staff-actor.ts';
import { inlineRows, maxRows } from './bulk-run.ts';

const input = z.strictObject({
  resource: z.string().max(60),
  /** Name of the action. */
  action: z.string().max(60),
  recordIds: z.array(z.uuid()).min(1).max(maxRows),
  form: z.record(z.string(), z.unknown()),
  /** What takes it back. */
  undoAction: z.string().max(60).nullable(),
});
type Input = z.infer<typeof input>;

/** Event on which the worker takes a run up. */
export const bulkRunRequested = 'platform.bulk_run.requested';

/**
 * Writes a run and its rows down; nothing is changed by it yet. A small one goes on at the door that asked, a large one in the
 * worker. Offered by no screen itself: the door of an action's bulk route asks for it, once the route was open to the person.
 */
export const startBulkRun = defineCommand<Input, { runId: string; isInline: boolean }>({
  name: 'start-bulk-run',
  resource: 'bulk_run',
  access: 'bulk_run.start',
  input,
  async run(scope, { resource, action, recordIds, form, undoAction }) {
    const isInline = recordIds.length <= inlineRows;
    const runId = await writeRun(scope, { resource, command: action, recordIds, form, undoAction, undoOf: null, isInline });
    scope.note(`${action} on ${recordIds.length} of ${resource}`);
    return { runId, isInline };
  },
});

type NewRun = {
  resource: string;
  command: string;
  recordIds: readonly string[];
  form: Readonly<Record<string, unknown>>;
  undoAction: string | null;
  undoOf: string | null;
  /** The door goes on with it; otherwise the worker is told. */
  isInline: boolean;
};

/** The run with its rows, in the transaction of whoever asks; under the reason, factor and session of the asking. */
export async function writeRun(scope: CommandScope, run: NewRun): Promise<string> {
  const { tx, now, reason } = scope;
  const staff = requireStaff(scope);
  const id = newId();
  const { resource, command, recordIds, undoAction, undoOf, isInline } = run;
  await tx.bulkRun.createMany({
    data: {
      id,
      createdAt: now,
      resource,
      command,
      undoAction,
      undoOf,
      requestedBy: staff.id,
      reasonCode: reason?.code ?? null,
      reasonText: reason?.text?.trim() ?? null,
      ticketId: scope.ticketId,
      input: JSON.parse(JSON.stringify(run.form)),
      status: isInline ? 'running' : 'queued',
      startedAt: isInline ? now : null,
      total: recordIds.length,
      actionId: scope.actionId,
      askedSession: new Uint8Array(staff.sessionHash),
      provedAt: staff.factorAt,
    },
  });
  await tx.bulkRow.createMany({ data: recordIds.map((recordId, position) => ({ runId: id, recordId, position })) });
  scope.touched(id);
  if (!isInline) scope.emit({ name: bulkRunRequested, aggregateId: id, payload: { runId: id } });
  return id;
}
