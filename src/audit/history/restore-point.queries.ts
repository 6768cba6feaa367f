import type { CommandDeps } from '../../foundation/command/command.ts';
import { fail } from '../../foundation/errors/app-error.ts';
import { storedStateAt } from './as-of.queries.ts';
import { ofEvent } from './find-version.ts';
import type { RecordRef } from './history-types.ts';
import { isCut, pairOf, readBodies } from './stored-bodies.ts';

export type RestorePoint = {
  /** True where that version is the deletion of the record, whose last content this is. */
  isDeletion: boolean;
  /** Stored values of the fields asked for; fields that were empty then are null. */
  values: ReadonlyMap<string, unknown>;
  /** The newest action whose change of these fields would be taken back; null when no action owns it, or none did. */
  reverts: string | null;
};

/**
 * What one version of a record held, for the owning module to write as a new version. Never for a view: encrypted columns come as
 * their ciphertext in hex.
 * @param fields none: all the version has
 * @throws AppError 404 `not_found` for a version that is not one of this record, 409 `version_not_kept` for erased or cut values
 */
export async function readRestorePoint(
  deps: CommandDeps,
  record: RecordRef,
  asked: { eventId: string; fields: readonly string[] },
): Promise<RestorePoint> {
  const state = await storedStateAt(deps, record, { eventId: asked.eventId });
  if (!state.version) fail('not_found');
  const names = asked.fields.length > 0 ? asked.fields : [...state.fields.keys()];
  const values = new Map(
    names.map((field) => {
      const stored = state.fields.get(field) ?? { kind: 'known', value: null };
      if (stored.kind === 'erased' || isCut(stored.value)) fail('version_not_kept', { extra: { field } });
      return [field, stored.value] as const;
    }),
  );
  return { isDeletion: state.version.op === 'delete', values, reverts: await lastActionOn(deps, record, { ...asked, names }) };
}

async function lastActionOn(
  deps: CommandDeps,
  record: RecordRef,
  { eventId, names }: { eventId: string; names: readonly string[] },
): Promise<string | null> {
  const { rows } = await deps.database.pool.query<{ actionId: string | null }>(
    `SELECT e.action_id AS "actionId" FROM audit.event e
      WHERE e.tbl = $1 AND e.record_id = $2 AND e.occurred_at >= uuid_extract_timestamp($3::uuid) - interval '2 minutes'
        AND e.changed && $4::text[] AND (e.id > $3::uuid OR (e.id = $3::uuid AND e.op = 3))
      ORDER BY e.occurred_at DESC, e.id DESC LIMIT 1`,
    [record.table, record.recordId, eventId, names],
  );
  return rows[0]?.actionId ?? null;
}

/** `before` and `after` of a change, or the `state` that it left: then also what earlier changes wrote. */
export type StoredSide = 'before' | 'after' | 'state';

/**
 * One stored value of a change: for the reveal command of the owning module, which holds the key.
 * @throws AppError 404 `not_found` where there is no such change or value, 409 `version_not_kept` where it was erased
 */
export async function readStoredValue(
  deps: CommandDeps,
  record: RecordRef,
  asked: { eventId: string; field: string; side: StoredSide },
): Promise<unknown> {
  if (asked.side === 'state') {
    const stored = (await storedStateAt(deps, record, { eventId: asked.eventId })).fields.get(asked.field);
    if (stored?.kind === 'erased') fail('version_not_kept');
    return stored?.value ?? fail('not_found');
  }
  const { rows } = await deps.database.pool.query<{ id: string; at: string }>(
    `SELECT e.id, e.occurred_at::text AS at FROM audit.event e WHERE e.tbl = $1 AND e.record_id = $2 AND ${ofEvent('e', '$3')}`,
    [record.table, record.recordId, asked.eventId],
  );
  const [row] = rows;
  if (!row) fail('not_found');
  const body = (await readBodies(deps, [row])).get(row.id);
  if (body === undefined) fail('version_not_kept');
  const value = pairOf(body, asked.field)?.[asked.side === 'before' ? 0 : 1] ?? null;
  return value === null ? fail('not_found') : value;
}
