import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { countActions, enrichAll, indexAll, type SearchFilter, searchActions, searchLagSeconds } from '../../src/audit/index.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import type { StaffActor } from '../../src/foundation/runtime/actor.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { staffCommands, systemCommands } from '../../src/modules/identity/index.ts';
import { commands as support } from '../../src/modules/support/index.ts';
import { staffActor, startTestApp, type TestApp } from '../support/app.ts';
import { sealEverything } from '../support/seal.ts';
import { type SearchWorker, searchWorker } from '../support/search-worker.ts';
import { openSql, type Sql } from '../support/sql.ts';

let app: TestApp;
let worker: SearchWorker;
let admin: Sql;
let ada: StaffActor;
let bola: StaffActor;
let userId: string;
let noteActionId: string;

const reason = { code: 'fraud', text: 'Chargebacks reported by the acquiring bank' };

beforeAll(async () => {
  app = await startTestApp();
  worker = searchWorker(app);
  admin = await openSql(app.database.adminUrl);
  ada = staffActor({ role: 'support', isLead: false }, app.clock.now());
  bola = staffActor({ role: 'admin', isLead: false }, app.clock.now());
  const input = { email: 'ngozi@example.com', password: 'kites over third mainland', firstName: 'Ngozi', lastName: 'Ezeobi' };
  const made = await app.as({ kind: 'system', name: 'seed' }, () => runCommand(app.deps, systemCommands.registerVerified, { input }));
  userId = made.output.userId;
  noteActionId = (await app.as(ada, () => runCommand(app.deps, support.addNote, { input: { id: userId, body: 'Asked about sizes.' } })))
    .actionId;
  await app.as(bola, () => runCommand(app.deps, staffCommands.suspendUser, { input: { id: userId }, reason, ticketId: 'T-100042' }));
  await admin.inContext((sql) => sql.rows('UPDATE identity."user" SET first_name = $1 WHERE id = $2', ['Ngozichukwu', userId]), {
    actorType: 'system:db',
  });
  await worker.settle();
});
afterAll(async () => {
  await admin.close();
  await worker.stop();
  await app.stop();
});

const find = async (filter: SearchFilter) => (await searchActions(app.deps, { filter }, { limit: 50 })).rows;
const verbs = async (filter: SearchFilter) => (await find(filter)).map((row) => row.action);

describe('search of the history', () => {
  it('finds a click by a word of what it changed, of its reason and of its name, whatever the case', async () => {
    expect(await verbs({ text: 'ezeobi' })).toEqual(['register-verified']);
    expect(await verbs({ text: 'CHARGEBACKS acquiring' })).toEqual(['suspend-user']);
    expect(await verbs({ text: '"reported by the acquiring"' })).toEqual(['suspend-user']);
    expect(await verbs({ text: '"by reported the"' })).toEqual([]);
    expect(await verbs({ text: 'suspend-user' })).toEqual(['suspend-user']);
  });

  it('gives one line for one click, however many of its rows fit', async () => {
    const rows = await find({ recordId: userId, action: 'register-verified' });
    expect(rows.length).toBe(1);
    expect(rows[0]).toMatchObject({ action: 'register-verified', isSealed: true });
    expect(rows[0]?.changeCount).toBeGreaterThan(1);
  });

  it('looks for nothing under three characters: then the filters alone decide', async () => {
    expect((await find({ text: 'ng', actorId: ada.id })).map((row) => row.id)).toEqual([noteActionId]);
    expect((await find({ text: 'xq ng', actorId: ada.id })).length).toBe(1);
  });

  it('takes percent signs, underscores and backslashes as they are', async () => {
    for (const text of ['100%', '%%%', '___', '\\\\\\']) expect(await find({ text })).toEqual([]);
  });

  it('filters by everything that is promised, alone and together', async () => {
    const [suspension] = await find({ action: 'suspend-user' });
    expect(suspension).toMatchObject({ country: 'NG', reason: 'fraud: Chargebacks reported by the acquiring bank' });
    const requestId = suspension?.requestId ?? '';
    const filters: SearchFilter[] = [
      { actorId: bola.id },
      { role: 'admin' },
      { action: 'suspend-user', resource: 'user' },
      { recordId: userId, role: 'admin' },
      { recordId: userId, outcome: 'ok', role: 'admin' },
      { field: 'status', actorType: 'staff' },
      { field: 'identity.user.status', actorId: bola.id },
      { country: 'NG', role: 'admin' },
      { ticket: 'T-100042' },
      { requestId },
      { requestId, text: 'chargebacks' },
      { txid: suspension?.txid },
      { txid: suspension?.txid, field: 'status' },
      { actionId: suspension?.id },
      { text: requestId },
      { text: 'chargebacks', resource: 'user', door: 'admin' },
    ];
    for (const filter of filters) expect([filter, await verbs(filter)]).toEqual([filter, ['suspend-user']]);
    for (const filter of [{ country: 'GH' }, { field: 'store_name' }, { ticket: 'T-1' }, { txid: '1' }, { outcome: 'denied' }])
      expect([filter, await verbs(filter)]).toEqual([filter, []]);
  });

  it('filters by score where one was given', async () => {
    expect(await find({ minScore: 70 })).toEqual([]);
    const [suspension] = await find({ action: 'suspend-user' });
    await worker.deps.database.pool.query('SELECT audit.put_enrichment($1::jsonb)', [
      JSON.stringify([{ rowId: suspension?.id, score: 83, reasons: ['action on a related account +40'] }]),
    ]);
    expect(await find({ minScore: 80 })).toMatchObject([{ action: 'suspend-user', score: 83, country: 'NG' }]);
    expect(await verbs({ minScore: 80, text: 'chargebacks' })).toEqual(['suspend-user']);
    expect(await verbs({ minScore: 84, text: 'chargebacks' })).toEqual([]);
  });

  it('finds what was changed past the application, which no action owns', async () => {
    expect(await find({ door: 'direct', field: 'first_name', text: 'ngozichukwu' })).toMatchObject([
      { door: 'direct', action: 'update', record: `identity.user:${userId}`, recordIds: [userId], changeCount: 1 },
    ]);
  });

  it('keeps to the window: 30 days unless another is asked for', async () => {
    const later = { ...app.deps, clock: { now: () => new Date(app.clock.now().getTime() + 31 * 86_400_000) } };
    expect((await searchActions(later, { filter: { text: 'ezeobi' } }, { limit: 50 })).rows).toEqual([]);
    const from = new Date(app.clock.now().getTime() - 86_400_000).toISOString();
    expect((await searchActions(later, { filter: { text: 'ezeobi', from } }, { limit: 50 })).rows.length).toBe(1);
    expect(await find({ text: 'ezeobi', to: from })).toEqual([]);
  });

  it('has no lag when everything is sealed and indexed, and says how old the oldest row is that is not', async () => {
    expect(await searchLagSeconds(app.deps)).toBe(0);
    await app.as(ada, () => runCommand(app.deps, support.addNote, { input: { id: userId, body: 'Called again.' } }));
    await expect.poll(() => searchLagSeconds(app.deps), { timeout: 10_000 }).toBeGreaterThanOrEqual(1);
    await worker.settle();
    expect(await searchLagSeconds(app.deps)).toBe(0);
  });
});

describe('a page of clicks', () => {
  it('leads on into the past and back towards now, the same clicks both ways', async () => {
    const whole = (await find({ recordId: userId })).map((row) => row.id);
    const page = async (at: object) => searchActions(app.deps, { filter: { recordId: userId } }, { limit: 1, ...at });
    expect(whole.length).toBeGreaterThan(3);
    const first = await page({});
    expect(first).toMatchObject({ rows: [{ id: whole[0] }], newer: null });
    const second = await page({ before: first.older });
    const third = await page({ before: second.older });
    expect([second, third].map(({ rows }) => rows[0]?.id)).toEqual([whole[1], whole[2]]);
    const back = await page({ after: third.newer });
    expect(back).toMatchObject({ rows: [{ id: whole[1] }], newer: { id: whole[1] }, older: { id: whole[1] } });
    expect(await page({ after: back.newer })).toMatchObject({ rows: [{ id: whole[0] }], newer: null });
    expect((await page({ before: third.older, after: first.older })).rows[0]?.id).toBe(whole[3]);
  });

  it('is counted once in 30 seconds for those who may see the same', async () => {
    const count = (deps = app.deps) => countActions(deps, { filter: { recordId: userId, role: 'support' } });
    const before = await count();
    await app.as(ada, () => runCommand(app.deps, support.addNote, { input: { id: userId, body: 'Wrote back.' } }));
    await worker.settle();
    expect(await count()).toBe(before);
    const later = { ...app.deps, clock: { now: () => new Date(app.clock.now().getTime() + 31_000) } };
    expect(await count(later)).toBe((before ?? 0) + 1);
  });
});

describe('what the reader may see', () => {
  it('is decided in the statement, for text, filters and counts alike', async () => {
    const own = { actorIds: [ada.id] };
    const seen = await searchActions(app.deps, { filter: {}, reach: own }, { limit: 50 });
    expect(seen.rows.length).toBe(3);
    expect(seen.rows.every((row) => row.actorId === ada.id)).toBe(true);
    for (const filter of [{ text: 'chargebacks' }, { recordId: userId, action: 'suspend-user' }, { actorId: bola.id }]) {
      expect((await searchActions(app.deps, { filter, reach: own }, { limit: 50 })).rows).toEqual([]);
      expect(await countActions(app.deps, { filter, reach: own })).toBe(0);
      expect(await countActions(app.deps, { filter })).toBe(1);
    }
  });

  it('reaches the changes of a person whose timeline is open, and not what was merely tried or read about them', async () => {
    const reach = { actorIds: [newId()], timelineOf: userId };
    const seen = (await searchActions(app.deps, { filter: { recordId: userId }, reach }, { limit: 50 })).rows;
    expect(seen.map((row) => row.action).sort()).toEqual([
      'add-note',
      'add-note',
      'add-note',
      'register-verified',
      'suspend-user',
      'update',
    ]);
    expect((await searchActions(app.deps, { filter: {}, reach: { ...reach, timelineOf: newId() } }, { limit: 50 })).rows).toEqual([]);
  });
});

describe('a text that no database stores', () => {
  const suspendNobody = (actor: StaffActor, text: string) =>
    app
      .as(actor, () => runCommand(app.deps, staffCommands.suspendUser, { input: { id: newId() }, reason: { code: 'other', text } }))
      .catch(() => undefined);
  const another = () => staffActor({ role: 'admin', isLead: false }, app.clock.now());

  it('is found by its other words, and keeps nothing beside it out of the search', async () => {
    await suspendNobody(another(), 'zebra\u0000crossing \ud800 ahead');
    await suspendNobody(another(), 'quagga herd');
    await worker.settle();
    expect((await find({ text: 'ahead' })).map((row) => row.outcome)).toEqual(['error']);
    expect((await find({ text: 'quagga' })).map((row) => row.outcome)).toEqual(['error']);
    expect(await searchLagSeconds(app.deps)).toBe(0);
  });

  it('costs at the worst one row its place in the search, and says which', async () => {
    for (const text of ['okapi one', 'okapi two', 'okapi three']) await suspendNobody(another(), text);
    await sealEverything(app);
    await enrichAll(worker.deps);
    const { pool } = worker.deps.database;
    const query = vi.spyOn(pool, 'query');
    const real = query.getMockImplementation() ?? Object.getPrototypeOf(pool).query.bind(pool);
    query.mockImplementation((sql: string, values?: unknown[]) =>
      sql.includes('put_search') && String(values?.[0]).includes('okapi two')
        ? Promise.reject(Object.assign(new Error('unsupported Unicode escape sequence'), { code: '22P05' }))
        : real(sql, values),
    );
    const told = vi.spyOn(worker.deps.log, 'error');
    await indexAll(worker.deps);
    expect(told.mock.calls.map(([entry]) => entry)).toEqual([expect.objectContaining({ event: 'audit.row_not_indexed' })]);
    query.mockRestore();
    expect(await find({ text: 'okapi' })).toHaveLength(2);
  });
});
