import pg from 'pg';
import { roleUrls } from '../../prisma/runner/roles.ts';
import { type SealDeps, sealBatch } from '../../src/audit/seal/sealer.ts';
import { loadConfig } from '../../src/foundation/config/config.ts';
import { openDatabase } from '../../src/foundation/runtime/database.ts';
import { createLogger } from '../../src/foundation/runtime/logger.ts';
import { compare } from '../compare.ts';
import { type Ground, runSql } from '../ground.ts';
import type { Suite } from '../suite.ts';

const rowsPerRound = 20_000;
const rowsPerInsert = 500;

/** Sealing of event rows against writing the very same rows once more, 500 at a time, into a table of the same shape and indexes. */
export const auditSeal: Suite = {
  name: 'audit-seal',
  async run(ground) {
    const side = await openSide(ground);
    try {
      const result = await compare({
        name: `sealing ${rowsPerRound} events`,
        unit: 'ms per 1,000 rows',
        kind: 'rate',
        bar: 0.6,
        product: { name: 'sealed', run: () => sealRound(side) },
        peer: { name: 'inserted raw', run: () => insertRound(side) },
        rounds: 9,
      });
      return [result];
    } finally {
      await side.stop();
    }
  },
};

type Side = { adminUrl: string; deps: SealDeps; raw: pg.Client; stop(): Promise<void> };

async function openSide(ground: Ground): Promise<Side> {
  const adminUrl = await ground.newDatabase();
  await runSql(adminUrl, 'CREATE TABLE public.twin (LIKE audit.event INCLUDING DEFAULTS INCLUDING CONSTRAINTS INCLUDING INDEXES)');
  const config = loadConfig({ ...ground.envOf(adminUrl), NODE_ENV: 'production', LOG_LEVEL: 'silent' });
  const database = openDatabase({ url: roleUrls(adminUrl).workerUrl, applicationName: 'bench-sealer', maxConnections: 2 });
  const raw = new pg.Client({ connectionString: adminUrl });
  await raw.connect();
  const side: Side = {
    adminUrl,
    deps: { config, database, log: createLogger(config) },
    raw,
    async stop() {
      await raw.end();
      await database.close();
    },
  };
  await writeEvents(side);
  await sealRest(side);
  await runSql(adminUrl, 'VACUUM ANALYZE');
  return side;
}

/** As updates of people leave them: small transactions, random ids. Not part of what is measured. */
async function writeEvents({ adminUrl }: Side): Promise<void> {
  await runSql(
    adminUrl,
    `DO $$ BEGIN
       SET synchronous_commit = off;
       FOR i IN 1..${rowsPerRound / 5} LOOP
         INSERT INTO audit.event (txid, action_id, actor_id, subject_id, epoch, op, tbl, record_id, actor_type, db_user, changed, value_commit)
         SELECT pg_current_xact_id(), uuidv7(), gen_random_uuid(), u.id, 1, 2, 'identity.user', u.id::text, 'staff', 'app_web',
                '{display_name,first_name}', sha256(uuid_send(u.id))
           FROM (SELECT gen_random_uuid() AS id FROM generate_series(1, 5)) AS u;
         COMMIT;
       END LOOP;
     END $$`,
  );
}

async function sealRound(side: Side): Promise<number> {
  await writeEvents(side);
  const began = performance.now();
  const sealed = await sealRest(side);
  const ms = performance.now() - began;
  if (sealed !== rowsPerRound) throw new Error(`${sealed} rows were sealed`);
  return (ms / sealed) * 1_000;
}

async function sealRest({ deps }: Side): Promise<number> {
  let sealed = 0;
  for (let range = await sealBatch(deps); range; range = await sealBatch(deps)) sealed += range.to - range.from;
  return sealed;
}

const columns = [
  'occurred_at',
  'id',
  'txid',
  'action_id',
  'actor_id',
  'subject_id',
  'epoch',
  'op',
  'tbl',
  'record_id',
  'actor_type',
  'db_user',
  'changed',
  'value_commit',
] as const;

async function insertRound({ raw }: Side): Promise<number> {
  await raw.query('TRUNCATE public.twin');
  const { rows } = await raw.query<Record<(typeof columns)[number], unknown>>(
    `SELECT ${columns.join(', ')} FROM audit.event ORDER BY txid DESC, id LIMIT ${rowsPerRound}`,
  );
  const batches = Array.from({ length: rows.length / rowsPerInsert }, (_, n) =>
    rows.slice(n * rowsPerInsert, (n + 1) * rowsPerInsert).flatMap((row) => columns.map((column) => row[column])),
  );
  const tuple = (n: number) => `(${columns.map((_, at) => `$${n * columns.length + at + 1}`).join(', ')})`;
  const text = `INSERT INTO public.twin (${columns.join(', ')}) VALUES ${Array.from({ length: rowsPerInsert }, (_, n) => tuple(n)).join(', ')}`;
  const began = performance.now();
  for (const values of batches) await raw.query({ name: 'insert-twin', text, values });
  return ((performance.now() - began) / rows.length) * 1_000;
}
