import { setTimeout as wait } from 'node:timers/promises';
import { anchorLast } from '../../../src/audit/seal/anchor.ts';
import { sealAll } from '../../../src/audit/seal/sealer.ts';
import { readPinnedKeys } from '../../../src/audit/seal/signing-key.ts';
import { runNote } from '../../../src/audit/verify/run-note.ts';
import { type VerifyResult, verifyDatabase } from '../../../src/audit/verify/verify-database.ts';
import type { CommandDeps } from '../../../src/foundation/command/command.ts';
import { runInContext, systemContext } from '../../../src/foundation/runtime/request-context.ts';
import type { TestApp } from '../../support/app.ts';
import { openSql, type Sql } from '../../support/sql.ts';
import { workerDeps } from '../../support/worker-deps.ts';

/** The worker's half of the history, step by step: what its jobs do, when the test says so. */
export type Keeper = {
  /** On the login of the worker, with the lines of its log. */
  deps: CommandDeps;
  logs: string[];
  /** Superuser. */
  admin: Sql;
  /** Runs work as the job of that name would. */
  asJob<T>(name: string, work: () => Promise<T>): Promise<T>;
  /** Seals until no row waits and anchors the last checkpoint; other databases of the cluster may hold it up. */
  sealAndAnchor(): Promise<void>;
  verify(options?: { archiveFolder?: string | null }): Promise<VerifyResult>;
  /** What the nightly verify leaves behind, sealed. */
  noteVerify(): Promise<void>;
  close(): Promise<void>;
};

const unsealed = ['event', 'action', 'control']
  .map((table) => `SELECT 1 FROM audit.${table} AS r WHERE NOT EXISTS (SELECT FROM audit.leaf AS l WHERE l.row_id = r.id)`)
  .join(' UNION ALL ');

export async function openKeeper(app: TestApp): Promise<Keeper> {
  const logs: string[] = [];
  const { config } = app.deps;
  const deps = { ...workerDeps({ ...config, logLevel: 'info' }, { clock: app.clock, logs, url: app.database.workerUrl }), config };
  const admin = await openSql(app.database.adminUrl);
  const sealAndAnchor = async () => {
    const end = performance.now() + 30_000;
    for (;;) {
      await sealAll(deps);
      if ((await admin.rows(unsealed)).length === 0) break;
      if (performance.now() > end) throw new Error('Rows still wait for their seal');
      await wait(20);
    }
    await anchorLast(deps);
  };
  const verify = (options: { archiveFolder?: string | null } = {}) =>
    verifyDatabase({
      target: { url: app.database.adminUrl, role: 'audit_reader' },
      scope: { kind: 'full' },
      origin: config.auditOrigin,
      keys: readPinnedKeys(config.auditKeysFile),
      anchorFolder: config.auditAnchorDir,
      archiveFolder: null,
      now: new Date(),
      ...options,
    });
  return {
    deps,
    logs,
    admin,
    asJob: (name, work) => runInContext(systemContext(name, 'worker'), work),
    sealAndAnchor,
    verify,
    async noteVerify() {
      await admin.rows(`SELECT audit.record_control('verify', $1)`, [runNote(await verify(), 'test')]);
      await sealAndAnchor();
    },
    async close() {
      await admin.close();
      await deps.hasher.close();
      await deps.database.close();
    },
  };
}

/** `month` is `YYYY-MM`. `bodies`: values of one event each, about `subjectId` where there is one. */
export type OldRows = { month: string; subjectId?: string | null; bodies: readonly string[]; snapshot?: string; recordId?: string };

/**
 * Rows of a month long gone, as they would stand there: consistent, and with ids of that time. Only a superuser can write a past.
 * Gives the ids of the events; each has an action of its own, aimed at the subject.
 */
export async function writeOldRows(admin: Sql, rows: OldRows): Promise<string[]> {
  const { month, subjectId = null, bodies, snapshot = null, recordId = subjectId ?? 'NG' } = rows;
  await admin.rows('SELECT audit.make_partitions($1::date, $1::date)', [`${month}-01`]);
  const ids: string[] = [];
  for (const [index, body] of bodies.entries()) {
    const [row] = await admin.rows<{ id: string }>(
      `WITH made AS (
         SELECT m.at, uuidv7(m.at - clock_timestamp()) AS id, uuidv7(m.at - clock_timestamp()) AS action_id, audit.new_salt() AS salt,
                audit.new_salt() AS picture_salt, $2::text AS body, $4::text AS picture
           FROM (SELECT ($1 || '-05 10:00:00+00')::timestamptz + $5 * interval '1 minute' AS at) AS m
       ), values AS (
         INSERT INTO audit.value (occurred_at, row_id, subject_id, salt, body)
         SELECT at, id, $3::uuid, salt, body FROM made UNION ALL SELECT at, action_id, NULL, salt, body FROM made
       ), pictures AS (
         INSERT INTO audit.snapshot (occurred_at, row_id, subject_id, tbl, record_id, salt, body)
         SELECT at, id, $3::uuid, 'identity.user', $6, picture_salt, picture FROM made WHERE picture IS NOT NULL
       ), actions AS (
         INSERT INTO audit.action (occurred_at, id, txid, request_id, actor_id, epoch, ms, record_count, mfa, outcome, door, actor_type, resource, action,
                                   actor_roles, record_ids, value_commit)
         SELECT at, action_id, pg_current_xact_id(), uuidv7(), uuidv7(), audit.current_epoch(), 3, 1, true, 'ok', 'admin', 'staff', 'user', 'edit-user',
                '{support}', ARRAY[$6], sha256('\\x02'::bytea || salt || convert_to(body, 'UTF8')) FROM made
       )
       INSERT INTO audit.event (occurred_at, id, txid, action_id, subject_id, epoch, op, tbl, record_id, actor_type, db_user, changed, value_commit, snapshot_commit)
       SELECT at, id, pg_current_xact_id(), action_id, $3::uuid, audit.current_epoch(), 2, 'identity.user', $6, 'staff', 'app_web', '{first_name}',
              sha256('\\x02'::bytea || salt || convert_to(body, 'UTF8')), sha256('\\x03'::bytea || picture_salt || convert_to(picture, 'UTF8'))
         FROM made RETURNING id`,
      [month, body, subjectId, snapshot, index, recordId],
    );
    if (row) ids.push(row.id);
  }
  return ids;
}
