/**
 * SQL that reads a row as the plain values of EventRow, ActionRow and ControlRow (leaf.ts). The verifier, exports and single proofs
 * read with these; the sealer's own SQL is in the database (audit.append_leaves) and shares nothing with them, so that a
 * mistake in either is found by the other.
 */
const moment = (column: string) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
const hex = (column: string) => `encode(${column}, 'hex')`;

/** Columns of `audit.event e`. */
export const eventColumns = `e.id::text AS id, ${moment('e.occurred_at')} AS at, e.txid::text AS txid, e.epoch, e.action_id::text AS action,
  e.actor_id::text AS actor, e.actor_type AS "actorType", e.db_user::text AS db, e.op, e.tbl, e.record_id AS rec,
  e.subject_id::text AS subject, e.changed, ${hex('e.value_commit')} AS value, ${hex('e.snapshot_commit')} AS snap`;

/** Columns of `audit.action a`. */
export const actionColumns = `a.id::text AS id, ${moment('a.occurred_at')} AS at, a.txid::text AS txid, a.epoch, a.request_id::text AS req, a.door,
  a.resource AS res, a.action AS act, a.outcome AS out, a.error_code AS err, a.record_ids AS recs, a.record_count AS n, a.ms,
  a.actor_id::text AS actor, a.actor_type AS "actorType", a.actor_roles AS roles, ${hex('a.session_hash')} AS sess, a.mfa,
  a.reverts::text AS reverts, a.ticket_id::text AS ticket, a.approval_id::text AS approval, ${hex('a.value_commit')} AS value`;

/** Columns of `audit.control c`. */
export const controlColumns = `c.id::text AS id, ${moment('c.occurred_at')} AS at, c.txid::text AS txid, c.epoch, c.type, c.body`;
