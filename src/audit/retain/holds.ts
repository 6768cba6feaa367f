import type { CommandScope } from '../../foundation/command/command.ts';
import { fail } from '../../foundation/errors/app-error.ts';
import type { Tx } from '../../foundation/runtime/database.ts';
import { onlyRow } from './only-row.ts';

/** What a legal hold keeps: everything about a person, one record's history, or a whole month (`YYYY-MM`). */
export type HoldTarget = { subjectId: string } | { table: string; recordId: string } | { month: string };

/**
 * Places a hold in the command's transaction: the row and its sealed control row are one. Who placed it is the command's actor.
 * @returns the id of the hold
 */
export async function writeHold({ tx, reason }: Pick<CommandScope, 'tx' | 'reason'>, target: HoldTarget): Promise<string> {
  if (!reason?.text) return fail('reason_required');
  const payload = JSON.stringify({ ...target, code: reason.code, reason: reason.text.trim() });
  const rows = await tx.$queryRaw<{ id: string }[]>`SELECT audit.place_hold(${payload}::jsonb) AS id`;
  return onlyRow(rows).id;
}

/** Releases a hold, with its sealed control row. @returns false when it was released already */
export async function endHold({ tx, reason }: Pick<CommandScope, 'tx' | 'reason'>, holdId: string): Promise<boolean> {
  if (!reason) return fail('reason_required');
  const rows = await tx.$queryRaw<{ done: boolean }[]>`SELECT audit.release_hold(${holdId}::uuid, ${reason.code}) AS done`;
  return onlyRow(rows).done;
}

/** Ids of the holds that forbid to erase a person: on the person, on a record about the person, on a month with such records. */
export async function holdsAgainstErasure(reader: Pick<Tx, '$queryRaw'>, subjectId: string): Promise<readonly string[]> {
  const rows = await reader.$queryRaw<{ id: string }[]>`SELECT id FROM audit.holds_against_erasure(${subjectId}::uuid) AS held (id)`;
  return rows.map((row) => row.id);
}

/** Ids of the open holds that were placed on the person as such, oldest first. */
export async function holdsOnPerson(reader: Pick<Tx, 'auditHold'>, subjectId: string): Promise<readonly string[]> {
  const rows = await reader.auditHold.findMany({
    where: { subjectId, releasedAt: null },
    orderBy: { placedAt: 'asc' },
    select: { id: true },
  });
  return rows.map((row) => row.id);
}
