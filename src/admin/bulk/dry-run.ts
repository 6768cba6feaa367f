import { AppError } from '../../foundation/errors/app-error.ts';
import type { StaffActor } from '../../foundation/runtime/actor.ts';
import type { CommandBody } from '../command-body.ts';
import type { CommandParts } from '../command-handlers.ts';
import type { Row } from '../define-resource.ts';
import { type BulkTarget, isRowRefusal, type RowResult, reasonOf } from './bulk-run.ts';
import { rehearse } from './rehearse.ts';

type DryResult = RowResult & { effects?: readonly string[] };

/** Rehearsals at the same time: each holds a connection. */
const atOnce = 3;

/** What a run would do, row by row, in the order asked: every guard is asked on the loaded record, and nothing is kept of it. */
export async function dryRun(
  parts: CommandParts,
  target: BulkTarget,
  asked: { body: CommandBody; ids: readonly string[]; rows: ReadonlyMap<string, Row>; staff: StaffActor },
): Promise<readonly DryResult[]> {
  const { body, ids, rows, staff } = asked;
  const results: DryResult[] = [];
  for (let at = 0; at < ids.length; at += atOnce) {
    const group = ids.slice(at, at + atOnce);
    results.push(...(await Promise.all(group.map((id) => dryRow(parts, target, { id, row: rows.get(id) ?? null, body, staff })))));
  }
  return results;
}

async function dryRow(
  parts: CommandParts,
  { action }: BulkTarget,
  { id, row, body, staff }: { id: string; row: Row | null; body: CommandBody; staff: StaffActor },
): Promise<DryResult> {
  if (!row) return refused(id, new AppError('not_found'));
  const { isVisible, refusal, toInput } = action.options;
  const impossible = new AppError('transition_not_allowed');
  const sentence = refusal?.(row, staff, parts.deps.clock.now(), {}) ?? null;
  if (!(isVisible?.(row) ?? true)) return refused(id, impossible, sentence);
  const input = toInput?.(body.form, { recordId: id, row }) ?? { ...body.form, id };
  try {
    const { isUnchanged, effects } = await rehearse(parts, action.command, { ...body.envelope, idempotencyKey: undefined, input });
    return { id, outcome: isUnchanged ? 'unchanged' : 'changed', effects };
  } catch (error) {
    if (!isRowRefusal(error)) throw error;
    return refused(id, error, error.code === 'transition_not_allowed' ? sentence : null);
  }
}

function refused(id: string, error: AppError, sentence: string | null = null): DryResult {
  return { id, outcome: 'refused', reason: sentence ?? reasonOf(error), code: error.code };
}
