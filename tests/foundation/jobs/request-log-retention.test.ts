import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { trimRequestLogJob } from '../../../src/foundation/jobs/trim-request-log.job.ts';
import { addSeconds } from '../../../src/foundation/runtime/clock.ts';
import { openDatabase } from '../../../src/foundation/runtime/database.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { startTestApp } from '../../support/app.ts';
import { placeHold, releaseHold } from '../../support/legal-hold.ts';
import { openSql, type Sql } from '../../support/sql.ts';

let app: Awaited<ReturnType<typeof startTestApp>>;
let deps: Awaited<ReturnType<typeof startTestApp>>['deps'];
let admin: Sql;
let worker: Sql;
beforeAll(async () => {
  app = await startTestApp();
  deps = { ...app.deps, database: openDatabase({ url: app.database.workerUrl, applicationName: 'test-worker', maxConnections: 2 }) };
  admin = await openSql(app.database.adminUrl);
  worker = await openSql(app.database.workerUrl);
});
afterAll(async () => {
  await admin.close();
  await worker.close();
  await deps.database.close();
  await app.stop();
});
beforeEach(async () => {
  // A year back, so that there is something to drop.
  await admin.rows("SELECT platform.make_partitions((now() - interval '12 months')::date, now()::date)");
  await admin.rows('DELETE FROM platform.api_log');
});

const run = { id: 'test', attempt: 1, isLastAttempt: false, signal: new AbortController().signal, send: async () => undefined };
const trim = () => app.as({ kind: 'system', name: 'platform.trim-request-log' }, () => trimRequestLogJob.handle({}, deps, run));
const day = 86_400;
const daysAgo = (days: number) => addSeconds(app.clock.now(), -days * day);
const keep = (days: number, actorId: string | null = null) =>
  admin.rows(
    `INSERT INTO platform.api_log (occurred_at, request_id, actor_id, status, ms, method, path_template, door, body)
     VALUES ($1, 'request-1', $2, 422, 1, 'POST', $3, 'api', '{"role":"client"}')`,
    [daysAgo(days), actorId, `/${days}`],
  );
const kept = async () =>
  (
    await admin.rows<{ route: string; body: unknown }>('SELECT path_template AS route, body FROM platform.api_log ORDER BY occurred_at')
  ).map((row) => `${row.route} ${row.body === null ? 'bare' : 'with body'}`);
const months = async () =>
  (
    await admin.rows<{ part: string }>(
      "SELECT inhrelid::regclass::text AS part FROM pg_inherits WHERE inhparent = 'platform.api_log'::regclass ORDER BY 1",
    )
  ).map((row) => row.part);
const monthOf = (at: Date) => `platform.api_log_p${at.toISOString().slice(0, 7).replace('-', '')}`;

describe('the retention of the request log', () => {
  it('empties bodies after 14 days, deletes rows after 90, and drops the months that are over', async () => {
    for (const days of [1, 13, 15, 89, 91, 200, 360]) await keep(days);
    expect(await months()).toContain(monthOf(daysAgo(200)));
    await trim();
    expect(await kept()).toEqual(['/89 bare', '/15 bare', '/13 with body', '/1 with body']);
    const left = await months();
    expect(left).not.toContain(monthOf(daysAgo(200)));
    expect(left).not.toContain(monthOf(daysAgo(360)));
    expect(left).toContain(monthOf(daysAgo(89)));
    expect(left).toContain(monthOf(app.clock.now()));
    // The coming months are somebody else's to make and nobody's to drop.
    expect(left.at(-1)?.slice(-6).localeCompare(app.clock.now().toISOString().slice(0, 7).replace('-', ''))).toBe(1);
  });

  it('leaves one action that says how much went, and none where there was nothing', async () => {
    const actions = () =>
      admin.rows<{ actor_type: string; record_count: number; outcome: string }>(
        "SELECT actor_type, record_count, outcome FROM audit.action WHERE action = 'trim-request-log' ORDER BY occurred_at",
      );
    const before = (await actions()).length;
    await keep(91);
    await keep(20);
    await trim();
    await trim();
    expect((await actions()).slice(before)).toEqual([{ actor_type: 'system:platform.trim-request-log', record_count: 1, outcome: 'ok' }]);
  });

  it('leaves what a legal hold names: the rows of a person, and a month', async () => {
    const held = newId();
    const onPerson = await placeHold(admin, { subjectId: held });
    const old = daysAgo(91);
    await keep(91, held);
    await keep(91, newId());
    await trim();
    expect(await kept()).toEqual(['/91 with body']);
    await releaseHold(admin, onPerson);
    const onMonth = await placeHold(admin, { month: old.toISOString().slice(0, 7) });
    await keep(91);
    await trim();
    expect(await kept()).toEqual(['/91 with body', '/91 with body']);
    expect(await months()).toContain(monthOf(old));
    await releaseHold(admin, onMonth);
    await trim();
    expect(await kept()).toEqual([]);
  });

  it('says which months it dropped and which are on hold', async () => {
    const held = daysAgo(200).toISOString().slice(0, 7);
    const hold = await placeHold(admin, { month: held });
    await keep(200);
    await keep(91);
    await trim();
    const [row] = await admin.rows<{ note: string }>(
      `SELECT v.body::jsonb ->> 'note' AS note FROM audit.action a JOIN audit.value v ON v.row_id = a.id
        WHERE a.action = 'trim-request-log' ORDER BY a.occurred_at DESC LIMIT 1`,
    );
    expect(row?.note).toContain(`api_log_p${held.replace('-', '')} on hold`);
    expect(row?.note).toContain(`api_log_p${daysAgo(300).toISOString().slice(0, 7).replace('-', '')} dropped`);
    expect(await kept()).toEqual(['/200 with body']);
    await releaseHold(admin, hold);
  });

  it('follows the settings', async () => {
    for (const days of [1, 8, 12, 40]) await keep(days);
    const short = { ...deps, config: { ...deps.config, apiLogDays: 10, apiLogBodyDays: 7 } };
    await app.as({ kind: 'system', name: 'platform.trim-request-log' }, () => trimRequestLogJob.handle({}, short, run));
    expect(await kept()).toEqual(['/8 bare', '/1 with body']);
  });

  it('stops between batches when the worker does', async () => {
    await keep(91);
    const stopped = { ...run, signal: AbortSignal.abort() };
    await app.as({ kind: 'system', name: 'platform.trim-request-log' }, () => trimRequestLogJob.handle({}, deps, stopped));
    expect(await kept()).toEqual(['/91 with body']);
  });

  it('cannot be turned against what is young, another table, or by the web role', async () => {
    const dropUpTo = (table: string, from: string) => worker.errorCode(`SELECT * FROM platform.drop_months('${table}', ${from})`);
    expect(await dropUpTo('platform.api_log', 'now()::date')).toBe('22023');
    expect(await dropUpTo('identity.login_event', "(now() - interval '5 months')::date")).toBe('22023');
    expect(await dropUpTo('identity."user"', "(now() - interval '10 years')::date")).toBe('22023');
    expect(await dropUpTo('audit.event', "(now() - interval '10 years')::date")).toBe('22023');
    expect(await dropUpTo('platform.api_log', "(now() - interval '10 years')::date")).toBe('none');
    const web = await openSql(app.database.webUrl);
    expect(await web.errorCode("SELECT * FROM platform.drop_months('platform.api_log', '2000-01-01')")).toBe('42501');
    expect(await worker.errorCode("SELECT platform.is_month_held('platform.api_log', '2000-01-01', 'actor_id')")).toBe('42501');
    await web.close();
  });
});
