import type { CommandDeps } from '../../foundation/command/command.ts';
import type { Tx } from '../../foundation/runtime/database.ts';
import { type Operation, operations, type RecordRef } from './history-types.ts';

/** A moment (ISO 8601, inclusive), or a version by the id of the event that made it. */
export type Moment = { at: string } | { eventId: string };

/** One change of a record: its number is the id of its event. */
export type Version = {
  eventId: string;
  at: Date;
  /** As PostgreSQL wrote it, with all its digits: part of the key of its value. */
  atText: string;
  op: Operation;
  changed: readonly string[];
  actorId: string | null;
  actorType: string;
  actionId: string | null;
  hasSnapshot: boolean;
};

type VersionRow = Omit<Version, 'op'> & { op: keyof typeof operations };

const versionColumns = `e.id AS "eventId", e.occurred_at AS at, e.occurred_at::text AS "atText", e.op, e.changed, e.actor_id AS "actorId",
  e.actor_type AS "actorType", e.action_id AS "actionId", e.snapshot_commit IS NOT NULL AS "hasSnapshot"`;

/** The last change of a record until then; null when nothing was recorded yet, or the version is not one of this record. */
export async function lastChange(deps: CommandDeps, record: RecordRef, moment: Moment): Promise<Version | null> {
  const [bound, value] = 'at' in moment ? ['e.occurred_at <= $3::timestamptz', moment.at] : [ofEvent('e', '$3'), moment.eventId];
  const { rows } = await deps.database.pool.query<VersionRow>(
    `SELECT ${versionColumns} FROM audit.event e WHERE e.tbl = $1 AND e.record_id = $2 AND ${bound}
      ORDER BY e.occurred_at DESC, e.id DESC LIMIT 1`,
    [record.table, record.recordId, value],
  );
  return rows[0] ? versionOf(rows[0]) : null;
}

/**
 * The id of a record's newest change inside a running transaction, its own changes included: the version that somebody is about to see.
 * Null where nothing was recorded yet.
 */
export async function newestEventId(tx: Tx, { table, recordId }: RecordRef): Promise<string | null> {
  const [newest] = await tx.$queryRaw<{ id: string }[]>`
    SELECT e.id FROM audit.event e WHERE e.tbl = ${table} AND e.record_id = ${recordId}
     ORDER BY e.occurred_at DESC, e.id DESC LIMIT 1`;
  return newest?.id ?? null;
}

/** An event by its id: the time inside a UUIDv7 finds the partition. */
export function ofEvent(alias: string, parameter: string): string {
  const made = `uuid_extract_timestamp(${parameter}::uuid)`;
  return `${alias}.id = ${parameter}::uuid AND ${alias}.occurred_at BETWEEN ${made} - interval '2 minutes' AND ${made} + interval '10 minutes'`;
}

/** When the table was last emptied as a whole; null when it never was. */
export async function wasEmptied(deps: CommandDeps, table: string, moment: Moment): Promise<Date | null> {
  const [bound, value] =
    'at' in moment
      ? ['e.occurred_at <= $2::timestamptz', moment.at]
      : ['e.occurred_at <= uuid_extract_timestamp($2::uuid)', moment.eventId];
  const { rows } = await deps.database.pool.query<{ at: Date }>(
    `SELECT e.occurred_at AS at FROM audit.event e WHERE e.tbl = $1 AND e.record_id = '*' AND ${bound}
      ORDER BY e.occurred_at DESC, e.id DESC LIMIT 1`,
    [table, value],
  );
  return rows[0]?.at ?? null;
}

function versionOf(row: VersionRow): Version {
  return { ...row, op: operations[row.op] };
}
