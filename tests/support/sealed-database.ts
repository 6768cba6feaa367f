import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type pg from 'pg';
import { withDatabase } from '../../prisma/runner/with-database.ts';
import { anchorName, anchorText } from '../../src/audit/proof/anchor-text.ts';
import { checkpointText } from '../../src/audit/proof/checkpoint.ts';
import { sealAll } from '../../src/audit/seal/sealer.ts';
import { readPinnedKeys } from '../../src/audit/seal/signing-key.ts';
import { openReadSession } from '../../src/audit/verify/read-session.ts';
import { type VerifyOptions, type VerifyResult, verifyDatabase } from '../../src/audit/verify/verify-database.ts';
import { readEnds } from '../../src/audit/verify/verify-scope.ts';
import { type Config, loadConfig } from '../../src/foundation/config/config.ts';
import { openDatabase } from '../../src/foundation/runtime/database.ts';
import { createLogger } from '../../src/foundation/runtime/logger.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { createTestDatabase, type TestDatabase } from './database.ts';
import { insertUser, openSql } from './sql.ts';

/** SQL as a superuser, on a connection of its own each time: a database with open connections cannot be copied. */
export type AdminSql = <Row extends pg.QueryResultRow>(sql: string, values?: unknown[]) => Promise<Row[]>;

/** A database with a sealer at hand, and the means to copy it, tamper with the copy and verify it. */
export type SealedDatabase = {
  database: TestDatabase;
  config: Config;
  /** Where anchors are written. */
  anchors: string;
  admin: AdminSql;
  /** Makes a client, changes its name twice, leaves an action row; all in the context of that action. Gives their ids. */
  fill(people?: number): Promise<{ userId: string; actionId: string }[]>;
  /** Seals every row that waits under one checkpoint; other databases of the cluster may hold it up for a while. */
  seal(): Promise<void>;
  /** Writes the last checkpoint as an anchor file, with its row. */
  anchor(): Promise<void>;
  /** A copy of all of it, for tampering. */
  copy(): Promise<{ url: string; admin: AdminSql }>;
  /** Of the database itself, with its keys and anchors, unless said otherwise. */
  verify(options?: Partial<VerifyOptions>): Promise<VerifyResult>;
  stop(): Promise<void>;
};

export async function createSealedDatabase(env: Record<string, string> = {}): Promise<SealedDatabase> {
  const database = await createTestDatabase();
  const folder = mkdtempSync(join(tmpdir(), 'fashionistar-seal-'));
  const config = loadConfig({
    NODE_ENV: 'test',
    LOG_LEVEL: 'silent',
    BCRYPT_COST: '4',
    DATA_DIR: folder,
    DATABASE_URL: database.adminUrl,
    ...env,
  });
  const anchors = join(folder, 'anchors');
  mkdirSync(anchors, { recursive: true });
  const admin = adminSqlOf(database.adminUrl);
  const copies: string[] = [];
  return {
    database,
    config,
    anchors,
    admin,
    fill: async (people = 3) => {
      const made: { userId: string; actionId: string }[] = [];
      for (let n = 0; n < people; n += 1) made.push(await fillOne(database.webUrl, n));
      return made;
    },
    seal: () => seal(database, config, admin),
    anchor: () => anchor(database, config, anchors, admin),
    async copy() {
      const source = new URL(database.adminUrl).pathname.slice(1);
      const name = `${source}_copy_${copies.length}`;
      copies.push(name);
      await adminSqlOf(withDatabase(database.adminUrl, 'postgres'))(`CREATE DATABASE ${name} TEMPLATE ${source} STRATEGY FILE_COPY`);
      const url = withDatabase(database.adminUrl, name);
      return { url, admin: adminSqlOf(url) };
    },
    verify: (options = {}) =>
      verifyDatabase({
        target: { url: database.adminUrl, role: 'audit_reader' },
        scope: { kind: 'full' },
        origin: config.auditOrigin,
        keys: readPinnedKeys(config.auditKeysFile),
        anchorFolder: anchors,
        archiveFolder: null,
        now: new Date(),
        ...options,
      }),
    async stop() {
      for (const name of copies)
        await adminSqlOf(withDatabase(database.adminUrl, 'postgres'))(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
      await database.drop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Several statements at once give the rows of none. */
function adminSqlOf(url: string): AdminSql {
  return async (text, values) => {
    const sql = await openSql(url);
    try {
      return await sql.rows(text, values);
    } finally {
      await sql.close();
    }
  };
}

async function fillOne(webUrl: string, number: number): Promise<{ userId: string; actionId: string }> {
  const web = await openSql(webUrl);
  const actionId = newId();
  const actorId = newId();
  try {
    return await web.inContext(
      async (tx) => {
        const [user] = await tx.rows<{ id: string }>(insertUser);
        const userId = user?.id ?? '';
        for (const name of ['Bola', 'Chidi']) {
          await tx.rows('UPDATE identity."user" SET first_name = $2, city = $3 WHERE id = $1', [
            userId,
            `${name} ${number}`,
            'Àjàyí "Ọ̀nà" \\ 1',
          ]);
        }
        const payload = {
          id: actionId,
          requestId: newId(),
          actorId,
          actorType: 'staff',
          actorRoles: ['support'],
          mfa: true,
          ms: 3,
          outcome: 'ok',
        };
        const rest = {
          door: 'admin',
          resource: 'user',
          action: 'edit-user',
          recordIds: [userId],
          body: `{"reason":"asked by phone ${number}"}`,
        };
        await tx.rows('SELECT audit.record_action($1::jsonb)', [JSON.stringify({ ...payload, ...rest })]);
        return { userId, actionId };
      },
      { actionId, actorId },
    );
  } finally {
    await web.close();
  }
}

const unsealed = ['event', 'action', 'control']
  .map((table) => `SELECT r.txid FROM audit.${table} AS r WHERE NOT EXISTS (SELECT FROM audit.leaf AS l WHERE l.row_id = r.id)`)
  .join(' UNION ALL ');
/** `isReady`: no open transaction of any database is older than the rows, so that the watermark lets all of them pass at once. */
const waiting = `SELECT count(*)::int AS rows, bool_and(txid < pg_snapshot_xmin(pg_current_snapshot())) AS "isReady" FROM (${unsealed}) AS u`;

async function seal(database: TestDatabase, config: Config, admin: AdminSql): Promise<void> {
  const worker = openDatabase({ url: database.workerUrl, applicationName: 'test-sealer', maxConnections: 1 });
  const end = performance.now() + 20_000;
  try {
    for (;;) {
      const [left] = await admin<{ rows: number; isReady: boolean }>(waiting);
      if (left?.rows === 0) return;
      if (performance.now() > end) throw new Error('Rows still wait for their seal');
      if (left?.isReady) await sealAll({ config, database: worker, log: createLogger(config) });
      else await wait(20);
    }
  } finally {
    await worker.close();
  }
}

async function anchor(database: TestDatabase, config: Config, folder: string, admin: AdminSql): Promise<void> {
  const session = await openReadSession({ url: database.adminUrl, role: null });
  const { last } = await readEnds(session).finally(() => session.close());
  if (!last) throw new Error('There is nothing to anchor');
  const text = checkpointText({ ...last, origin: config.auditOrigin }, last.keyId);
  writeFileSync(join(folder, anchorName(last.size)), anchorText(text, last.signature));
  await admin('SELECT audit.mark_anchored($1, $2, $3)', [last.size, 'file', anchorName(last.size)]);
}
