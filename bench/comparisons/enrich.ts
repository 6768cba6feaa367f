import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { roleUrls } from '../../prisma/runner/roles.ts';
import { compare } from '../compare.ts';
import type { Ground } from '../ground.ts';
import type { Suite } from '../suite.ts';

const batchRows = 5_000;
const batches = 4;

/** The worker's batch writer of enrichment against the same rows by a plain insert into the same table (audit.md section 16). */
export const enrich: Suite = {
  name: 'enrich',
  async run(ground) {
    const sides = await openSides(ground);
    try {
      const result = await compare({
        name: `enrichment, ${batchRows} rows a batch`,
        unit: 'ms per batch',
        kind: 'rate',
        bar: 0.6,
        product: {
          name: 'put_enrichment',
          run: () => write(sides.worker, 'SELECT audit.put_enrichment($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[])'),
        },
        peer: {
          name: 'raw insert',
          run: () =>
            write(
              sides.admin,
              `INSERT INTO audit.enrichment (row_id, country, device, browser, os)
               SELECT * FROM unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[])`,
            ),
        },
      });
      return [result];
    } finally {
      await sides.worker.end();
      await sides.admin.end();
    }
  },
};

/** One database for both: the table and its index grow under both alike. */
async function openSides(ground: Ground): Promise<{ worker: pg.Client; admin: pg.Client }> {
  const adminUrl = await ground.newDatabase();
  const [worker, admin] = [
    new pg.Client({ connectionString: roleUrls(adminUrl).workerUrl }),
    new pg.Client({ connectionString: adminUrl }),
  ];
  await Promise.all([worker.connect(), admin.connect()]);
  return { worker, admin };
}

async function write(client: pg.Client, sql: string): Promise<number> {
  const rows = Array.from({ length: batches }, () => [
    Array.from({ length: batchRows }, () => randomUUID()),
    ...['NG', 'desktop', 'Chrome', 'Linux'].map((value) => Array.from({ length: batchRows }, () => value)),
  ]);
  const began = performance.now();
  for (const batch of rows) await client.query(sql, batch);
  return (performance.now() - began) / batches;
}
