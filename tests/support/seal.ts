import { sealAll } from '../../src/audit/seal/sealer.ts';
import { openDatabase } from '../../src/foundation/runtime/database.ts';
import type { TestApp } from './app.ts';

/**
 * Seals everything that is committed by now, as the worker does. Asks again until no row is left: the oldest open transaction of the
 * whole cluster, another test's included, holds sealing back. Returns how many leaves there are.
 */
export async function sealEverything(app: Pick<TestApp, 'deps' | 'database'>): Promise<number> {
  const database = openDatabase({ url: app.database.workerUrl, applicationName: 'test-sealer', maxConnections: 2 });
  try {
    const { rows: wanted } = await database.pool.query<{ id: string }>(rowsWithoutLeaf);
    for (;;) {
      await sealAll({ config: app.deps.config, log: app.deps.log, database });
      const { rows } = await database.pool.query<{ left: boolean; size: string }>(
        `SELECT EXISTS (SELECT FROM unnest($1::uuid[]) AS w (id) WHERE NOT EXISTS (SELECT FROM audit.leaf l WHERE l.row_id = w.id)) AS left,
                (SELECT coalesce(max(l.seq) + 1, 0) FROM audit.leaf l) AS size`,
        [wanted.map((row) => row.id)],
      );
      if (!rows[0]?.left) return Number(rows[0]?.size ?? 0);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  } finally {
    await database.close();
  }
}

const rowsWithoutLeaf = `SELECT id FROM (
    SELECT e.id FROM audit.event e UNION ALL SELECT a.id FROM audit.action a UNION ALL SELECT c.id FROM audit.control c
  ) AS r WHERE NOT EXISTS (SELECT FROM audit.leaf l WHERE l.row_id = r.id)`;
