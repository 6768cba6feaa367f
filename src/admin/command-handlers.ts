import { createHash } from 'node:crypto';
import type { Response } from 'express';
import { AppError } from '../foundation/errors/app-error.ts';
import { addSeconds } from '../foundation/runtime/clock.ts';
import type { AdminOptions } from './admin.ts';
import type { BaseRecord } from './adminjs.ts';
import type { CommandAction } from './command-action.ts';
import { type CommandBody, parseCommandBody } from './command-body.ts';
import type { Row } from './define-resource.ts';
import type { RegisteredResource, Registry } from './registry.ts';
import { serialiseRecords } from './serialise-record.ts';
import { requireSignedIn, stateOf } from './state.ts';
import { errorText } from './texts.ts';

export type CommandParts = Pick<AdminOptions, 'deps' | 'runCommand' | 'previewCommand'> & { registry: Registry };

/** What a command is called on: nothing, or one record of a resource. */
type Target = { resource: RegisteredResource | null; row: Row | null };

const bulkLimit = 200;

/** POST of a command on one record, a resource or a page. */
export async function runAction(parts: CommandParts, action: CommandAction, call: { res: Response; target: Target }): Promise<object> {
  const { res, target } = call;
  const body = parseCommandBody(stateOf(res).fields);
  const refusal = refusalOf(action, target.row);
  if (body.isDryRun && refusal) throw refusal;
  const envelope = { ...body.envelope, input: inputOf(action, body, target.row), refusal };
  if (body.isDryRun) return { effects: await parts.previewCommand(parts.deps, action.command, envelope), dryRun: true };
  try {
    const { output, actionId } = await parts.runCommand(parts.deps, action.command, envelope);
    if (action.options.file) return action.options.file(output, parts.deps);
    return {
      message: action.message(output, target.row),
      receipt: { actionId, ...undoOf(parts, action, output) },
      ...(target.row ? { record: { id: String(target.row.id) } } : {}),
      ...(action.options.shown ? { shown: action.options.shown(output) } : {}),
    };
  } catch (error) {
    throw await withCurrent(parts, error, call);
  }
}

/** POST A/R/bulk/ACTION: each row a command and an action row of its own, one refusal stops nothing (H29). */
export async function runBulk(
  parts: CommandParts,
  action: CommandAction,
  call: { res: Response; resource: RegisteredResource; records: readonly BaseRecord[] },
): Promise<object> {
  const body = parseCommandBody(stateOf(call.res).fields);
  const limit = action.options.bulkLimit ?? bulkLimit;
  if (body.recordIds.length > limit) throw new AppError('too_long', { params: { limit } });
  const rows = new Map(call.records.map((record) => call.resource.reader.rowOf(record)).map((row) => [String(row.id), row]));
  const results: object[] = [];
  for (const id of new Set(body.recordIds)) results.push(await bulkRow(parts, action, { id, row: rows.get(id) ?? null, body }));
  return { results, ...(body.isDryRun ? { dryRun: true } : {}) };
}

async function bulkRow(
  parts: CommandParts,
  action: CommandAction,
  item: { id: string; row: Row | null; body: CommandBody },
): Promise<object> {
  const { id, row, body } = item;
  if (!row) return { id, outcome: 'refused', reason: errorText('not_found') };
  const refusal = refusalOf(action, row);
  if (body.isDryRun && refusal) return { id, outcome: 'refused', reason: errorText('transition_not_allowed') };
  const envelope = { ...body.envelope, input: inputOf(action, body, row), refusal };
  try {
    if (body.isDryRun) {
      const effects = await parts.previewCommand(parts.deps, action.command, envelope);
      return { id, outcome: 'changed', effects };
    }
    const idempotencyKey = keyFor(`${body.envelope.idempotencyKey}:${id}`);
    const { output, actionId } = await parts.runCommand(parts.deps, action.command, { ...envelope, idempotencyKey });
    return { id, outcome: isUnchanged(output) ? 'unchanged' : 'changed', actionId };
  } catch (error) {
    if (error === refusal) return { id, outcome: 'refused', reason: errorText('transition_not_allowed') };
    if (error instanceof AppError && error.status < 500 && error.code !== 'step_up_required')
      return { id, outcome: 'refused', reason: errorText(error.code, error.details.params), code: error.code };
    throw error;
  }
}

function isUnchanged(output: unknown): boolean {
  return typeof output === 'object' && output !== null && 'isUnchanged' in output && output.isUnchanged === true;
}

/** A key per row, so that repeating the whole call replays each row's answer. */
function keyFor(callAndRow: string): string {
  const hex = createHash('sha256').update(callAndRow).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function inputOf(action: CommandAction, body: CommandBody, row: Row | null): unknown {
  const recordId = row ? String(row.id) : null;
  if (action.options.toInput) return action.options.toInput(body.form, { recordId, row });
  return recordId === null ? body.form : { ...body.form, id: recordId };
}

/** What is not offered for this record is not run either (H8). */
function refusalOf(action: CommandAction, row: Row | null): AppError | undefined {
  if (row === null || (action.options.isVisible?.(row) ?? true)) return undefined;
  return new AppError('forbidden', { extra: { rule: 'not_offered' } });
}

function undoOf(parts: CommandParts, action: CommandAction, output: unknown): object {
  const { undo } = action.options;
  if (!undo) return {};
  return {
    undoUntil: addSeconds(parts.deps.clock.now(), undo.seconds).toISOString(),
    undo: { action: undo.action, input: undo.form?.(output) ?? {} },
  };
}

/** A conflict carries the record as it is now, so that the form can show both and keep the input (H28). */
async function withCurrent(parts: CommandParts, error: unknown, call: { res: Response; target: Target }): Promise<unknown> {
  const { resource, row } = call.target;
  if (!(error instanceof AppError) || error.code !== 'version_conflict' || !resource || !row) return error;
  const { staff } = requireSignedIn(call.res);
  const now = parts.deps.clock.now();
  const fresh = await resource.reader.readOne(String(row.id), staff);
  if (!fresh) return new AppError('not_found');
  const [current] = await serialiseRecords(parts.registry, resource, { rows: [fresh], staff, place: 'show', now });
  return new AppError('version_conflict', {
    ...error.details,
    extra: {
      ...error.details.extra,
      current: current?.params,
      // A resource that does not read versions leaves the one that the command saw.
      currentVersion: fresh.version ?? error.details.extra?.currentVersion,
    },
  });
}
