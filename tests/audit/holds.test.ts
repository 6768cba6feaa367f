import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  countOpenHolds,
  endHold,
  erasureReceipt,
  holdMonth,
  holdRecord,
  listHolds,
  releaseHold,
  writeHold,
} from '../../src/audit/index.ts';
import { holdBody } from '../../src/audit/proof/archive-format.ts';
import type { RoleGrant } from '../../src/foundation/access/roles.ts';
import { previewCommand } from '../../src/foundation/command/run-command.ts';
import type { StaffActor } from '../../src/foundation/runtime/actor.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { staffCommands, systemCommands } from '../../src/modules/identity/index.ts';
import { arrange, type Person, refusalCode, registerPerson, run } from '../modules/identity/people.ts';
import { staffActor, startTestApp } from '../support/app.ts';
import { openSql, type Sql } from '../support/sql.ts';
import { writeOldRows } from './support/keeper.ts';
import { addStaff, system } from './support/staff.ts';

let app: Awaited<ReturnType<typeof startTestApp>>;
let admin: Sql;
beforeAll(async () => {
  app = await startTestApp();
  admin = await openSql(app.database.adminUrl);
});
afterAll(async () => {
  await admin.close();
  await app.stop();
});

const reason = { code: 'legal', text: 'Court order 2026/114' };
const staff = (role: RoleGrant['role'] = 'auditor', overrides: Partial<StaffActor> = {}) =>
  staffActor({ role, isLead: false }, app.clock.now(), overrides);
const by = (actor: StaffActor, envelope: object = {}) => ({ actor, envelope: { reason, ...envelope } });

async function controls(type: string, holdId: string) {
  const rows = await admin.rows<{ body: string }>('SELECT body FROM audit.control WHERE type = $1 ORDER BY occurred_at', [type]);
  return rows.map(({ body }) => holdBody.parse(JSON.parse(body))).filter((body) => body.hold === holdId);
}

async function erasureOf(person: Person): Promise<string> {
  const [asker, decider] = [await addStaff(app, 'support'), await addStaff(app, 'admin')];
  return refusalCode(
    run(app, systemCommands.executeErasure, { id: person.actor.id, requestedBy: asker, approvedBy: decider }, { actor: system }),
  );
}

describe('a hold on a person', () => {
  it('is a row, a flag and a sealed control row that say who placed it and why, and refuses erasure', async () => {
    const person = await registerPerson(app);
    const { id } = person.actor;
    const auditor = staff();
    const preview = await app.as(auditor, () => previewCommand(app.deps, staffCommands.placeLegalHold, { input: { id } }));
    expect(preview[0]).toBe('The person cannot be erased and nothing about them is dropped.');
    const { holdId } = await run(app, staffCommands.placeLegalHold, { id }, by(auditor));
    expect(await app.deps.database.prisma.user.findUniqueOrThrow({ where: { id } })).toMatchObject({ legalHold: true });
    const [control] = await controls('hold', holdId);
    expect(control).toMatchObject({ subject: id, reason: 'legal', by: auditor.id, table: '', record: '', month: '' });
    const { holds } = await listHolds(app.deps, { state: 'open' });
    expect(holds.find((hold) => hold.id === holdId)).toMatchObject({
      subjectId: id,
      placedBy: auditor.id,
      reason: reason.text,
      releasedAt: null,
    });
    expect(await erasureOf(person)).toBe('legal_hold');
    expect(await erasureReceipt(app.deps.database.prisma, id)).toBeNull();
  });

  it('is released with a sealed row of its own; of several the others go on', async () => {
    const { actor } = await registerPerson(app);
    const { id } = actor;
    const releaser = staff('admin');
    expect(await refusalCode(run(app, staffCommands.releaseLegalHold, { id }, by(releaser)))).toBe('transition_not_allowed');
    const first = await run(app, staffCommands.placeLegalHold, { id }, by(staff()));
    const second = await run(app, staffCommands.placeLegalHold, { id }, by(staff()));
    const shown = await app.as(releaser, () => previewCommand(app.deps, staffCommands.releaseLegalHold, { input: { id } }));
    expect(shown).toEqual(['One of 2 holds ends; the others go on.']);
    expect(await refusalCode(run(app, staffCommands.releaseLegalHold, { id }, by(releaser)))).toBe('transition_not_allowed');
    expect(await run(app, staffCommands.releaseLegalHold, { id, holdId: first.holdId }, by(releaser))).toEqual({ left: 1 });
    expect(await app.deps.database.prisma.user.findUniqueOrThrow({ where: { id } })).toMatchObject({ legalHold: true });
    expect(await run(app, staffCommands.releaseLegalHold, { id }, by(releaser))).toEqual({ left: 0 });
    expect(await app.deps.database.prisma.user.findUniqueOrThrow({ where: { id } })).toMatchObject({ legalHold: false });
    expect(await controls('hold_release', second.holdId)).toMatchObject([{ by: releaser.id, subject: id }]);
    const again = run(app, staffCommands.releaseLegalHold, { id, holdId: second.holdId }, by(releaser));
    expect(await refusalCode(again)).toBe('transition_not_allowed');
  });

  it('needs a reason, a fresh factor and a role that may; denials are recorded', async () => {
    const { actor } = await registerPerson(app);
    const place = (who: object) => refusalCode(run(app, staffCommands.placeLegalHold, { id: actor.id }, who));
    expect(await place({ actor: staff(), envelope: {} })).toBe('required');
    expect(await place(by(staff('auditor', { factorAt: new Date(app.clock.now().getTime() - 301_000) })))).toBe('step_up_required');
    for (const role of ['support', 'moderator', 'finance', 'assistant'] as const) expect(await place(by(staff(role)))).toBe('forbidden');
    const denied = await admin.rows<{ n: number }>(
      `SELECT count(*)::int AS n FROM audit.action WHERE action = 'place-legal-hold' AND outcome = 'denied' AND $1 = ANY(record_ids)`,
      [actor.id],
    );
    expect(denied[0]?.n).toBeGreaterThanOrEqual(4);
  });
});

describe('a hold on a record or a month', () => {
  it('on a record refuses to erase whom it is about, until it is released', async () => {
    const person = await registerPerson(app);
    const client = await app.deps.database.prisma.client.findUniqueOrThrow({ where: { userId: person.actor.id } });
    const target = { table: 'identity.client', recordId: client.id };
    const preview = await app.as(staff(), () => previewCommand(app.deps, holdRecord, { input: target }));
    expect(preview).toContain('Refuses to erase the person it is about.');
    const { holdId } = await run(app, holdRecord, target, by(staff()));
    expect(await controls('hold', holdId)).toMatchObject([{ subject: '', ...{ table: target.table, record: target.recordId } }]);
    expect(await erasureOf(person)).toBe('legal_hold');
    const lines = await app.as(staff('admin'), () => previewCommand(app.deps, releaseHold, { input: { id: holdId } }));
    expect(lines).toHaveLength(1);
    await run(app, releaseHold, { id: holdId }, by(staff('admin')));
    expect(await refusalCode(run(app, releaseHold, { id: holdId }, by(staff('admin'))))).toBe('transition_not_allowed');
    expect(await erasureOfIsAllowed(person)).toBe(true);
  });

  it('on a month refuses everybody it holds rows about, and only a month that has begun can be held', async () => {
    const person = await registerPerson(app);
    const month = new Date().toISOString().slice(0, 7);
    const lines = await app.as(staff(), () => previewCommand(app.deps, holdMonth, { input: { month } }));
    expect(lines[0]).toBe(`Keeps the whole of ${month}.`);
    for (const wrong of ['2026-13', '2999-01', 'soon']) {
      expect(await refusalCode(run(app, holdMonth, { month: wrong }, by(staff())))).toBe('invalid_value');
    }
    const before = await countOpenHolds(app.deps);
    const { holdId } = await run(app, holdMonth, { month }, by(staff()));
    expect(await countOpenHolds(app.deps)).toBe(before + 1);
    expect(await controls('hold', holdId)).toMatchObject([{ month }]);
    expect(await erasureOf(person)).toBe('legal_hold');
    await run(app, releaseHold, { id: holdId }, by(staff('admin')));
  });

  it('a record without history cannot be held, and nobody holds or releases what is about themselves', async () => {
    expect(await refusalCode(run(app, holdRecord, { table: 'identity.user', recordId: newId() }, by(staff())))).toBe('not_found');
    expect(await refusalCode(run(app, releaseHold, { id: newId() }, by(staff('admin'))))).toBe('not_found');
    const self = await addStaff(app, 'admin');
    const target = { table: 'identity.user', recordId: self };
    expect(await refusalCode(run(app, holdRecord, target, by(staff('admin', { id: self }))))).toBe('forbidden');
    const { holdId } = await run(app, holdRecord, target, by(staff()));
    expect(await refusalCode(run(app, releaseHold, { id: holdId }, by(staff('admin', { id: self }))))).toBe('forbidden');
    await run(app, releaseHold, { id: holdId }, by(staff('admin')));
  });

  it('a record about nobody can be held and released, and a hold without a reason is none', async () => {
    await writeOldRows(admin, { month: '2018-03', bodies: ['{"name":[1,2]}'], recordId: 'NG' });
    const { holdId } = await run(app, holdRecord, { table: 'identity.user', recordId: 'NG' }, by(staff()));
    await run(app, releaseHold, { id: holdId }, by(staff('admin')));
    const { prisma: tx } = app.deps.database;
    await expect(writeHold({ tx, reason: null }, { month: '2018-03' })).rejects.toMatchObject({ code: 'reason_required' });
    await expect(endHold({ tx, reason: null }, holdId)).rejects.toMatchObject({ code: 'reason_required' });
  });

  it('the hold of a person is not released as if it were of a record', async () => {
    const { actor } = await registerPerson(app);
    const { holdId } = await run(app, staffCommands.placeLegalHold, { id: actor.id }, by(staff()));
    expect(await refusalCode(run(app, releaseHold, { id: holdId }, by(staff('admin'))))).toBe('transition_not_allowed');
  });
});

describe('the list and its guard', () => {
  it('pages newest first and tells open from released', async () => {
    for (let placed = 0; placed < 52; placed += 1) await run(app, holdMonth, { month: '2026-01' }, by(staff()));
    const first = await listHolds(app.deps, { state: 'open' });
    expect(first.holds).toHaveLength(50);
    const rest = await listHolds(app.deps, { state: 'open', before: first.next ?? '' });
    expect(rest.holds.length).toBeGreaterThanOrEqual(2);
    expect(rest.next).toBeNull();
    const released = await listHolds(app.deps, { state: 'released' });
    expect(released.holds.every((hold) => hold.releasedAt !== null)).toBe(true);
    expect((await listHolds(app.deps, { state: 'all' })).holds).toHaveLength(50);
  });

  it('no login writes audit.hold itself, not even a superuser', async () => {
    const insert = `INSERT INTO audit.hold (placed_by, month, reason) VALUES ('${newId()}', '2026-01-01', 'slipped in')`;
    const statements = [insert, 'UPDATE audit.hold SET released_at = now()', 'DELETE FROM audit.hold', 'TRUNCATE audit.hold'];
    for (const url of [app.database.webUrl, app.database.workerUrl, app.database.adminUrl]) {
      const sql = await openSql(url);
      for (const statement of statements) expect(await sql.errorCode(statement)).toBe('42501');
      await sql.close();
    }
    const owner = await openSql(app.database.adminUrl);
    await owner.rows('SET ROLE audit_owner');
    for (const statement of statements) expect(await owner.errorCode(statement)).toBe('42501');
    await owner.close();
  });

  it('the functions refuse what no person asked for', async () => {
    const web = await openSql(app.database.webUrl);
    const place = `SELECT audit.place_hold('{"month":"2026-01","code":"legal","reason":"long enough it is"}')`;
    expect(await web.errorCode(place)).toBe('AU001');
    const asSystem = web.inContext((sql) => sql.rows(place), { actorType: 'system:test', actorId: '' });
    await expect(asSystem).rejects.toMatchObject({ code: '42501' });
    const released = web.inContext((sql) => sql.rows(`SELECT audit.release_hold('${newId()}', 'legal')`), { actorId: '' });
    await expect(released).rejects.toMatchObject({ code: '42501' });
    const short = web.inContext((sql) => sql.rows(`SELECT audit.place_hold('{"month":"2026-01","code":"legal","reason":"short"}')`));
    await expect(short).rejects.toMatchObject({ code: '22023' });
    await web.close();
  });
});

async function erasureOfIsAllowed(person: Person): Promise<boolean> {
  const [asker, decider] = [await addStaff(app, 'support'), await addStaff(app, 'admin')];
  const input = { id: person.actor.id, requestedBy: asker, approvedBy: decider };
  await run(app, systemCommands.executeErasure, input, { actor: system });
  return arrange(app, async (prisma) => (await prisma.user.findUniqueOrThrow({ where: { id: person.actor.id } })).status === 'erased');
}
