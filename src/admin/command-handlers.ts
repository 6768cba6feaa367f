import type { Response } from 'express';
import { decide } from '../foundation/access/evaluate.ts';
import { matrix, type PermissionKey } from '../foundation/access/matrix.ts';
import type { Envelope } from '../foundation/command/command.ts';
import { denialLogOf } from '../foundation/command/run-command.ts';
import { AppError } from '../foundation/errors/app-error.ts';
import { addSeconds } from '../foundation/runtime/clock.ts';
import type { AdminOptions } from './admin.ts';
import { rehearse } from './bulk/rehearse.ts';
import type { CommandAction } from './command-action.ts';
import { type CommandBody, parseCommandBody } from './command-body.ts';
import type { Row } from './define-resource.ts';
import type { RegisteredResource, Registry } from './registry.ts';
import { serialiseRecords } from './serialise-record.ts';
import { requireSignedIn, stateOf } from './state.ts';

export type CommandParts = Pick<AdminOptions, 'deps' | 'identity' | 'runCommand' | 'previewCommand'> & { registry: Registry };

/** What a command is called on: nothing, or one record of a resource. */
type Target = { resource: RegisteredResource | null; row: Row | null };

/** POST of a command on one record, a resource or a page. */
export async function runAction(parts: CommandParts, action: CommandAction, call: { res: Response; target: Target }): Promise<object> {
  const { res, target } = call;
  const body = parseCommandBody(stateOf(res).fields);
  const refusal = refusalOf(action, target.row);
  const envelope = { ...body.envelope, input: inputOf(action, body, target.row), refusal };
  if (body.isDryRun) return { effects: await preview(parts, action, envelope, target.row), dryRun: true };
  try {
    const { output, actionId } = await parts.runCommand(parts.deps, action.command, envelope);
    if (action.options.file) return action.options.file(output, parts.deps);
    return {
      message: action.message(output, target.row),
      receipt: { actionId, ...undoOf(parts, action, { output, call, reasonCode: body.envelope.reason?.code ?? null }) },
      ...(target.row ? { record: { id: String(target.row.id) } } : {}),
      ...(action.options.shown ? { shown: action.options.shown(output) } : {}),
    };
  } catch (error) {
    throw await withCurrent(parts, error, call);
  }
}

/** A refused look is recorded as a refused call is: nobody feels their way along the rules unseen. */
async function preview(parts: CommandParts, action: CommandAction, envelope: Envelope, row: Row | null): Promise<readonly string[]> {
  try {
    if (envelope.refusal) throw envelope.refusal;
    // With a reason it is all there: then it is really tried, and rolled back, so that nothing is promised that would be refused.
    if (envelope.reason?.text) return (await rehearse(parts, action.command, envelope)).effects;
    return await parts.previewCommand(parts.deps, action.command, envelope);
  } catch (error) {
    if (error instanceof AppError && error.status === 403) {
      const { name, resource } = action.command;
      const note = `dry run, rule ${String(error.details.extra?.rule ?? error.code)}`;
      await denialLogOf(parts.deps).record({ resource, action: name, recordIds: row ? [String(row.id)] : [], errorCode: error.code, note });
    }
    throw error;
  }
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

/** The way back, for whoever may go it: the inverse is a command of its own, with its own right, reason and record in the audit. */
function undoOf(
  parts: CommandParts,
  action: CommandAction,
  done: { output: unknown; call: { res: Response; target: Target }; reasonCode: string | null },
): object {
  const { undo } = action.options;
  const { resource, row } = done.call.target;
  const inverse = undo && resource?.actions.get(undo.action);
  if (!undo || !resource || !row || !inverse || undo.isOffered?.(done.reasonCode) === false) return {};
  const now = parts.deps.clock.now();
  const { staff } = requireSignedIn(done.call.res);
  const subject = resource.definition.subject?.(row, { staff, deps: parts.deps });
  if (!decide({ actor: staff, permission: inverse.permission, now, ...(subject ? { subject } : {}) }).isAllowed) return {};
  const version = undo.version?.(done.output) ?? null;
  return {
    undoUntil: addSeconds(now, undo.seconds).toISOString(),
    undo: {
      action: undo.action,
      label: inverse.label,
      input: undo.form?.(done.output) ?? {},
      needsReason: matrixNeeds(inverse.permission),
      ...(version === null ? {} : { expectedVersion: version }),
    },
  };
}

function matrixNeeds(permission: PermissionKey): boolean {
  return matrix[permission].conditions.reason;
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
      // A command about a part of the record, such as one address, says itself what stands there now.
      ...(error.details.extra?.current ? {} : { current: current?.params, ...versionOf(fresh) }),
    },
  });
}

/** A resource that does not read versions leaves the one that the command saw. */
function versionOf(row: Row): { currentVersion?: unknown } {
  return row.version === undefined ? {} : { currentVersion: row.version };
}
