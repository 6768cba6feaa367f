import type { Response } from 'express';
import { requireConditions } from '../../foundation/command/authorize.ts';
import type { CommandResult } from '../../foundation/command/command.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import { type CommandBody, parseCommandBody } from '../command-body.ts';
import type { CommandParts } from '../command-handlers.ts';
import { requireSignedIn, stateOf } from '../state.ts';
import { rowsOf } from './bulk-run.queries.ts';
import { type BulkTarget, maxRows } from './bulk-run.ts';
import { dryRun } from './dry-run.ts';
import { executeRun } from './execute-run.ts';
import { startBulkRun } from './start-bulk-run.ts';

/**
 * POST A/R/bulk/ACTION (H29): a dry run tells what each row would meet; a run writes its rows down first and does each as a command
 * of its own. Up to twenty rows the answer has their results, beyond that the worker has the run and the answer its id.
 */
export async function answerBulk(parts: CommandParts, target: BulkTarget, res: Response): Promise<object> {
  const body = parseCommandBody(stateOf(res).fields);
  const max = target.action.options.bulkLimit ?? maxRows;
  if (body.recordIds.length > max) throw new AppError('too_long', { params: { max } });
  const ids = [...new Set(body.recordIds.map((id) => id.toLowerCase()))];
  if (body.isDryRun) {
    const { staff } = requireSignedIn(res);
    const found = await target.resource.reader.readMany(ids, staff);
    const rows = new Map(found.map((row) => [String(row.id), row]));
    return { results: await dryRun(parts, target, { body, ids, rows, staff }), dryRun: true };
  }
  const { output, isReplay } = await start(parts, target, { body, ids });
  if (output.isInline && !isReplay) await executeRun(parts, output.runId);
  return answerOf(parts, target, { ...output, rows: ids.length });
}

function start(
  parts: CommandParts,
  { resource, action }: BulkTarget,
  { body, ids }: { body: CommandBody; ids: readonly string[] },
): Promise<CommandResult<{ runId: string; isInline: boolean }>> {
  const { envelope, form } = body;
  const { undo } = action.options;
  const isUndoable = undo !== undefined && (undo.isOffered?.(envelope.reason?.code ?? null) ?? true);
  // What takes it back is done to many at once as well.
  const undoAction = isUndoable && resource.actions.get(undo.action)?.placement.includes('bulk') ? undo.action : null;
  const command: typeof startBulkRun = {
    ...startBulkRun,
    // What the action itself asks of a call is asked once, before any row.
    prepare: async (deps, _input, context) => {
      requireConditions(action.command, context.actor, { ...envelope, input: {} }, deps.clock.now());
      return undefined;
    },
  };
  const input = { resource: resource.definition.id, action: action.name, recordIds: ids, form, undoAction };
  return parts.runCommand(parts.deps, command, { ...envelope, input }) as Promise<CommandResult<{ runId: string; isInline: boolean }>>;
}

async function answerOf(
  { deps }: CommandParts,
  { action }: BulkTarget,
  { runId, isInline, rows }: { runId: string; isInline: boolean; rows: number },
): Promise<object> {
  if (!isInline) return { results: [], runId, message: `${action.label}: ${rows} rows are being done, one by one.` };
  const done = await rowsOf(deps, runId);
  return { runId, results: done.filter((row) => row.outcome !== 'waiting').map(({ doneAt: _, ...row }) => row) };
}
