import type { CommandDeps } from '../../foundation/command/command.ts';

type Reader = Pick<CommandDeps, 'database'>;

/** Parsed value bodies by row id; a missing one was erased. `at` is the row's occurred_at as text, with all its digits. */
export async function readBodies(deps: Reader, wanted: readonly RowAt[]): Promise<ReadonlyMap<string, unknown>> {
  return readStored(deps, 'read_values', wanted);
}

/** Parsed snapshot bodies by event id; a missing one was erased. */
export async function readSnapshots(deps: Reader, wanted: readonly RowAt[]): Promise<ReadonlyMap<string, unknown>> {
  return readStored(deps, 'read_snapshots', wanted);
}

/** A row of the history: its id and its occurred_at as text with all digits, which together are its key. */
export type RowAt = { id: string; at: string };

async function readStored(
  deps: Reader,
  source: 'read_values' | 'read_snapshots',
  wanted: readonly RowAt[],
): Promise<ReadonlyMap<string, unknown>> {
  if (wanted.length === 0) return new Map();
  const { rows } = await deps.database.pool.query<{ row_id: string; body: string }>(
    `SELECT row_id, body FROM audit.${source}($1::uuid[], $2::timestamptz[])`,
    [wanted.map((row) => row.id), wanted.map((row) => row.at)],
  );
  return new Map(rows.map((row) => [row.row_id, JSON.parse(row.body)]));
}

/** The reason in an action's body. */
export function reasonOf(body: unknown): string | null {
  return textIn(body, 'reason');
}

/** The short facts in an action's body. */
export function noteOf(body: unknown): string | null {
  return textIn(body, 'note');
}

/** The number of the ticket in an action's body, where it was quoted by its number. */
export function ticketOf(body: unknown): string | null {
  return textIn(body, 'ticket');
}

/** Old and new value of a field in an event's body; undefined where the body is erased or does not have the field. */
export function pairOf(body: unknown, field: string): readonly [unknown, unknown] | undefined {
  if (!isObject(body) || !Object.hasOwn(body, field)) return undefined;
  const pair = body[field];
  return Array.isArray(pair) && pair.length === 2 ? [pair[0], pair[1]] : undefined;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether a stored value was over 16 KB, so that only its size and hash are kept; of a large document that may be what changed in it. */
export function isCut(value: unknown): value is Readonly<Record<string, unknown>> {
  return isObject(value) && value['$truncated'] === true;
}

function textIn(body: unknown, name: string): string | null {
  const value = isObject(body) ? body[name] : null;
  return typeof value === 'string' ? value : null;
}
