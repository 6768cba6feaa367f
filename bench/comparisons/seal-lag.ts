import { setTimeout as pause } from 'node:timers/promises';
import { compare } from '../compare.ts';
import { runSql } from '../ground.ts';
import { startServer } from '../server.ts';
import type { Suite } from '../suite.ts';

const writesPerSecond = 200;
const seconds = 60;
const allowedMs = 10_000;

/** How long after its writing a row is under a signed checkpoint, while a worker runs beside 200 writes a second (audit.md section 16). */
export const sealLag: Suite = {
  name: 'seal-lag',
  async run(ground) {
    const adminUrl = await ground.newDatabase();
    const worker = await startServer(['src/main.ts', 'worker'], ground.envOf(adminUrl));
    try {
      return [
        await compare({
          name: `seal lag at ${writesPerSecond} writes a second, p99`,
          unit: 'ms',
          kind: 'time',
          bar: 1,
          product: { name: 'p99', run: () => lagWhileWriting(adminUrl) },
          peer: { name: 'allowed', run: async () => allowedMs },
          rounds: 1,
          warmUps: 0,
        }),
      ];
    } finally {
      await worker.stop();
    }
  },
};

async function lagWhileWriting(adminUrl: string): Promise<number> {
  const [{ began } = { began: '' }] = await runSql<{ began: string }>(adminUrl, 'SELECT clock_timestamp()::text AS began');
  await write(adminUrl);
  for (let tries = 0; tries < 120; tries += 1) {
    const [found] = await runSql<{ waiting: string; written: string; p99: number }>(adminUrl, lagSql, [began]);
    if (found?.waiting === '0' && Number(found.written) === writesPerSecond * seconds) return found.p99;
    await pause(500);
  }
  throw new Error('Some rows were not sealed a minute after the last was written');
}

/** One row a transaction, evenly over each second. */
function write(adminUrl: string): Promise<unknown> {
  return runSql(
    adminUrl,
    `DO $$ DECLARE due timestamptz := clock_timestamp(); BEGIN
       FOR i IN 1..${writesPerSecond * seconds} LOOP
         INSERT INTO audit.event (occurred_at, id, txid, action_id, actor_id, epoch, op, tbl, record_id, actor_type, db_user, changed)
         VALUES (clock_timestamp(), uuidv7(), pg_current_xact_id(), uuidv7(), uuidv7(), 1, 2, 'identity.user', uuidv7()::text, 'staff', 'app_web', '{city}');
         COMMIT;
         due := due + interval '${1000 / writesPerSecond} ms';
         PERFORM pg_sleep(greatest(0, extract(epoch FROM due - clock_timestamp())));
       END LOOP;
     END $$`,
  );
}

const lagSql = `
  WITH written AS (
    SELECT e.occurred_at, l.seq FROM audit.event e LEFT JOIN audit.leaf l ON l.row_id = e.id AND l.occurred_at = e.occurred_at
     WHERE e.occurred_at >= $1::timestamptz AND e.tbl = 'identity.user'
  ), lags AS (
    SELECT w.seq, (SELECT extract(epoch FROM min(c.at) - w.occurred_at) * 1000 FROM audit.checkpoint c WHERE c.size > w.seq) AS ms FROM written w
  )
  SELECT count(*)::text AS written, (count(*) FILTER (WHERE ms IS NULL))::text AS waiting,
         percentile_cont(0.99) WITHIN GROUP (ORDER BY ms)::float8 AS p99 FROM lags`;
