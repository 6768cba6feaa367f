import { z } from 'zod';
import type { CommandDeps } from '../../foundation/command/command.ts';

/** A row of the history that the person it is about may be told of. */
export type SubjectAction = {
  /** Of the row that is sealed: of the action, or of the change. */
  id: string;
  at: Date;
  /** The same in microseconds since 1970, decimal, for the next page. */
  atMicros: string;
  /** `sign-in`; `account made` and `identity made` for rows that are changes. */
  action: string;
  outcome: 'ok' | 'denied';
  errorCode: string | null;
  /** Whether they did it themselves, signed in. Others: somebody not signed in, staff, the system. */
  by: 'self' | 'anonymous' | 'other';
  recordIds: readonly string[];
  /** SHA-256 of the session id. */
  sessionHash: Buffer | null;
  /** As kept by AUDIT_IP_MODE. Null for what staff and the system did, and where it was erased. */
  ip: string | null;
  userAgent: string | null;
  isSealed: boolean;
};

/** Of the last row seen. */
export type SubjectActionCursor = { atMicros: string; id: string };

/** `kinds`: `action outcome` or `action outcome error_code`, as in `sign-in ok`. */
export type SubjectActionQuery = {
  subjectId: string;
  kinds: readonly string[];
  before: SubjectActionCursor | null;
  /** This one row only. */
  id?: string;
  limit: number;
};

type Row = {
  id: string;
  at: Date;
  atMicros: string;
  action: string;
  outcome: 'ok' | 'denied';
  errorCode: string | null;
  actorType: string;
  actorId: string | null;
  recordIds: string[];
  sessionHash: Buffer | null;
  actionId: string;
  actionAt: string;
  isSealed: boolean;
};

const columns = `a.action, a.outcome, a.error_code AS "errorCode", a.actor_type AS "actorType", a.actor_id AS "actorId",
  a.record_ids AS "recordIds", a.session_hash AS "sessionHash", a.id AS "actionId", a.occurred_at::text AS "actionAt"`;
const isWanted = `(a.action || ' ' || a.outcome = ANY($2) OR a.action || ' ' || a.outcome || ' ' || a.error_code = ANY($2))`;
const moment = "timestamptz 'epoch' + $3::bigint * interval '1 microsecond'";
const microsOf = (column: string) => `(extract(epoch FROM ${column}) * 1000000)::bigint::text`;
const isBefore = `($3::bigint IS NULL OR (a.occurred_at, a.id) < (${moment}, $4::uuid)) AND ($6::uuid IS NULL OR a.id = $6)`;
const inOrder = 'ORDER BY a.occurred_at DESC, a.id DESC LIMIT $5';

/** A change that is an event of its own beside the action it was part of. */
const changeColumns = (
  name: string,
) => `e.id, e.occurred_at, ${microsOf('e.occurred_at')}, '${name}', a.outcome, a.error_code, a.actor_type,
  a.actor_id, a.record_ids, a.session_hash, a.id, a.occurred_at::text`;
const itsAction = 'JOIN audit.action AS a ON a.epoch = e.epoch AND a.txid = e.txid AND a.id = e.action_id';
const isChangeBefore = `($3::bigint IS NULL OR (e.occurred_at, e.id) < (${moment}, $4::uuid)) AND ($6::uuid IS NULL OR e.id = $6)`;

/**
 * By index: what the person did, what others did to them, the row that made the account, and those that linked an identity to it
 * later, which may be part of a sign-in.
 */
const sql = `
  SELECT r.*, EXISTS (SELECT FROM audit.leaf AS l WHERE l.row_id = r.id) AS "isSealed" FROM (
    (SELECT a.id, a.occurred_at AS at, ${microsOf('a.occurred_at')} AS "atMicros", ${columns} FROM audit.action AS a
      WHERE a.actor_id = $1 AND a.outcome <> 'read' AND ${isWanted} AND ${isBefore} ${inOrder})
    UNION ALL
    (SELECT a.id, a.occurred_at, ${microsOf('a.occurred_at')}, ${columns} FROM audit.action AS a
      WHERE a.record_ids @> ARRAY[$1::text] AND a.actor_type NOT IN ('client', 'vendor') AND a.outcome <> 'read'
        AND (a.action <> 'refresh-session' OR a.outcome <> 'ok') AND ${isWanted} AND ${isBefore} ${inOrder})
    UNION ALL
    (SELECT ${changeColumns('account made')} FROM audit.event AS e ${itsAction}
      WHERE e.tbl = 'identity.user' AND e.record_id = $1::text AND e.op = 1 AND 'account made ok' = ANY($2) AND ${isChangeBefore})
    UNION ALL
    (SELECT ${changeColumns('identity made')} FROM audit.event AS e ${itsAction}
      WHERE e.subject_id = $1 AND e.tbl = 'identity.external_identity' AND e.op = 1 AND 'identity made ok' = ANY($2) AND ${isChangeBefore}
        AND NOT EXISTS (SELECT FROM audit.event AS u WHERE u.tbl = 'identity.user' AND u.record_id = $1::text AND u.op = 1 AND u.action_id = e.action_id))
  ) AS r ORDER BY r.at DESC, r.id DESC LIMIT $5`;

/** Rows about a person, newest first. The caller has checked that it is that person who asks. */
export async function subjectActions(deps: Pick<CommandDeps, 'database'>, query: SubjectActionQuery): Promise<SubjectAction[]> {
  const { subjectId, kinds, before, id, limit } = query;
  const values = [subjectId, kinds, before?.atMicros ?? null, before?.id ?? null, limit, id ?? null];
  const { rows } = await deps.database.pool.query<Row>(sql, values);
  const bodies = await bodiesOf(deps, rows);
  return rows.map((row) => actionOf(row, subjectId, bodies.get(row.actionId)));
}

const said = z.object({ ip: z.string().optional(), ua: z.string().optional() });

async function bodiesOf({ database }: Pick<CommandDeps, 'database'>, rows: readonly Row[]) {
  const { rows: found } = await database.pool.query<{ row_id: string; body: string }>(
    'SELECT row_id, body FROM audit.read_values($1, $2)',
    [rows.map((row) => row.actionId), rows.map((row) => row.actionAt)],
  );
  return new Map(found.map((row) => [row.row_id, said.parse(JSON.parse(row.body))]));
}

function actionOf(row: Row, subjectId: string, body: z.infer<typeof said> | undefined): SubjectAction {
  const { id, at, atMicros, action, outcome, errorCode, recordIds, sessionHash, isSealed } = row;
  const by = row.actorId === subjectId ? 'self' : row.actorType === 'anonymous' ? 'anonymous' : 'other';
  const shown = by === 'other' ? undefined : body;
  return {
    id,
    at,
    atMicros,
    action,
    outcome,
    errorCode,
    by,
    recordIds,
    sessionHash,
    ip: shown?.ip ?? null,
    userAgent: shown?.ua ?? null,
    isSealed,
  };
}
