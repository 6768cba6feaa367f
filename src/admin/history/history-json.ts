import type { FieldChange, HistoryChange, HistoryCursor, HistoryEntry } from '../../audit/index.ts';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { actorNames } from '../../modules/identity/index.ts';
import { actionWords, isEntrance, reasonWords } from '../action-words.ts';
import { fieldWords, housekeeping, personFields, tableWords } from './field-words.ts';
import { type Names, type ValueJson, valueJson } from './value-json.ts';

/** One field of a change, as the diff view of the browser draws it. */
export type DiffJson = {
  table: string;
  recordId: string;
  eventId: string;
  field: string;
  /** In words; names the record too where a click changed several. */
  label: string;
  before: ValueJson;
  after: ValueJson;
};

/** A row of the history that can be proved. */
export type ProvableJson = { rowId: string; label: string };

/** One line of a timeline, as the timeline of the browser draws it. */
export type HistoryJson = {
  id: string;
  actionId: string | null;
  at: string;
  actor: string;
  actorId: string | null;
  role: string | null;
  what: string;
  reason: string | null;
  isDenied: boolean;
  isFailed: boolean;
  isSealed: boolean;
  /** Id of the action that was taken back by this one. */
  reverts: string | null;
  changes: readonly DiffJson[];
  rows: readonly ProvableJson[];
};

/** History in words: names for ids, verbs for commands, one list of changed fields per click. One query, for the names. */
export async function historyJson(deps: CommandDeps, entries: readonly HistoryEntry[]): Promise<readonly HistoryJson[]> {
  const names = await namesIn(deps, entries);
  return entries.map((entry) => lineJson(entry, names));
}

/** Names of everybody who acted, and of everybody whom a changed field names. */
export async function namesIn(deps: CommandDeps, entries: readonly HistoryEntry[]): Promise<Names> {
  const actors = entries.flatMap((entry) => actorIdOf(entry) ?? []);
  const named = entries.flatMap((entry) => entry.changes.flatMap((change) => change.fields.flatMap(peopleIn)));
  return actorNames(deps, [...actors, ...named]);
}

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function peopleIn({ field, before, after }: FieldChange): readonly string[] {
  if (!personFields.test(field)) return [];
  return [before, after].flatMap((shown) =>
    shown.kind === 'plain' && typeof shown.value === 'string' && uuid.test(shown.value) ? [shown.value] : [],
  );
}

function lineJson(entry: HistoryEntry, names: Names): HistoryJson {
  return {
    id: entry.actionId ?? entry.changes[0]?.eventId ?? entry.at,
    actionId: entry.actionId,
    actorId: entry.actorId,
    ...whoJson(entry, names),
    at: entry.at,
    what: entry.action ? actionWords(entry.action, entry.outcome) : changeWords(entry.changes),
    reason: reasonWords(entry.reason),
    isDenied: entry.outcome === 'denied',
    isFailed: entry.outcome === 'error',
    isSealed: entry.isSealed,
    reverts: entry.reverts,
    changes: entry.changes.flatMap((change) => diffJson(change, { isNamed: entry.changes.length > 1, names })),
    rows: [
      ...entry.changes.map(({ eventId, op, table }) => ({ rowId: eventId, label: `${tableWords(table)}: ${operationWords[op]}` })),
      ...(entry.actionId ? [{ rowId: entry.actionId, label: 'The action: who, why, with what outcome' }] : []),
    ],
  };
}

/** The logins that the application itself uses; both are refused without saying who acts. */
const ownLogins: ReadonlySet<string> = new Set(['app_web', 'app_worker']);

/** Who, and in which role. */
export function whoJson(entry: Omit<HistoryEntry, 'changes'> & { changes?: HistoryEntry['changes'] }, names: Names) {
  const actorId = actorIdOf({ ...entry, changes: entry.changes ?? [] });
  const { databaseUser } = entry;
  const isByHand = databaseUser !== null && actorId === null && !ownLogins.has(databaseUser);
  return {
    actor: isByHand ? `Database login ${databaseUser}` : actorLabel({ actorId, actorType: entry.actorType }, names),
    role: roleLabel(entry),
  };
}

/** Who did it; of a sign-in, whose account it opened. */
function actorIdOf(entry: HistoryEntry): string | null {
  if (!isEntrance(entry)) return entry.actorId;
  return entry.changes.find((change) => change.table === 'identity.user')?.recordId ?? null;
}

/** A name people know: staff by name, customers by member id, everything else by what it is. */
export function actorLabel(actor: { actorId: string | null; actorType: string }, names: Names): string {
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

const operationWords = {
  insert: 'added',
  update: 'changed',
  delete: 'deleted',
  truncate: 'emptied',
  baseline: 'first recorded',
} as const;

function changeWords(changes: readonly HistoryChange[]): string {
  const [first] = changes;
  if (!first) return 'changed nothing';
  if (first.op === 'baseline') return 'first recorded this';
  return `${operationWords[first.op]} ${tableWords(first.table).toLowerCase()}`;
}

/** Changed fields of one row, in words. */
export function diffJson(change: HistoryChange, { isNamed, names }: { isNamed: boolean; names: Names }): readonly DiffJson[] {
  const { table, recordId, eventId } = change;
  return change.fields
    .filter(({ field }) => !housekeeping.has(field))
    .map(({ field, before, after }) => ({
      ...{ table, recordId, eventId, field },
      label: isNamed ? `${tableWords(table)}: ${fieldWords(field).toLowerCase()}` : fieldWords(field),
      before: valueJson({ table, field }, before, names),
      after: valueJson({ table, field }, after, names),
    }));
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
