import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  compareVersions,
  type HistoryChange,
  type HistoryCursor,
  type HistoryEntry,
  type RecordState,
  readFieldTimeline,
  readHistory,
  type ShownValue,
  stateAt,
} from '../../src/audit/index.ts';
import { recordAction } from '../../src/foundation/command/action-row.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import type { StaffActor } from '../../src/foundation/runtime/actor.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { staffCommands, systemCommands } from '../../src/modules/identity/index.ts';
import { staffActor, startTestApp, type TestApp } from '../support/app.ts';
import { openSql, type Sql } from '../support/sql.ts';

let app: TestApp;
let admin: Sql;
let ada: StaffActor;
let vendor: { userId: string; id: string };

const plain = (value: unknown): ShownValue => ({ kind: 'plain', value });
const fieldOf = (state: RecordState, field: string) => state.fields.find((each) => each.field === field)?.value;
const named = (change: HistoryChange | undefined, field: string) => change?.fields.find((each) => each.field === field);
const reason = { code: 'error_correction', text: 'The owner wrote it otherwise' };

async function versionOf(id: string): Promise<number> {
  const { version } = await app.deps.database.prisma.vendor.findUniqueOrThrow({ where: { id } });
  return version;
}

/** Each a click of its own. */
async function rename(storeName: string, actor: StaffActor = ada): Promise<string> {
  const input = { id: vendor.id, storeName };
  const { actionId } = await app.as(actor, async () =>
    runCommand(app.deps, staffCommands.editVendor, { input, reason, expectedVersion: await versionOf(vendor.id) }),
  );
  return actionId;
}

async function register(kind: 'client' | 'vendor', name: string): Promise<string> {
  const input = { kind, email: `${name}-${newId()}@example.com`, password: 'kites over third mainland', firstName: name, lastName: 'Eze' };
  const made = await app.as({ kind: 'system', name: 'seed' }, () => runCommand(app.deps, systemCommands.registerVerified, { input }));
  return made.output.userId;
}

const record = () => ({ table: 'identity.vendor', recordId: vendor.id });

beforeAll(async () => {
  app = await startTestApp();
  admin = await openSql(app.database.adminUrl);
  ada = staffActor({ role: 'admin', isLead: false }, app.clock.now());
  const userId = await register('vendor', 'Ngozi');
  const { id } = await app.deps.database.prisma.vendor.findUniqueOrThrow({ where: { userId } });
  vendor = { userId, id };
});
afterAll(async () => {
  await admin.close();
  await app.stop();
});

describe('the timeline of a record', () => {
  it('tells who, in which role, why, with what outcome and which fields, newest first', async () => {
    const actionId = await rename('Adire House');
    const { entries } = await readHistory(app.deps, record(), { limit: 10 });
    expect(entries[0]).toMatchObject({
      actionId,
      actorId: ada.id,
      roles: ['admin'],
      action: 'edit-vendor',
      outcome: 'ok',
      reason: 'error_correction: The owner wrote it otherwise',
      isSealed: false,
    });
    expect(entries[0]?.changes).toHaveLength(1);
    expect(named(entries[0]?.changes[0], 'store_name')).toEqual({
      field: 'store_name',
      before: { kind: 'empty' },
      after: plain('Adire House'),
    });
    expect(entries.at(-1)?.changes[0]).toMatchObject({ op: 'insert' });
  });

  it('holds refused attempts and looks, which changed nothing', async () => {
    const enhancer = staffActor({ role: 'enhancer', isLead: false }, app.clock.now());
    await expect(rename('Somebody Else', enhancer)).rejects.toMatchObject({ code: 'forbidden' });
    await app.as(ada, () => recordAction(app.deps, { resource: 'vendor', action: 'show', outcome: 'read', recordIds: [vendor.id] }));
    const kinds = async (kind?: 'change' | 'read' | 'refused' | 'all') =>
      (await readHistory(app.deps, record(), { limit: 50, filter: { kind } })).entries.map((entry) => entry.outcome);
    expect(await kinds()).toContain('denied');
    expect(await kinds()).not.toContain('read');
    expect(new Set(await kinds('refused'))).toEqual(new Set(['denied']));
    expect(new Set(await kinds('read'))).toEqual(new Set(['read']));
    expect(await kinds('change')).not.toContain('denied');
    expect(await kinds('all')).toEqual(expect.arrayContaining(['read', 'denied', 'ok']));
  });

  it('shows a click once, as its changes, not again as an action', async () => {
    const { entries } = await readHistory(app.deps, record(), { limit: 100, filter: { kind: 'all' } });
    const clicks = entries.map((entry) => entry.actionId);
    expect(new Set(clicks).size).toBe(clicks.length);
  });

  it('narrows to a field, a person and a time', async () => {
    const other = staffActor({ role: 'super_admin', isLead: false }, app.clock.now());
    await rename('Kente & Co', other);
    const with_ = async (filter: object) => (await readHistory(app.deps, record(), { limit: 50, filter })).entries;
    expect((await with_({ actorId: other.id })).map((entry) => entry.actorId)).toEqual([other.id]);
    expect(await with_({ field: 'tagline' })).toEqual([]);
    const named = await with_({ field: 'store_name' });
    expect(named.length).toBe(2);
    expect(await with_({ field: 'store_name', to: named[1]?.at })).toHaveLength(0);
    expect(await with_({ from: '2999-01-01T00:00:00Z' })).toEqual([]);
  });

  it('pages by key without losing or repeating a row while new ones arrive, and never tears a click apart', async () => {
    for (let round = 0; round < 12; round += 1) {
      await rename(`Shop ${round}`);
      await app.as(ada, () => recordAction(app.deps, { resource: 'vendor', action: 'x', outcome: 'denied', recordIds: [vendor.id] }));
    }
    const whole = (await readHistory(app.deps, record(), { limit: 100 })).entries;
    const seen: HistoryEntry[] = [];
    let before: HistoryCursor | undefined;
    do {
      const page: Awaited<ReturnType<typeof readHistory>> = await readHistory(app.deps, record(), { limit: 5, before });
      seen.push(...page.entries);
      before = page.next ?? undefined;
      if (seen.length < 8) await rename(`Meanwhile ${seen.length}`);
    } while (before);
    expect(seen.map((entry) => entry.actionId)).toEqual(whole.map((entry) => entry.actionId));
    const { entries } = await readHistory(app.deps, { subjectId: vendor.userId }, { limit: 3 });
    expect(entries.length).toBeGreaterThan(0);
    const last = await readHistory(app.deps, { subjectId: vendor.userId }, { limit: 100 });
    // Registration is one click over user, credential, vendor and the rest: whole in the page that has it.
    expect(last.entries.at(-1)?.changes.map((change) => change.table)).toEqual(
      expect.arrayContaining(['identity.user', 'identity.vendor']),
    );
  });
});

describe('the timeline of a field', () => {
  it('gives its values over time with who gave them', async () => {
    const { steps } = await readFieldTimeline(app.deps, { ...record(), field: 'store_name', limit: 50 });
    expect(steps.at(-1)?.change).toEqual({ field: 'store_name', before: { kind: 'empty' }, after: plain('Adire House') });
    for (const [index, step] of steps.entries()) {
      expect(step.actorId).not.toBeNull();
      const older = steps[index + 1];
      if (older) expect(step.change.before).toEqual(older.change.after);
    }
  });
});

describe('the state as of a moment', () => {
  it('is what the row held then, by its snapshot', async () => {
    const { entries } = await readHistory(app.deps, record(), { limit: 100, filter: { field: 'store_name', kind: 'change' } });
    for (const { at, changes } of entries) {
      const state = await stateAt(app.deps, record(), { eventId: changes[0]?.eventId ?? '' });
      expect(fieldOf(state, 'store_name')).toEqual(named(changes[0], 'store_name')?.after);
      expect(state.version?.at.toISOString()).toBe(at);
    }
  });

  it('knows nothing of a time before the first change', async () => {
    expect(await stateAt(app.deps, record(), { at: '2020-01-01T00:00:00Z' })).toMatchObject({
      version: null,
      condition: 'unknown',
      fields: [],
    });
  });

  it('never gives ciphertext away, nor what secret fields held', async () => {
    const state = await stateAt(app.deps, { table: 'identity.user', recordId: vendor.userId }, { at: '2999-01-01T00:00:00Z' });
    expect(fieldOf(state, 'email_enc')).toEqual({ kind: 'encrypted' });
    expect(fieldOf(state, 'email_bidx')).toEqual({ kind: 'secret' });
    const [row] = await admin.rows<{ hex: string }>(`SELECT encode(email_enc, 'hex') AS hex FROM identity."user" WHERE id = $1`, [
      vendor.userId,
    ]);
    const { entries } = await readHistory(app.deps, { subjectId: vendor.userId }, { limit: 100, filter: { kind: 'all' } });
    expect(JSON.stringify([state, entries])).not.toContain(row?.hex ?? '?');
    const change = entries.flatMap((entry) => entry.changes).find((each) => each.table === 'identity.credential');
    expect(named(change, 'password_hash')).toEqual({ field: 'password_hash', before: { kind: 'secret' }, after: { kind: 'secret' } });
  });

  it('is put together from the baseline and diffs where a table takes no snapshots', async () => {
    const big = (extra: object) => JSON.stringify({ keep: 'x'.repeat(5000), hours: { mon: '9' }, ...extra });
    const flag = await admin.inContext(async (sql) => {
      const [made] = await sql.rows<{ id: string }>(`INSERT INTO platform.feature_flag (name, rules) VALUES ('one', $1) RETURNING id`, [
        big({ gone: 1 }),
      ]);
      return made?.id ?? '';
    });
    const ref = { table: 'platform.feature_flag', recordId: flag };
    const states: unknown[] = [];
    const moments: string[] = [];
    for (const [column, value] of [
      ['rules', big({ added: [1] })],
      ['name', 'two'],
      ['rules', big({ added: [1], hours: { mon: '10' } })],
      ['rules', '{"small":true}'],
    ]) {
      await admin.inContext((sql) => sql.rows(`UPDATE platform.feature_flag SET ${column} = $1 WHERE id = $2`, [value, flag]));
      const [row] = await admin.rows<{ name: string; rules: unknown; at: string }>(
        'SELECT name, rules, clock_timestamp()::text AS at FROM platform.feature_flag WHERE id = $1',
        [flag],
      );
      states.push({ name: row?.name, rules: row?.rules });
      moments.push(row?.at ?? '');
    }
    for (const [index, at] of moments.entries()) {
      const state = await stateAt(app.deps, ref, { at });
      expect(state.condition).toBe('present');
      expect({ name: fieldOf(state, 'name'), rules: fieldOf(state, 'rules') }).toEqual({
        name: plain(Reflect.get(Object(states[index]), 'name')),
        rules: plain(Reflect.get(Object(states[index]), 'rules')),
      });
    }
    await admin.inContext((sql) => sql.rows('DELETE FROM platform.feature_flag WHERE id = $1', [flag]));
    const gone = await stateAt(app.deps, ref, { at: '2999-01-01T00:00:00Z' });
    expect(gone).toMatchObject({ condition: 'deleted', version: { op: 'delete' } });
    expect(fieldOf(gone, 'rules')).toEqual(plain({ small: true }));
  });

  it('of a table emptied as a whole is a deleted record', async () => {
    const id = newId();
    await admin.inContext((sql) => sql.rows(`INSERT INTO platform.feature_flag (id, name) VALUES ($1, 'three')`, [id]));
    const [made] = await admin.rows<{ at: string }>('SELECT clock_timestamp()::text AS at');
    await admin.inContext((sql) => sql.rows('TRUNCATE platform.feature_flag'));
    const ref = { table: 'platform.feature_flag', recordId: id };
    expect((await stateAt(app.deps, ref, { at: made?.at ?? '' })).condition).toBe('present');
    expect((await stateAt(app.deps, ref, { at: '2999-01-01T00:00:00Z' })).condition).toBe('deleted');
  });
});

describe('comparing two versions', () => {
  it('names what differs and only that', async () => {
    const { entries } = await readHistory(app.deps, record(), { limit: 100, filter: { field: 'store_name', kind: 'change' } });
    const [first, last] = [entries.at(-1)?.changes[0]?.eventId ?? '', entries[0]?.changes[0]?.eventId ?? ''];
    const { fields, left, right } = await compareVersions(app.deps, record(), [{ eventId: first }, { eventId: last }]);
    expect([left.version?.eventId, right.version?.eventId]).toEqual([first, last]);
    expect(fields.filter((field) => field.isChanged).map((field) => field.field)).toEqual(['store_name', 'store_name_folded']);
    expect(fields.find((field) => field.field === 'store_name')?.left).toEqual(plain('Adire House'));
    expect(fields.find((field) => field.field === 'status')).toMatchObject({ isChanged: false });
    expect(fields.map((field) => field.field)).not.toContain('tax_id_bidx');
  });
});

describe('values of somebody who was erased', () => {
  it('are shown as erased in every view, and nothing else breaks', async () => {
    const userId = await register('client', 'Bisi');
    const ref = { table: 'identity.user', recordId: userId };
    await admin.rows(`BEGIN; SET LOCAL ROLE audit_owner; SET LOCAL audit.erasing = 'on';
      DELETE FROM audit.value WHERE subject_id = '${userId}'; DELETE FROM audit.snapshot WHERE subject_id = '${userId}'; COMMIT`);
    const { entries } = await readHistory(app.deps, ref, { limit: 10 });
    const erased: ShownValue = { kind: 'erased' };
    expect(named(entries.at(-1)?.changes[0], 'first_name')).toEqual({ field: 'first_name', before: erased, after: erased });
    const state = await stateAt(app.deps, ref, { at: '2999-01-01T00:00:00Z' });
    expect(fieldOf(state, 'first_name')).toEqual(erased);
    const { fields } = await compareVersions(app.deps, ref, [{ at: '2999-01-01T00:00:00Z' }, { at: '2999-01-01T00:00:00Z' }]);
    expect(fields.every((field) => !field.isChanged)).toBe(true);
    const { steps } = await readFieldTimeline(app.deps, { ...ref, field: 'first_name', limit: 5 });
    expect(steps[0]?.change.after).toEqual(erased);
  });
});
