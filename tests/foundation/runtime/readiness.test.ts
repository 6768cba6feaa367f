import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createReadiness } from '../../../src/foundation/runtime/readiness.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';

describe('readiness', () => {
  let app: TestApp & { stop(): Promise<void> };
  let admin: pg.Client;
  beforeAll(async () => {
    app = await startTestApp();
    admin = new pg.Client({ connectionString: app.database.adminUrl });
    await admin.connect();
    await admin.query('CREATE TABLE IF NOT EXISTS pgboss.job (id uuid)');
  });
  afterAll(async () => {
    await admin.end();
    await app.stop();
  });
  const checks = (isMigrated = true) => {
    const { accessTokens, clock, database } = app.deps;
    return createReadiness({ pool: database.pool, clock, accessTokens, isMigrated: () => Promise.resolve(isMigrated) });
  };

  it('is given when database, migrations, queue and keys are well', async () => {
    const all = checks();
    expect(await Promise.all([all.database(), all.migrations(), all.queue(), all.keys()])).toEqual([true, true, true, true]);
    expect(await checks(false).migrations()).toBe(false);
  });

  it('is not given while an event waits for more than two minutes', async () => {
    const insert = `INSERT INTO platform.outbox_event (id, name, payload, occurred_at)
      VALUES (uuidv7(make_interval(secs => -$1::float8)), 'test.event', '{}', now() - make_interval(days => $2::int))`;
    // What an event tells of may be long past; it waits since it was written.
    await admin.query(insert, [90, 20]);
    expect(await checks().queue()).toBe(true);
    await admin.query(insert, [150, 0]);
    expect(await checks().queue()).toBe(false);
    await admin.query('UPDATE platform.outbox_event SET published_at = now()');
    expect(await checks().queue()).toBe(true);
  });
});
