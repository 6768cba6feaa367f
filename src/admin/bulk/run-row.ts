import { type AnyCommand, type CommandDeps, type CommandScope, type Envelope, isRefusal } from '../../foundation/command/command.ts';
import { AppError, fail } from '../../foundation/errors/app-error.ts';
import type { StaffActor } from '../../foundation/runtime/actor.ts';
import type { Tx } from '../../foundation/runtime/database.ts';
import { requireContext, runInContext } from '../../foundation/runtime/request-context.ts';
import type { CommandParts } from '../command-handlers.ts';
import type { Row } from '../define-resource.ts';
import { delegateOf } from '../read-within.ts';
import type { OpenRow } from './bulk-run.queries.ts';
import { type BulkTarget, isRowRefusal, type RowOutcome, reasonOf } from './bulk-run.ts';
import { isUnchanged } from './rehearse.ts';

type RowCall = { staff: StaffActor; row: OpenRow; envelope: Omit<Envelope, 'input'>; form: Readonly<Record<string, unknown>> };

/**
 * One row of a run as a command of its own, with the rights its requester has now. The mark of the row rides in the transaction of
 * its change: whatever dies when, a row is done once. A refusal is marked after it was recorded; a failure that another attempt may
 * not meet is thrown, and leaves the row to be done.
 */
export async function runRow(parts: Pick<CommandParts, 'deps' | 'runCommand'>, target: BulkTarget, call: RowCall): Promise<void> {
  const { staff, row } = call;
  try {
    const record = (await target.resource.reader.readOne(row.recordId, staff)) ?? fail('not_found');
    await runInContext({ ...requireContext(), actor: staff, action: null }, () => runOn(parts, target, { ...call, record }));
  } catch (error) {
    if (!isRowRefusal(error) || error.code === 'in_progress') throw error;
    await markRefused(parts.deps, row, error);
  }
}

async function runOn(
  parts: Pick<CommandParts, 'deps' | 'runCommand'>,
  { resource, action }: BulkTarget,
  call: RowCall & { record: Row },
): Promise<void> {
  const { record, row, form, envelope, staff } = call;
  const input = action.options.toInput?.(form, { recordId: row.recordId, row: record }) ?? { ...form, id: row.recordId };
  const isOffered = action.options.isVisible?.(record) ?? true;
  const refusal = isOffered ? undefined : new AppError('forbidden', { extra: { rule: 'not_offered' } });
  const expectedVersion = row.expectedVersion ?? undefined;
  try {
    await parts.runCommand(parts.deps, marking(action.command, { row, model: resource.definition.model }), {
      ...envelope,
      input,
      refusal,
      expectedVersion,
    });
  } catch (error) {
    // Not offered and not possible are the same to whoever reads the results; where the screen has a sentence for it, that one.
    if (!(error instanceof AppError) || (error !== refusal && error.code !== 'transition_not_allowed')) throw error;
    const sentence = action.options.refusal?.(record, staff, parts.deps.clock.now(), {}) ?? undefined;
    throw new RefusedRow(sentence ?? reasonOf(new AppError('transition_not_allowed')));
  }
}

/** A refusal that has its sentence already. */
class RefusedRow extends AppError {
  readonly sentence: string;

  constructor(sentence: string) {
    super('transition_not_allowed');
    this.sentence = sentence;
  }
}

/** The command, marking its row in the transaction of its change. A row that another worker has, or has done, is `in_progress`. */
function marking(command: AnyCommand, { row, model }: { row: OpenRow; model: string }): AnyCommand {
  return {
    ...command,
    isIdempotent: false,
    async load(scope: CommandScope, input: unknown): Promise<unknown> {
      const open = await scope.tx.$queryRaw<unknown[]>`
        SELECT 1 FROM platform.bulk_row AS w WHERE w.id = ${row.id}::uuid AND w.outcome = 'waiting' FOR UPDATE SKIP LOCKED`;
      if (open.length === 0) fail('in_progress');
      return command.load?.(scope, input);
    },
    async run(scope: CommandScope, input: unknown, loaded: unknown, prepared: unknown): Promise<unknown> {
      const output: unknown = await command.run(scope, input, loaded, prepared);
      if (isRefusal(output)) return output;
      const outcome: RowOutcome = isUnchanged(output) ? 'unchanged' : 'changed';
      const versionAfter = await versionOf(scope.tx, { model, id: row.recordId });
      await scope.tx.bulkRow.updateMany({
        where: { id: row.id },
        data: { outcome, actionId: scope.actionId, versionAfter, doneAt: scope.now },
      });
      return output;
    },
  };
}

/** Its version once the command has written; null for records that have none. */
async function versionOf(tx: Tx, { model, id }: { model: string; id: string }): Promise<number | null> {
  try {
    const [record] = await delegateOf(tx, model).findMany({ where: { id }, select: { version: true }, take: 1 });
    return typeof record?.version === 'number' ? record.version : null;
  } catch (error) {
    // The client refuses a field the model does not have before anything is asked of the database.
    if (error instanceof Error && error.name === 'PrismaClientValidationError') return null;
    throw error;
  }
}

async function markRefused(deps: CommandDeps, row: OpenRow, error: AppError): Promise<void> {
  const reason = error instanceof RefusedRow ? error.sentence : reasonOf(error);
  await deps.database.pool.query(
    `UPDATE platform.bulk_row SET outcome = 'refused', error_code = $2, reason = left($3, 300), done_at = $4 WHERE id = $1 AND outcome = 'waiting'`,
    [row.id, error.code, reason, deps.clock.now()],
  );
}
