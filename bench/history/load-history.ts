import pg from 'pg';
import { createProgress } from '../../scripts/progress.ts';
import { eventsPerClick, insertBatch, makeChanges, makeClicks } from './batch-sql.ts';

export type LoadedHistory = { events: number; rows: number; seconds: number; bytes: number };

const months = 12;
const batchClicks = 50_000;
const indexed = ['event', 'action', 'value', 'snapshot', 'search', 'leaf', 'enrichment'];

/**
 * Fills an empty migrated database with a year of made-up history, as its superuser. Indexes other than the keys are made at the end,
 * which is several times as fast. 10,000,000 events (12,500,000 rows with their actions) take about 25 GB and, on two cores,
 * about half an hour; bench/history/index.ts says what they took here.
 */
export async function loadHistory(adminUrl: string, events: number): Promise<LoadedHistory> {
  const began = performance.now();
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query(`SET timezone = 'UTC'; SET synchronous_commit = off; SET maintenance_work_mem = '1GB'; SET work_mem = '256MB'`);
    await client.query(`SELECT audit.make_partitions((now() - interval '${months} months')::date, now()::date)`);
    const definitions = await takeIndexes(client);
    await insertAll(client, Math.ceil(events / eventsPerClick));
    const progress = createProgress('indexes');
    for (const [done, definition] of definitions.entries()) {
      await client.query(definition);
      progress.update(done + 1, definitions.length);
    }
    progress.end();
    await settle(client);
    const { rows } = await client.query<{ bytes: string }>('SELECT pg_database_size(current_database()) AS bytes');
    const clicks = Math.ceil(events / eventsPerClick);
    return {
      events: clicks * eventsPerClick,
      rows: clicks * (eventsPerClick + 1),
      seconds: (performance.now() - began) / 1000,
      bytes: Number(rows[0]?.bytes ?? 0),
    };
  } finally {
    await client.end();
  }
}

/** Drops what can be made again and gives the statements that make it. */
async function takeIndexes(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query<{ name: string; definition: string }>(
    `SELECT i.indexrelid::regclass::text AS name, pg_get_indexdef(i.indexrelid) AS definition
       FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indrelid
      WHERE c.relnamespace = 'audit'::regnamespace AND c.relname = ANY($1) AND NOT i.indisunique`,
    [indexed],
  );
  for (const { name } of rows) await client.query(`DROP INDEX ${name}`);
  // On a parent the definition says ONLY, which would leave out the months.
  return rows.map(({ definition }) => definition.replace(' ON ONLY ', ' ON '));
}

async function insertAll(client: pg.Client, clicks: number): Promise<void> {
  const yearMicros = 365 * 86_400 * 1e6;
  const step = Math.floor((yearMicros - 3600e6) / clicks);
  const { rows } = await client.query<{ start: string }>(`SELECT (now() - interval '365 days')::text AS start`);
  const progress = createProgress('events');
  for (let from = 0; from < clicks; from += batchClicks) {
    const to = Math.min(from + batchClicks, clicks);
    await client.query('BEGIN');
    await client.query(makeClicks, [from, to, rows[0]?.start, step, clicks]);
    await client.query(makeChanges);
    for (const statement of insertBatch) await client.query(statement);
    await client.query('COMMIT');
    progress.update(to * eventsPerClick, clicks * eventsPerClick);
  }
  progress.end();
}

/** As the sealer and its followers leave it, with fresh statistics. */
async function settle(client: pg.Client): Promise<void> {
  await client.query(
    `INSERT INTO audit.checkpoint (size, at, epoch, watermark, root, frontier, key_id, sig)
     SELECT max(seq) + 1, now(), 1, pg_current_xact_id(), sha256('bench'), '{}', '0000000000000000', sha256('bench') FROM audit.leaf`,
  );
  await client.query('UPDATE audit.progress SET next_seq = (SELECT max(seq) + 1 FROM audit.leaf)');
  await client.query('VACUUM ANALYZE');
}
