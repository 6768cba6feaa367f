import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openSql, type Sql } from '../support/sql.ts';
import { createSealBench, openTransaction, type SealBench, writeRows } from './support/seal-bench.ts';

let bench: SealBench;
let worker: Sql;
beforeAll(async () => {
  bench = await createSealBench();
  worker = await openSql(bench.database.workerUrl);
});
afterAll(async () => {
  await worker.close();
  await bench.stop();
});

describe('a new month', () => {
  test('is made while others write and read, and neither waits for the other', async () => {
    const [writer, reader] = [await openTransaction(bench), await openTransaction(bench)];
    await writeRows(writer, 1);
    await reader.rows('SELECT count(*) FROM audit.event');
    await reader.rows('SELECT count(*) FROM platform.api_log');
    const [made] = await worker.rows<{ audit: number; platform: number }>(
      `SELECT audit.make_partitions('2031-01-01', '2031-02-01') AS audit, platform.make_partitions('2031-01-01', '2031-02-01') AS platform`,
    );
    expect(made).toEqual({ audit: 10, platform: 4 });
    await writeRows(writer, 1);
    await writer.end();
    await reader.end();
  });

  test('is what its neighbours are: indexes, constraints, guards, no grants', async () => {
    const shapes = await bench.admin.rows<{ parent: string; month: string; shape: string }>(
      `SELECT i.inhparent::regclass::text AS parent, right(c.relname, 6) AS month, jsonb_build_object(
                'indexes', (SELECT jsonb_agg(replace(pg_get_indexdef(x.indexrelid), right(c.relname, 6), '') ORDER BY y.inhparent)
                              FROM pg_index AS x JOIN pg_inherits AS y ON y.inhrelid = x.indexrelid WHERE x.indrelid = c.oid),
                'checks', (SELECT jsonb_agg(k.conname::text || replace(pg_get_constraintdef(k.oid), ' NOT VALID', '') ORDER BY k.conname) FROM pg_constraint AS k WHERE k.conrelid = c.oid AND k.contype = 'c'),
                'columns', (SELECT jsonb_agg(jsonb_build_array(a.attname, a.atttypid::regtype, a.attnotnull, pg_get_expr(d.adbin, d.adrelid)) ORDER BY a.attnum)
                              FROM pg_attribute AS a LEFT JOIN pg_attrdef AS d ON d.adrelid = a.attrelid AND d.adnum = a.attnum WHERE a.attrelid = c.oid AND a.attnum > 0),
                'triggers', (SELECT jsonb_agg(t.tgname::text || t.tgenabled::text ORDER BY t.tgname) FROM pg_trigger AS t WHERE t.tgrelid = c.oid),
                'grants', (SELECT jsonb_agg(DISTINCT g.grantee) FROM information_schema.role_table_grants AS g
                            WHERE format('%I.%I', g.table_schema, g.table_name)::regclass = c.oid AND g.grantee IN ('app_web', 'app_worker', 'audit_reader', 'PUBLIC')))::text AS shape
         FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid JOIN pg_class AS p ON p.oid = i.inhparent AND p.relkind = 'p'
        WHERE c.relnamespace IN ('audit'::regnamespace, 'identity'::regnamespace, 'platform'::regnamespace)`,
    );
    for (const parent of new Set(shapes.map((row) => row.parent))) {
      const own = shapes.filter((row) => row.parent === parent);
      expect(own.filter((row) => row.month.startsWith('2031'))).toHaveLength(2);
      for (const row of own) expect(JSON.parse(row.shape)).toEqual(JSON.parse(own[0]?.shape ?? ''));
    }
  });
});
