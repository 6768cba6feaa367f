import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { requestUuid } from '../../src/foundation/runtime/request-uuid.ts';
import { createTestDatabase, type TestDatabase } from '../support/database.ts';
import { insertUser, openSql, type Sql } from '../support/sql.ts';

describe('the functions by which the application reaches the audit', () => {
  let database: TestDatabase;
  let admin: Sql;
  let web: Sql;

  beforeAll(async () => {
    database = await createTestDatabase();
    admin = await openSql(database.adminUrl);
    web = await openSql(database.webUrl);
  });
  afterAll(async () => {
    await web.close();
    await admin.close();
    await database.drop();
  });

  const payload = (more: Record<string, unknown> = {}) => ({
    id: newId(),
    requestId: newId(),
    actorType: 'staff',
    actorId: newId(),
    outcome: 'ok',
    door: 'admin',
    resource: 'user',
    action: 'unlock-user',
    ms: 12,
    mfa: true,
    actorRoles: ['support', 'admin'],
    recordIds: ['b', 'a'],
    sessionHash: createHash('sha256').update('session').digest('hex'),
    body: '{"reason":"Caller passed the checklist"}',
    ...more,
  });
  const record = (sql: Sql, value: Record<string, unknown>) => sql.rows('SELECT audit.record_action($1::jsonb)', [JSON.stringify(value)]);

  it('record_action keeps what it is told, sorts roles, keeps the order of records, commits to the body', async () => {
    const action = payload();
    await record(web, action);
    const [row] = await admin.rows(
      `SELECT a.*, a.txid::text, v.body, a.value_commit = sha256('\\x02'::bytea || v.salt || convert_to(v.body, 'UTF8')) AS is_committed
         FROM audit.action AS a JOIN audit.value AS v ON v.row_id = a.id AND v.occurred_at = a.occurred_at WHERE a.id = $1`,
      [action.id],
    );
    expect(row).toMatchObject({
      request_id: action.requestId,
      actor_id: action.actorId,
      actor_type: 'staff',
      actor_roles: ['admin', 'support'],
      record_ids: ['b', 'a'],
      record_count: 2,
      mfa: true,
      ms: 12,
      epoch: 1,
      error_code: null,
      ticket_id: null,
      body: action.body,
      is_committed: true,
    });
    expect(row?.['session_hash']).toEqual(createHash('sha256').update('session').digest());
  });

  it('record_action keeps the first 100 records and the count of all', async () => {
    const recordIds = Array.from({ length: 130 }, (_, position) => `r${position}`);
    const action = payload({ recordIds, recordCount: 130 });
    await record(web, action);
    const [row] = await admin.rows<{ record_ids: string[]; record_count: number }>(
      'SELECT record_ids, record_count FROM audit.action WHERE id = $1',
      [action.id],
    );
    expect(row).toEqual({ record_ids: recordIds.slice(0, 100), record_count: 130 });
  });

  it('record_action takes the least there is, and a request id that is no UUID', async () => {
    const action = {
      id: newId(),
      requestId: 'caller_request-1',
      actorType: 'system:seed',
      outcome: 'ok',
      door: 'cli',
      resource: 'seed',
      action: 'seed',
    };
    await record(web, action);
    const [row] = await admin.rows(
      'SELECT a.*, a.txid::text, v.body FROM audit.action AS a JOIN audit.value AS v ON v.row_id = a.id WHERE a.id = $1',
      [action.id],
    );
    expect(row).toMatchObject({
      actor_id: null,
      actor_roles: [],
      record_ids: [],
      record_count: 0,
      mfa: false,
      ms: 0,
      session_hash: null,
      body: '{}',
    });
    expect(row?.['request_id']).toBe(requestUuid('caller_request-1'));
    expect(await web.rows('SELECT audit.as_uuid($1) AS id', ['caller_request-1'])).toEqual([{ id: row?.['request_id'] }]);
  });

  it.each([
    ['no id', { id: '' }, 'AU001'],
    ['no actor type', { actorType: '' }, 'AU001'],
    ['an unknown outcome', { outcome: 'fine' }, '23514'],
    ['an unknown door', { door: 'window' }, '23514'],
    ['an unknown actor type', { actorType: 'robot' }, '23514'],
    ['no resource', { resource: null }, '23502'],
  ])('record_action refuses %s', async (_, change, code) => {
    expect(await web.errorCode('SELECT audit.record_action($1::jsonb)', [JSON.stringify(payload(change))])).toBe(code);
  });

  it('read_values gives the bodies of actions and events, by id alone and with their times', async () => {
    const action = payload();
    await record(web, action);
    await web.inContext((tx) => tx.rows(insertUser), { actionId: action.id });
    const [event] = await admin.rows<{ id: string; occurred_at: string }>(
      'SELECT id, occurred_at::text FROM audit.event WHERE action_id = $1',
      [action.id],
    );
    const ids = [action.id, event?.id, newId()];
    const read = await web.rows<{ row_id: string; body: string }>('SELECT * FROM audit.read_values($1::uuid[])', [ids]);
    expect(new Map(read.map((row) => [row.row_id, row.body])).get(action.id)).toBe(action.body);
    expect(read.map((row) => row.row_id).sort()).toEqual([action.id, event?.id].sort());
    expect(
      await web.rows('SELECT row_id FROM audit.read_values($1::uuid[], $2::timestamptz[])', [[event?.id], [event?.occurred_at]]),
    ).toEqual([{ row_id: event?.id }]);
  });

  it('the worker adds enrichment and search text, repeatably', async () => {
    const worker = await openSql(database.workerUrl);
    const rowId = newId();
    const put = (entry: Record<string, unknown>) =>
      worker.rows<{ n: number }>('SELECT audit.put_enrichment($1::jsonb) AS n', [JSON.stringify([{ rowId, ...entry }])]);
    expect(await put({ country: 'NG', browser: 'Chrome' })).toEqual([{ n: 1 }]);
    await put({ country: 'NG', os: 'Linux' });
    await put({ score: 75, reasons: ['new country +30'] });
    expect(await worker.rows('SELECT * FROM audit.enrichment WHERE row_id = $1', [rowId])).toEqual([
      { row_id: rowId, score: 75, country: 'NG', city: null, device: null, browser: 'Chrome', os: 'Linux', reasons: ['new country +30'] },
    ]);
    const entry = JSON.stringify([
      { occurredAt: new Date().toISOString(), rowId, kind: 2, action: 'unlock-user', text: 'unlock user support' },
    ]);
    expect(await worker.rows('SELECT audit.put_search($1::jsonb) AS n', [entry])).toEqual([{ n: 1 }]);
    expect(await worker.rows('SELECT audit.put_search($1::jsonb) AS n', [entry])).toEqual([{ n: 0 }]);
    expect(await worker.rows("SELECT row_id FROM audit.search WHERE text ILIKE '%unlock user%'")).toEqual([{ row_id: rowId }]);
    await worker.close();
  });

  it('starts with epoch 1 of this server', async () => {
    expect(
      await admin.rows(
        'SELECT e.epoch, e.reason FROM audit.epoch AS e, pg_control_system() AS c WHERE e.system_identifier = c.system_identifier',
      ),
    ).toEqual([{ epoch: 1, reason: 'installation' }]);
  });
});
