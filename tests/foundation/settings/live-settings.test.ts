import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { currentSettings, forgetSettings, isEnabled, lastSettings, settingsAgeMs } from '../../../src/foundation/settings/live-settings.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { openSql, type Sql } from '../../support/sql.ts';

let database: TestDatabase;
let pool: pg.Pool;
let admin: Sql;
beforeAll(async () => {
  database = await createTestDatabase();
  admin = await openSql(database.adminUrl);
  pool = new pg.Pool({ connectionString: database.webUrl, max: 4 });
  pool.on('error', () => undefined);
});
afterAll(async () => {
  await pool.end();
  await admin.close();
  await database.drop();
});

/** The time of the process, which moves only when the test says so. */
let atMs = 1_000;
beforeEach(() => {
  vi.spyOn(performance, 'now').mockImplementation(() => atMs);
});

const turn = (isOn: boolean) =>
  admin.inContext((sql) =>
    sql.rows(
      `INSERT INTO platform.feature_flag (name, is_enabled, description) VALUES ('break_glass', $1, 'test')
       ON CONFLICT (name) DO UPDATE SET is_enabled = $1`,
      [isOn],
    ),
  );

/** A process that knows nothing yet, on the real pool; `hold` keeps the answer to the next statement back. */
function startProcess() {
  let asked = 0;
  let answered = 0;
  let gate: PromiseWithResolvers<void> | null = null;
  const query = async (statement: pg.QueryConfig) => {
    asked += 1;
    const held = gate;
    gate = null;
    const answer = await pool.query(statement);
    answered += 1;
    await held?.promise;
    return answer;
  };
  const deps = { database: { pool: Object.assign(Object.create(pool) as pg.Pool, { query }) } };
  return {
    deps,
    isOn: () => isEnabled(deps, 'break_glass'),
    asked: () => asked,
    answered: () => answered,
    hold() {
      gate = Promise.withResolvers();
      return gate;
    },
  };
}

describe('the settings of a process', () => {
  it('are as the code says before anybody changed them, and not known before they were read', async () => {
    const { deps } = startProcess();
    expect(lastSettings(deps)).toBeNull();
    const settings = await currentSettings(deps);
    expect(settings).toMatchObject({ readOnly: null, flags: { break_glass: false }, quotas: { support: { people: 300, reveals: 30 } } });
    expect(lastSettings(deps)).toBe(settings);
  });

  it('are read once for many who ask, and then not for half a second', async () => {
    await turn(false);
    const web = startProcess();
    await Promise.all(Array.from({ length: 20 }, () => web.isOn()));
    await turn(true);
    atMs += settingsAgeMs - 1;
    expect(await web.isOn()).toBe(false);
    expect(web.asked()).toBe(1);
    atMs += 1;
    expect(await web.isOn()).toBe(true);
    expect(web.asked()).toBe(2);
  });

  it('that this process changed are its own at once: a reading from before neither stands nor ends the wait', async () => {
    await turn(false);
    const web = startProcess();
    const first = web.hold();
    const early = web.isOn();
    await vi.waitFor(() => expect(web.answered()).toBe(1));
    await turn(true);
    atMs += 1;
    forgetSettings(web.deps);
    atMs += 1;
    const second = web.hold();
    const late = web.isOn();
    first.resolve();
    expect(await early).toBe(false);
    expect(lastSettings(web.deps)).toBeNull();
    const joined = web.isOn();
    second.resolve();
    expect(await Promise.all([late, joined])).toEqual([true, true]);
    expect(web.asked()).toBe(2);
  });
});
