import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { openSql, type Sql } from '../support/sql.ts';

let database: TestDatabase;
let admin: Sql;

beforeAll(async () => {
  database = await createTestDatabase();
  admin = await openSql(database.adminUrl);
});
afterAll(async () => {
  await admin.close();
  await database.drop();
});

const writeEvents = (after: number, count: number) =>
  admin.rows(
    `INSERT INTO audit.event (occurred_at, id, txid, action_id, epoch, op, tbl, record_id, actor_type, db_user, changed)
     SELECT clock_timestamp(), uuidv7(), ($2::bigint + n)::text::xid8, uuidv7(), 1, 2, 'identity.user', 'x', 'staff', 'app_web', '{city}'
       FROM generate_series(1, $1::int) AS n`,
    [count, after],
  );

/** Index entries that this transaction read so far. */
const entriesRead = async () => {
  const [row] = await admin.rows<{ read: number }>(
    `SELECT sum(pg_stat_get_xact_tuples_returned(indexrelid))::int AS read FROM pg_index WHERE indrelid::regclass::text LIKE 'audit.event%'`,
  );
  return row?.read ?? Number.NaN;
};

describe('a backlog that the statistics have not seen', () => {
  test('costs a batch what the batch holds, not what waits', async () => {
    await writeEvents(1_000, 200);
    await admin.rows('ANALYZE audit.event');
    await writeEvents(2_000, 20_000);
    await admin.rows('BEGIN');
    const before = await entriesRead();
    await admin.rows(`SELECT audit.batch_end(100, 1, '2000', '99999')`);
    const read = (await entriesRead()) - before;
    await admin.rows('ROLLBACK');
    expect(read).toBeGreaterThan(100);
    expect(read).toBeLessThan(1_000);
  });
});
