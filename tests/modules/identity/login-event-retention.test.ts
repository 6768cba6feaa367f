import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePartitionsJob } from '../../../src/foundation/jobs/make-partitions.job.ts';
import { openDatabase } from '../../../src/foundation/runtime/database.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { forgetLoginEventsJob } from '../../../src/modules/identity/history/forget-login-events.job.ts';
import { startTestApp } from '../../support/app.ts';
import { placeHold, releaseHold } from '../../support/legal-hold.ts';
import { openSql, type Sql } from '../../support/sql.ts';

let app: Awaited<ReturnType<typeof startTestApp>>;
let deps: Awaited<ReturnType<typeof startTestApp>>['deps'];
let admin: Sql;
beforeAll(async () => {
  app = await startTestApp();
  deps = { ...app.deps, database: openDatabase({ url: app.database.workerUrl, applicationName: 'test-worker', maxConnections: 2 }) };
  admin = await openSql(app.database.adminUrl);
  await admin.rows("SELECT platform.make_partitions((now() - interval '24 months')::date, now()::date)");
});
afterAll(async () => {
  await admin.close();
  await deps.database.close();
  await app.stop();
});

const run = { id: 'test', attempt: 1, isLastAttempt: false, signal: new AbortController().signal, send: async () => undefined };
const forget = () => app.as({ kind: 'system', name: 'identity.forget-login-events' }, () => forgetLoginEventsJob.handle({}, deps, run));
const monthsAgo = (count: number) => {
  const now = app.clock.now();
  return new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - count, 1, 12));
};
const partOf = (at: Date) => `identity.login_event_p${at.toISOString().slice(0, 7).replace('-', '')}`;
const add = (at: Date, userId: string) =>
  admin.rows("INSERT INTO identity.login_event (at, user_id, surface, method, outcome) VALUES ($1, $2, 'api', 'password', 'success')", [
    at,
    userId,
  ]);
const parts = async () =>
  (
    await admin.rows<{ part: string }>(
      "SELECT inhrelid::regclass::text AS part FROM pg_inherits WHERE inhparent = 'identity.login_event'::regclass ORDER BY 1",
    )
  ).map((row) => row.part);
const notes = () =>
  admin.rows<{ actor_type: string; outcome: string }>(
    "SELECT actor_type, outcome FROM audit.action WHERE action = 'forget-login-events' AND resource = 'login_event' ORDER BY occurred_at",
  );

describe('the retention of login events', () => {
  it('keeps 13 months, drops older ones whole, and not what is on hold', async () => {
    const held = newId();
    const onPerson = await placeHold(admin, { subjectId: held });
    const onMonth = await placeHold(admin, { month: monthsAgo(17).toISOString().slice(0, 7) });
    await add(monthsAgo(20), held);
    await add(monthsAgo(19), newId());
    await forget();
    const left = await parts();
    expect(left).toContain(partOf(monthsAgo(13)));
    expect(left).toContain(partOf(monthsAgo(20)));
    expect(left).toContain(partOf(monthsAgo(17)));
    for (const count of [15, 16, 18, 19, 21, 24]) expect(left).not.toContain(partOf(monthsAgo(count)));
    await releaseHold(admin, onPerson);
    await releaseHold(admin, onMonth);
    await forget();
    await forget();
    expect(await parts()).not.toContain(partOf(monthsAgo(20)));
    expect(await parts()).not.toContain(partOf(monthsAgo(17)));
    expect(await notes()).toEqual(Array.from({ length: 3 }, () => ({ actor_type: 'system:identity.forget-login-events', outcome: 'ok' })));
  });

  it('counts months by the calendar, also on a day that the month has not', async () => {
    const until = monthsAgo(0);
    const lastDay = new Date(Date.UTC(2027, 4, 31));
    const late = { ...deps, clock: { now: () => lastDay }, config: { ...deps.config, loginEventMonths: 15 } };
    await app.as({ kind: 'system', name: 'identity.forget-login-events' }, () => forgetLoginEventsJob.handle({}, late, run));
    // 15 months before 31 May 2027 is 28 February 2026: January goes, February stays.
    const left = await parts();
    expect(left).not.toContain('identity.login_event_p202601');
    expect(left).toContain('identity.login_event_p202602');
    expect(left).toContain(partOf(until));
  });

  it('a month that the job made is append-only from birth: no change, no TRUNCATE, no direct way in', async () => {
    app.clock.advance(150 * 86_400);
    await makePartitionsJob.handle({}, deps, run);
    const made = [partOf(monthsAgo(-1)), partOf(monthsAgo(-1)).replace('identity.login_event', 'platform.api_log')];
    for (const url of [app.database.webUrl, app.database.workerUrl]) {
      const role = await openSql(url);
      for (const part of made) {
        for (const sql of [
          `TRUNCATE ${part}`,
          `DELETE FROM ${part}`,
          `UPDATE ${part} SET id = id`,
          `SELECT 1 FROM ${part}`,
          `DROP TABLE ${part}`,
        ])
          expect([sql, await role.errorCode(sql)]).toEqual([sql, '42501']);
      }
      await role.close();
    }
    // Not even the owner of the table.
    const owner = await openSql(app.database.migratorUrl);
    for (const sql of [`TRUNCATE ${made[0]}`, `DELETE FROM ${made[0]}`]) expect(await owner.errorCode(sql)).toBe('42501');
    await owner.close();
  });
});
