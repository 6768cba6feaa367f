import type { HistoryChange, HistoryCursor, HistoryEntry } from '../audit/index.ts';
import { shownIp } from '../foundation/command/action-row.ts';
import type { CommandDeps } from '../foundation/command/command.ts';
import { actorNames } from '../modules/identity/index.ts';
import { actionWords, isEntrance, reasonWords } from './action-words.ts';

/** One field of a change, as the diff view of the browser draws it. */
export type DiffJson = { field: string; before: unknown; after: unknown; isErased?: boolean };

/** One line of a timeline, as the timeline of the browser draws it. */
export type HistoryJson = {
  id: string;
  actionId: string | null;
  at: string;
  actor: string;
  role: string | null;
  what: string;
  reason: string | null;
  isDenied: boolean;
  isSealed: boolean;
  changes: readonly DiffJson[];
};

/** History in words: names for ids, verbs for commands, one list of changed fields per click. One query, for the names. */
export async function historyJson(deps: CommandDeps, entries: readonly HistoryEntry[]): Promise<readonly HistoryJson[]> {
  const names = await actorNames(
    deps,
    entries.flatMap((entry) => actorIdOf(entry) ?? []),
  );
  return entries.map((entry) => ({
    id: entry.actionId ?? entry.changes[0]?.eventId ?? entry.at,
    actionId: entry.actionId,
    at: entry.at,
    actor: actorLabel({ actorId: actorIdOf(entry), actorType: entry.actorType }, names),
    role: roleLabel(entry),
    what: entry.action ? actionWords(entry.action, entry.outcome) : changeWords(entry.changes),
    reason: reasonWords(entry.reason),
    isDenied: entry.outcome === 'denied',
    isSealed: entry.isSealed,
    changes: entry.changes.flatMap((change) => diffJson(change, entry.changes.length > 1)),
  }));
}

/** Who did it; of a sign-in, whose account it opened. */
function actorIdOf(entry: HistoryEntry): string | null {
  if (!isEntrance(entry)) return entry.actorId;
  return entry.changes.find((change) => change.table === 'identity.user')?.recordId ?? null;
}

/** A name people know: staff by name, customers by member id, everything else by what it is. */
export function actorLabel(actor: { actorId: string | null; actorType: string }, names: ReadonlyMap<string, string>): string {
  const name = actor.actorId === null ? undefined : names.get(actor.actorId);
  if (name !== undefined) return name;
  if (actor.actorType.startsWith('system:')) return 'System';
  return actor.actorType === 'anonymous' ? 'Someone not signed in' : `Unknown ${actor.actorType}`;
}

/** The role somebody acted in; of the system, which job or tool it was. */
export function roleLabel(actor: { roles: readonly string[]; actorType: string }): string | null {
  if (actor.actorType.startsWith('system:')) return actor.actorType.slice('system:'.length).replaceAll(/[._-]/g, ' ');
  return actor.roles[0]?.replaceAll('_', ' ') ?? null;
}

function changeWords(changes: readonly HistoryChange[]): string {
  const [first] = changes;
  if (!first) return 'changed nothing';
  const verbs = { insert: 'added', update: 'changed', delete: 'deleted', truncate: 'emptied', baseline: 'was first recorded in' } as const;
  return `${verbs[first.op]} ${first.table.replace(/^.*\./, '').replaceAll('_', ' ')}`;
}

const housekeeping: ReadonlySet<string> = new Set(['id', 'created_at', 'updated_at', 'version']);
const addresses: ReadonlySet<string> = new Set(['ip', 'last_ip']);

/** Changed fields of one row. Erased values say so, and fields whose value is never kept say only that they changed. */
export function diffJson(change: HistoryChange, isNamed: boolean): readonly DiffJson[] {
  const { diff } = change;
  return change.changed
    .filter((field) => !housekeeping.has(field))
    .map((field) => {
      const label = isNamed ? `${change.table.replace(/^.*\./, '')} ${field}` : field;
      if (diff === null) return { field: label, before: null, after: null, isErased: true };
      const pair = diff[field];
      if (!pair) return { field: label, before: null, after: 'changed, value never stored' };
      return { field: label, before: shown(field, pair[0]), after: shown(field, pair[1]) };
    });
}

/** Staff see networks, never whole addresses. */
function shown(field: string, value: unknown): unknown {
  return addresses.has(field) && typeof value === 'string' ? shownIp(value, 'truncated') : value;
}

const cursor = /^(\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(?:\.\d{1,6})?[+-]\d{2})~([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})$/;

/** Where a page of history goes on, as one word for an address. */
export function cursorText(at: HistoryCursor | null): string | null {
  return at ? `${at.at}~${at.id}` : null;
}

/** undefined for a missing or foreign cursor: the first page. */
export function parseCursor(text: string | undefined): HistoryCursor | undefined {
  const [, at, id] = cursor.exec(text ?? '') ?? [];
  return at && id ? { at, id } : undefined;
}
