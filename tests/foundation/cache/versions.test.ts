import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { currentVersions, forgetVersions, type Versions } from '../../../src/foundation/cache/versions.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { openSql, type Sql } from '../../support/sql.ts';

let database: TestDatabase;
let pool: pg.Pool;
let admin: Sql;
beforeAll(async () => {
  database = await createTestDatabase();
  admin = await openSql(database.adminUrl);
  // The role that reads them in a web process.
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

const one = 'storefront.1';
const raise = (name: string) => admin.rows('UPDATE platform.cache_namespace SET epoch = epoch + 1 WHERE name = $1', [name]);
const epochOf = async (name: string) =>
  Number((await admin.rows<{ epoch: string }>('SELECT epoch FROM platform.cache_namespace WHERE name = $1', [name]))[0]?.epoch);

/** A process that knows nothing yet: the real pool, with a count of what was asked and a gate that holds answers back. */
function startProcess() {
  const gates: PromiseWithResolvers<void>[] = [];
  let asked = 0;
  let answered = 0;
  let failure: Error | null = null;
  const query = async (statement: pg.QueryConfig) => {
    const gate = gates[asked];
    asked += 1;
    if (failure) throw failure;
    const answer = await pool.query(statement);
    answered += 1;
    await gate?.promise;
    return answer;
  };
  const deps = { database: { pool: Object.assign(Object.create(pool) as pg.Pool, { query }) } };
  return {
    read: () => currentVersions(deps),
    forget: () => forgetVersions(deps.database),
    asked: () => asked,
    answered: () => answered,
    /** Answers to the next statements arrive only when they are let go. */
    hold(count: number) {
      for (let n = 0; n < count; n += 1) gates[asked + n] = Promise.withResolvers();
      return gates.slice(asked);
    },
    fail: (error: Error | null) => {
      failure = error;
    },
  };
}

/** A value that nobody had to wait for. */
function atOnce(given: Versions | Promise<Versions>): Versions {
  if (given instanceof Promise) throw new Error('The caller has to wait');
  return given;
}

describe('the versions of the cache', () => {
  it('are asked of the database once for many who come at the same time, and then not at all while they are young', async () => {
    const web = startProcess();
    const answers = await Promise.all(Array.from({ length: 20 }, () => web.read()));
    expect(web.asked()).toBe(1);
    expect(new Set(answers.map((versions) => versions.of([one])))).toEqual(new Set([await epochOf(one)]));
    atMs += 149;
    expect(atOnce(web.read()).of([one])).toBe(await epochOf(one));
    expect(web.asked()).toBe(1);
  });

  it('are told of some namespaces, of all, and of one that nobody made yet', async () => {
    const versions = await startProcess().read();
    const rows = await admin.rows<{ name: string; epoch: string }>('SELECT name, epoch FROM platform.cache_namespace');
    const sum = rows.reduce((total, { epoch }) => total + Number(epoch), 0);
    expect(rows.length).toBeGreaterThan(2);
    expect(versions.of('all')).toBe(sum);
    expect(versions.of(rows.map(({ name }) => name))).toBe(sum);
    expect(versions.of([one, 'storefront.2'])).toBe((await epochOf(one)) + (await epochOf('storefront.2')));
    expect(versions.of(['never.made'])).toBe(0);
    expect(versions.of([])).toBe(0);
  });

  it('of another process are seen after 400 ms, by whoever has to wait for them', async () => {
    const web = startProcess();
    const before = (await web.read()).of([one]);
    await raise(one);
    atMs += 399;
    expect(atOnce(web.read()).of([one])).toBe(before);
    await raise(one);
    atMs += 400;
    const asked = web.asked();
    expect((await web.read()).of([one])).toBe(before + 2);
    expect(web.asked()).toBe(asked + 1);
  });

  it('are renewed behind the caller’s back before they are too old, by one statement', async () => {
    const web = startProcess();
    const before = atOnce(await web.read()).of([one]);
    await raise(one);
    atMs += 200;
    const [gate] = web.hold(1);
    for (let n = 0; n < 3; n += 1) expect(atOnce(web.read()).of([one])).toBe(before);
    expect(web.asked()).toBe(2);
    gate?.resolve();
    await vi.waitFor(() => expect(atOnce(web.read()).of([one])).toBe(before + 1));
  });

  it('survive a renewal that fails: only who has to wait for the next one hears of it', async () => {
    const web = startProcess();
    const before = (await web.read()).of([one]);
    web.fail(new Error('no database'));
    atMs += 200;
    expect(atOnce(web.read()).of([one])).toBe(before);
    atMs += 200;
    await expect(web.read()).rejects.toThrow('no database');
    web.fail(null);
    expect((await web.read()).of([one])).toBe(before);
  });

  it('of a change by this process are seen at once, and a reading that began before it is not kept', async () => {
    const web = startProcess();
    const before = await epochOf(one);
    const [first, second] = web.hold(2);
    const early = web.read();
    // The statement has its answer; the change is committed while that is on its way.
    await vi.waitFor(() => expect(web.answered()).toBe(1));
    await raise(one);
    atMs += 1;
    web.forget();
    atMs += 1;
    const late = web.read();
    first?.resolve();
    expect((await early).of([one])).toBe(before);
    // The early answer neither stands for the versions of now nor ends the wait for them.
    expect(web.read()).toBeInstanceOf(Promise);
    second?.resolve();
    expect((await late).of([one])).toBe(before + 1);
    expect(atOnce(web.read()).of([one])).toBe(before + 1);
    expect(web.asked()).toBe(2);
  });

  it('are not waited for on a statement that hangs: the next caller asks anew, and the late answer replaces nothing', async () => {
    const web = startProcess();
    const [gate] = web.hold(1);
    const hanging = web.read();
    atMs += 399;
    const joined = web.read();
    expect(web.asked()).toBe(1);
    atMs += 1;
    const fresh = await web.read();
    expect(web.asked()).toBe(2);
    gate?.resolve();
    expect(await joined).toBe(await hanging);
    expect(atOnce(web.read())).toBe(fresh);
  });

  it('need not be forgotten by a process that never asked', async () => {
    const web = startProcess();
    web.forget();
    expect(web.asked()).toBe(0);
    expect((await web.read()).of([one])).toBe(await epochOf(one));
  });
});
