import pg from 'pg';
import { newId } from '../../src/foundation/runtime/new-id.ts';

export type SqlContext = { actionId?: string; actorId?: string; actorType?: string; requestId?: string };

/** A plain connection, for tests that speak SQL as one of the database logins. */
export type Sql = {
  /** Rows of one statement. */
  rows<Row extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]>;
  /** Runs statements in one transaction that carries an audit context. */
  inContext<T>(work: (sql: Sql) => Promise<T>, context?: SqlContext): Promise<T>;
  /** The SQLSTATE a statement fails with; "none" when it succeeds. */
  errorCode(sql: string, values?: unknown[]): Promise<string>;
  close(): Promise<void>;
};

export async function openSql(url: string): Promise<Sql> {
  const client = new pg.Client({ connectionString: url, options: '-c timezone=UTC' });
  // Dropping the database ends connections that a failed test left open.
  client.on('error', () => undefined);
  await client.connect();
  const sql: Sql = {
    async rows<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) {
      return (await client.query<Row>(text, values)).rows;
    },
    async inContext(work, context = {}) {
      const full = { actionId: newId(), actorId: newId(), actorType: 'staff', requestId: newId(), ...context };
      const encoded = Buffer.from(JSON.stringify(full)).toString('base64');
      await client.query(`BEGIN; SELECT set_config('audit.ctx', '${encoded}', true)`);
      try {
        const result = await work(sql);
        await client.query('COMMIT');
        return result;
      } catch (error) {
        await client.query('ROLLBACK');
        throw error;
      }
    },
    async errorCode(text, values = []) {
      try {
        await client.query(text, values);
        return 'none';
      } catch (error) {
        if (error instanceof pg.DatabaseError) return error.code ?? 'unknown';
        throw error;
      }
    },
    close: () => client.end(),
  };
  return sql;
}

export type AuditEvent = {
  id: string;
  op: number;
  tbl: string;
  record_id: string;
  action_id: string | null;
  actor_id: string | null;
  actor_type: string;
  subject_id: string | null;
  db_user: string;
  changed: string[];
  body: string;
  snapshot: string | null;
  /** Whether the commitments fit the stored bodies. */
  is_committed: boolean;
};

/** Events of one table (and record), oldest first, with their bodies. */
export function eventsOf(sql: Sql, table: string, recordId?: string): Promise<AuditEvent[]> {
  return sql.rows<AuditEvent>(
    `SELECT e.id, e.op, e.tbl, e.record_id, e.action_id, e.actor_id, e.actor_type, e.subject_id, e.db_user::text, e.changed, v.body,
            s.body AS snapshot,
            e.value_commit = sha256('\\x02'::bytea || v.salt || convert_to(v.body, 'UTF8'))
              AND e.snapshot_commit IS NOT DISTINCT FROM sha256('\\x03'::bytea || s.salt || convert_to(s.body, 'UTF8')) AS is_committed
       FROM audit.event AS e
       JOIN audit.value AS v ON v.occurred_at = e.occurred_at AND v.row_id = e.id
       LEFT JOIN audit.snapshot AS s ON s.occurred_at = e.occurred_at AND s.row_id = e.id
      WHERE e.tbl = $1 AND ($2::text IS NULL OR e.record_id = $2)
      ORDER BY e.id`,
    [table, recordId ?? null],
  );
}

/** SQL that makes a client's account with made-up identifiers and returns its id. */
export const insertUser = `INSERT INTO identity."user" (kind, auth_method, email_enc, email_bidx, first_name)
  VALUES ('client', 'email', '\\x01', sha256(convert_to(gen_random_uuid()::text, 'UTF8')), 'Ada') RETURNING id`;
