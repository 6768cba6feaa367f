import { readFile } from 'node:fs/promises';
import { roleUrls } from '../../prisma/runner/roles.ts';
import { parsePinnedKeys } from '../../src/audit/proof/pinned-keys.ts';
import { type SealDeps, sealBatch } from '../../src/audit/seal/sealer.ts';
import { verifyDatabase } from '../../src/audit/verify/verify-database.ts';
import { loadConfig } from '../../src/foundation/config/config.ts';
import { openDatabase } from '../../src/foundation/runtime/database.ts';
import { createLogger } from '../../src/foundation/runtime/logger.ts';
import { compare } from '../compare.ts';
import { type Ground, runSql } from '../ground.ts';
import type { Suite } from '../suite.ts';

/** Verifying event rows with their values against sealing the very same rows: audit.md section 16 asks for 0.9 of the time at most. */
export const auditVerify: Suite = verifying('audit-verify', 20_000, 9);

/** The same with a million rows at a time: minutes, so it runs only when asked for by name. */
export const auditVerifyMillion: Suite = verifying('audit-verify-million', 1_000_000, 1);

function verifying(name: string, rowsPerRound: number, rounds: number): Suite {
  return {
    name,
    async run(ground) {
      const side = await openSide(ground, rowsPerRound);
      try {
        const result = await compare({
          name: `verifying ${rowsPerRound} events with values`,
          unit: 'ms per 1,000 rows',
          kind: 'time',
          bar: 0.9,
          product: { name: 'verified', run: () => verifyRound(side) },
          peer: { name: 'sealed', run: () => sealRound(side) },
          rounds,
          warmUps: rounds > 1 ? 2 : 0,
        });
        return [result];
      } finally {
        await side.deps.database.close();
      }
    },
  };
}

/** `from` and `to`: leaves of the last sealed round. */
type Side = { adminUrl: string; deps: SealDeps; rowsPerRound: number; from: number; to: number };

async function openSide(ground: Ground, rowsPerRound: number): Promise<Side> {
  const adminUrl = await ground.newDatabase();
  const config = loadConfig({ ...ground.envOf(adminUrl), NODE_ENV: 'production', LOG_LEVEL: 'silent' });
  const database = openDatabase({ url: roleUrls(adminUrl).workerUrl, applicationName: 'bench-sealer', maxConnections: 1 });
  const side: Side = { adminUrl, deps: { config, database, log: createLogger(config) }, rowsPerRound, from: 0, to: 0 };
  await sealRound(side);
  await runSql(adminUrl, 'VACUUM ANALYZE');
  return side;
}

/** As updates of people leave them: small transactions, random ids, a value each. Not part of what is measured. */
async function writeEvents({ adminUrl, rowsPerRound }: Side): Promise<void> {
  await runSql(
    adminUrl,
    `DO $$ BEGIN
       SET synchronous_commit = off;
       FOR i IN 1..${rowsPerRound / 5} LOOP
         WITH rows AS MATERIALIZED (
           SELECT clock_timestamp() AS at, uuidv7() AS id, gen_random_uuid() AS subject, audit.new_salt() AS salt,
                  '{"city":["Lagos","Abuja"],"display_name":["Ada ' || n || '","Ada O. ' || n || '"],"first_name":["Ada","Adaeze"]}' AS body
             FROM generate_series(1, 5) AS n
         ), contents AS (INSERT INTO audit.value (occurred_at, row_id, subject_id, salt, body) SELECT at, id, subject, salt, body FROM rows)
         INSERT INTO audit.event (occurred_at, id, txid, action_id, actor_id, subject_id, epoch, op, tbl, record_id, actor_type, db_user, changed, value_commit)
         SELECT at, id, pg_current_xact_id(), id, subject, subject, 1, 2, 'identity.user', subject::text, 'staff', 'app_web',
                '{city,display_name,first_name}', sha256('\\x02'::bytea || salt || convert_to(body, 'UTF8')) FROM rows;
         COMMIT;
       END LOOP;
     END $$`,
  );
}

async function sealRound(side: Side): Promise<number> {
  await writeEvents(side);
  const began = performance.now();
  const first = await sealBatch(side.deps);
  let last = first;
  for (let range = last; range; range = await sealBatch(side.deps)) last = range;
  const ms = performance.now() - began;
  side.from = first?.from ?? 0;
  side.to = last?.to ?? 0;
  if (side.to - side.from < side.rowsPerRound) throw new Error(`${side.to - side.from} rows were sealed`);
  return (ms / (side.to - side.from)) * 1_000;
}

async function verifyRound({ adminUrl, deps: { config }, from, to }: Side): Promise<number> {
  const keys = parsePinnedKeys(await readFile(config.auditKeysFile, 'utf8'));
  const began = performance.now();
  const result = await verifyDatabase({
    target: { url: adminUrl, role: 'audit_reader' },
    scope: { kind: 'from', seq: from },
    origin: config.auditOrigin,
    keys,
    anchorFolder: null,
    archiveFolder: null,
    now: new Date(),
  });
  const ms = performance.now() - began;
  if (result.outcome !== 'valid' || result.rows !== to - from) throw new Error(`${result.rows} rows, ${result.faultCount} faults`);
  return (ms / result.rows) * 1_000;
}
