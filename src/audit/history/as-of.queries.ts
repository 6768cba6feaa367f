import type { CommandDeps } from '../../foundation/command/command.ts';
import { lastChange, type Moment, type Version, wasEmptied } from './find-version.ts';
import type { RecordRef } from './history-types.ts';
import { replayFields } from './replay-fields.ts';
import { type ShownValue, shownValue } from './shown-value.ts';
import { isObject, pairOf, readBodies, readSnapshots } from './stored-bodies.ts';

/** A stored value as the row held it, or that it was erased. Not for views: encrypted columns hold their ciphertext. */
export type StoredField = { kind: 'known'; value: unknown } | { kind: 'erased' };

export type StoredState = {
  /** The change that made it so; null where nothing was recorded yet. */
  version: Version | null;
  /** `partial`: the beginning of its history is gone (an archived month), so that fields that never changed since are missing. */
  condition: 'unknown' | 'present' | 'deleted' | 'partial';
  fields: ReadonlyMap<string, StoredField>;
};

export type RecordState = Omit<StoredState, 'fields'> & { fields: readonly { field: string; value: ShownValue }[] };

/**
 * The record as it was at a moment (or as one version left it): from the snapshot of the last change before, else from the nearest
 * start and the newest value of each field since. A deleted record gives its last content. The caller records the read.
 */
export async function stateAt(deps: CommandDeps, record: RecordRef, moment: Moment): Promise<RecordState> {
  const [{ version, condition, fields }, secret] = await Promise.all([
    storedStateAt(deps, record, moment),
    secretFields(deps, record.table),
  ]);
  const shown = new Map<string, ShownValue>([...fields].map(([field, stored]) => [field, shownField(field, stored)]));
  for (const field of version ? secret : []) shown.set(field, { kind: 'secret' });
  return {
    version,
    condition,
    fields: [...shown].map(([field, value]) => ({ field, value })).sort((a, b) => (a.field < b.field ? -1 : 1)),
  };
}

/** As stateAt, with the stored values: for the owning module's restore, which writes them back. */
export async function storedStateAt(deps: CommandDeps, record: RecordRef, moment: Moment): Promise<StoredState> {
  const [version, isEmptied] = await Promise.all([lastChange(deps, record, moment), wasEmptied(deps, record.table, moment)]);
  if (!version) return { version: null, condition: 'unknown', fields: new Map() };
  const isGone = version.op === 'delete' || (isEmptied !== null && isEmptied > version.at);
  const state = (await fromSnapshot(deps, version)) ?? (await fromDelete(deps, version)) ?? (await replayFields(deps, record, version));
  return isGone ? { ...state, version, condition: 'deleted' } : { ...state, version };
}

/** The picture that the change itself took. */
async function fromSnapshot(deps: CommandDeps, version: Version): Promise<Omit<StoredState, 'version'> | null> {
  if (!version.hasSnapshot) return null;
  const body = (await readSnapshots(deps, [{ id: version.eventId, at: version.atText }])).get(version.eventId);
  if (!isObject(body)) return { condition: 'present', fields: erased(version.changed) };
  return { condition: 'present', fields: new Map(Object.entries(body).map(([field, value]) => [field, { kind: 'known', value }])) };
}

/** A deleting change holds the whole row. */
async function fromDelete(deps: CommandDeps, version: Version): Promise<Omit<StoredState, 'version'> | null> {
  if (version.op !== 'delete') return null;
  const body = (await readBodies(deps, [{ id: version.eventId, at: version.atText }])).get(version.eventId);
  if (body === undefined) return { condition: 'deleted', fields: erased(version.changed) };
  const pairs = version.changed.flatMap((field) => {
    const pair = pairOf(body, field);
    return pair ? [[field, { kind: 'known', value: pair[0] }] as const] : [];
  });
  return { condition: 'deleted', fields: new Map(pairs) };
}

function erased(fields: readonly string[]): ReadonlyMap<string, StoredField> {
  return new Map(fields.map((field) => [field, { kind: 'erased' }]));
}

export function shownField(field: string, stored: StoredField | undefined): ShownValue {
  if (stored?.kind === 'erased') return { kind: 'erased' };
  return shownValue(field, stored?.value);
}

/** Fields whose values are stored nowhere. */
export async function secretFields(deps: CommandDeps, table: string): Promise<readonly string[]> {
  const { rows } = await deps.database.pool.query<{ field: string }>(
    `SELECT p.field FROM audit.policy p WHERE p.tbl = $1 AND p.mode = 'secret' ORDER BY p.field`,
    [table],
  );
  return rows.map((row) => row.field);
}
