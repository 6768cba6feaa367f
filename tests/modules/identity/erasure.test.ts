import { appendFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadDmmf } from '../../../src/admin/index.ts';
import { erasureReceipt, type Forgetter, finishErasures, registeredErasures } from '../../../src/audit/index.ts';
import { registerPath } from '../../../src/audit/retain/erasure-register.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { erasurePlan, keptOfErased } from '../../../src/modules/identity/erasure/erasure-plan.ts';
import { commands, queries, staffCommands, systemCommands } from '../../../src/modules/identity/index.ts';
import { type Keeper, openKeeper } from '../../audit/support/keeper.ts';
import { addStaff, system } from '../../audit/support/staff.ts';
import { staffActor, startTestApp } from '../../support/app.ts';
import { arrange, caller, password, refusal, refusalCode, registerPerson, run } from './people.ts';

let app: Awaited<ReturnType<typeof startTestApp>>;
let keeper: Keeper;
let support: string;
let lead: string;
let admin: string;
beforeAll(async () => {
  app = await startTestApp();
  keeper = await openKeeper(app);
  support = await addStaff(app, 'support');
  lead = await addStaff(app, 'support', true);
  admin = await addStaff(app, 'admin');
});
afterAll(async () => {
  await keeper.close();
  await app.stop();
});

const erase = (id: string, people: { requestedBy: string; approvedBy: string }) =>
  run(app, systemCommands.executeErasure, { id, ...people }, { actor: system });
const refused = async (work: Promise<unknown>) => {
  const { code, details } = await refusal(work);
  return [code, details.extra?.['rule']].filter(Boolean).join(' ');
};

describe('the plan and the data model', () => {
  it('every column of every identity table is emptied, deleted with its row, or kept with a reason', async () => {
    const { models } = (await loadDmmf()).datamodel;
    const identity = models.filter((model) => model.schema === 'identity');
    expect(identity.length).toBeGreaterThan(20);
    const { emptied, deleted, untouched } = erasurePlan;
    const names = [...Object.keys(emptied), ...deleted, ...Object.keys(untouched)];
    expect(names.toSorted()).toEqual(identity.map((model) => model.name).toSorted());
    for (const [name, plan] of Object.entries(emptied)) {
      const columns = identity.find((model) => model.name === name)?.fields.filter((field) => field.kind !== 'object') ?? [];
      const listed = [...(Array.isArray(plan.emptied) ? plan.emptied : Object.keys(plan.emptied)), ...Object.keys(plan.kept)];
      expect(listed.toSorted(), name).toEqual(columns.map((field) => field.name).toSorted());
    }
  });

  it('no encrypted, blind-indexed, masked or name column is kept, nor stays in a table that is left alone', async () => {
    const { models } = (await loadDmmf()).datamodel;
    const personal = /(Enc|Bidx|Masked)$|^(first|last|display|store)Name|passwordHash/;
    for (const [name, plan] of Object.entries(erasurePlan.emptied)) {
      expect(
        Object.keys(plan.kept).filter((field) => personal.test(field)),
        name,
      ).toEqual([]);
    }
    const staffOnly = ['StaffInvite'];
    for (const name of Object.keys(erasurePlan.untouched).filter((model) => !staffOnly.includes(model))) {
      const fields = models.find((model) => model.name === name)?.fields.map((field) => field.name) ?? [];
      expect(
        fields.filter((field) => personal.test(field)),
        name,
      ).toEqual([]);
    }
  });

  it('the receipt names every kept column with its reason', () => {
    const kept = keptOfErased();
    for (const [name, plan] of Object.entries(erasurePlan.emptied)) {
      const told = kept.filter(({ what }) => what.startsWith(`${name}: `)).flatMap(({ what }) => what.slice(name.length + 2).split(', '));
      expect(told.toSorted()).toEqual(Object.keys(plan.kept).toSorted());
    }
    expect(kept.every(({ why }) => why.length > 10)).toBe(true);
  });
});

describe('who may have somebody erased', () => {
  it('two different people, each with the right half of the matrix row', async () => {
    const { id } = (await registerPerson(app)).actor;
    expect(await refused(erase(id, { requestedBy: admin, approvedBy: admin }))).toBe('four_eyes four_eyes');
    expect(await refused(erase(id, { requestedBy: admin, approvedBy: lead }))).toBe('forbidden two_person');
    expect(await refused(erase(id, { requestedBy: await addStaff(app, 'finance'), approvedBy: admin }))).toMatch(/^forbidden/);
    expect(await refused(erase(id, { requestedBy: await addStaff(app, 'auditor'), approvedBy: admin }))).toMatch(/^forbidden/);
    expect(await refused(erase(id, { requestedBy: newId(), approvedBy: admin }))).toBe('forbidden no_active_grant');
    expect(await refused(erase(id, { requestedBy: support, approvedBy: id }))).toBe('forbidden no_active_grant');
    expect(await queries.readAccount(app.deps, id)).toBeTruthy();
    expect((await erase(id, { requestedBy: lead, approvedBy: admin })).memberId).toMatch(/^FASTAR/);
  });

  it('the person themselves may ask; somebody else approves', async () => {
    const { id } = (await registerPerson(app)).actor;
    expect((await erase(id, { requestedBy: id, approvedBy: admin })).rows['identity.user']).toBe(1);
  });

  it('whose grants ended, or who was disabled, no longer counts', async () => {
    const { id } = (await registerPerson(app)).actor;
    const gone = await addStaff(app, 'admin');
    const superAdmin = staffActor({ role: 'super_admin', isLead: false }, app.clock.now());
    const reason = { code: 'other', text: 'Leaves the company today' };
    await run(app, staffCommands.disableStaff, { id: gone }, { actor: superAdmin, envelope: { reason } });
    expect(await refused(erase(id, { requestedBy: support, approvedBy: gone }))).toBe('forbidden no_active_grant');
  });

  it('only the executor calls it, and colleagues are out of its reach', async () => {
    const { id } = (await registerPerson(app)).actor;
    const actor = staffActor({ role: 'super_admin', isLead: false }, app.clock.now());
    const input = { id, requestedBy: support, approvedBy: admin };
    expect(await refusalCode(run(app, systemCommands.executeErasure, input, { actor }))).toBe('forbidden');
    expect(await refusalCode(erase(support, { requestedBy: lead, approvedBy: admin }))).toBe('not_found');
    expect(await refusalCode(erase(newId(), { requestedBy: lead, approvedBy: admin }))).toBe('not_found');
  });
});

describe('execute-erasure', () => {
  it('empties what the plan says, destroys the key, ends all sessions at once, and can be done only once', async () => {
    const person = await registerPerson(app);
    const { id, sessionId } = person.actor;
    await arrange(app, (prisma) =>
      prisma.client.updateMany({ where: { userId: id }, data: { preferredSize: 'M', stylePreferences: ['lace'] } }),
    );
    const outcome = await erase(id, { requestedBy: support, approvedBy: admin });
    const { prisma } = app.deps.database;
    const { User, Client } = erasurePlan.emptied;
    expect(await prisma.user.findUniqueOrThrow({ where: { id } })).toMatchObject({
      ...User.emptied,
      status: 'erased',
      memberId: outcome.memberId,
    });
    expect(await prisma.client.findUniqueOrThrow({ where: { userId: id } })).toMatchObject(Client.emptied);
    expect(await prisma.userKey.findUniqueOrThrow({ where: { userId: id } })).toMatchObject({
      wrappedKey: null,
      destroyedAt: app.clock.now(),
    });
    expect(await queries.findLiveSession(app.deps, sessionId)).toBeNull();
    const refresh = { refreshToken: person.tokens.refreshToken, ...caller };
    expect(await refusalCode(run(app, commands.refreshSession, refresh))).toBe('refresh_token_invalid');
    expect(await refusalCode(run(app, commands.logIn, { email: person.email, password, ...caller }))).toBe('invalid_credentials');
    expect(await prisma.outboxEvent.findMany({ where: { aggregateId: id, name: 'identity.user.erased' } })).toHaveLength(1);
    expect(await refusalCode(erase(id, { requestedBy: support, approvedBy: admin }))).toBe('transition_not_allowed');
    const auditor = staffActor({ role: 'auditor', isLead: false }, app.clock.now());
    const hold = { actor: auditor, envelope: { reason: { code: 'legal', text: 'Too late for that' } } };
    expect(await refusalCode(run(app, staffCommands.placeLegalHold, { id }, hold))).toBe('transition_not_allowed');
  });

  it('goes on where a stopped worker was, batch by batch, and leaves one sealed row', async () => {
    const { id } = (await registerPerson(app)).actor;
    await erase(id, { requestedBy: support, approvedBy: admin });
    const stopped = new AbortController();
    stopped.abort();
    await keeper.asJob('audit.erase-subject', () => finishErasures(keeper.deps, [], stopped.signal));
    expect((await erasureReceipt(app.deps.database.prisma, id))?.finishedAt).toBeNull();
    const { pool } = keeper.deps.database;
    for (let batch = 0; batch < 3; batch += 1) await pool.query('SELECT audit.erase_subject($1, 2)', [id]);
    const half = await erasureReceipt(app.deps.database.prisma, id);
    expect(half?.history.value).toBe(6);
    await keeper.asJob('audit.erase-subject', () => finishErasures(keeper.deps, []));
    await keeper.asJob('audit.erase-subject', () => finishErasures(keeper.deps, []));
    const done = await erasureReceipt(app.deps.database.prisma, id);
    expect(done?.finishedAt).not.toBeNull();
    expect(done?.history.value).toBeGreaterThan(6);
    const rows = await keeper.admin.rows(`SELECT 1 FROM audit.control WHERE type = 'erasure' AND body::jsonb ->> 'subject' = $1`, [id]);
    expect(rows).toHaveLength(1);
    expect(await keeper.admin.rows('SELECT 1 FROM audit.value WHERE subject_id = $1', [id])).toEqual([]);
    const again = await pool.query<{ at: { isDone: boolean } }>('SELECT audit.erase_subject($1, 2) AS at', [id]);
    expect(again.rows[0]?.at.isDone).toBe(true);
  });

  it('one owner whose data cannot be reached keeps that erasure open and no other', async () => {
    const [first, second] = [(await registerPerson(app)).actor.id, (await registerPerson(app)).actor.id];
    for (const id of [first, second]) await erase(id, { requestedBy: support, approvedBy: admin });
    const forgetter: Forgetter = async (_deps, { userId }) => {
      if (userId === first) throw new Error('the owner of notes is away');
      return { rows: { 'support.note': 3 }, records: [] };
    };
    const work = keeper.asJob('audit.erase-subject', () => finishErasures(keeper.deps, [forgetter]));
    await expect(work).rejects.toThrow('1 erasure(s) failed: Error: the owner of notes is away');
    expect((await erasureReceipt(app.deps.database.prisma, first))?.finishedAt).toBeNull();
    expect(await erasureReceipt(app.deps.database.prisma, second)).toMatchObject({
      finishedAt: expect.any(String),
      rows: { 'support.note': 3 },
    });
    await keeper.asJob('audit.erase-subject', () => finishErasures(keeper.deps, []));
  });

  it('who came back with a backup is erased again by the register, which lists everybody once', async () => {
    const [gone, known] = [(await registerPerson(app)).actor.id, (await registerPerson(app)).actor.id];
    expect(await registeredErasures(app.deps)).not.toContain(gone);
    await erase(known, { requestedBy: support, approvedBy: admin });
    for (let turn = 0; turn < 2; turn += 1) await keeper.asJob('audit.erase-subject', () => finishErasures(keeper.deps, []));
    await appendFile(registerPath(app.deps), `{"v":1,"subject":"${gone}","at":"2026-01-01T00:00:00.000Z"}\n{"v":1,"subj`);
    const listed = await registeredErasures(app.deps);
    expect(listed.filter((id) => id === known)).toHaveLength(1);
    expect(listed.at(-1)).toBe(gone);
    const operator = { actor: { kind: 'system', name: 'operator' } as const };
    expect((await run(app, systemCommands.repeatErasure, { id: gone }, operator)).rows['identity.user_key']).toBe(1);
    expect(await refusalCode(run(app, systemCommands.repeatErasure, { id: gone }, operator))).toBe('transition_not_allowed');
    expect(await refusalCode(run(app, systemCommands.repeatErasure, { id: newId() }, operator))).toBe('not_found');
    const held = (await registerPerson(app)).actor.id;
    const auditor = staffActor({ role: 'auditor', isLead: false }, app.clock.now());
    const by = { actor: auditor, envelope: { reason: { code: 'legal', text: 'Court order 2026/115' } } };
    await run(app, staffCommands.placeLegalHold, { id: held }, by);
    expect(await refusalCode(run(app, systemCommands.repeatErasure, { id: held }, operator))).toBe('legal_hold');
    const staffMember = { actor: staffActor({ role: 'super_admin', isLead: false }, app.clock.now()) };
    expect(await refusalCode(run(app, systemCommands.repeatErasure, { id: held }, staffMember))).toBe('forbidden');
  });

  it('the functions of the database refuse what the command would not have asked', async () => {
    const { id } = (await registerPerson(app)).actor;
    const web = app.deps.database.pool;
    const codeOf = (pool: typeof web, sql: string) =>
      pool.query(sql).then(
        () => 'none',
        (error: { code?: string }) => error.code,
      );
    expect(await codeOf(web, `SELECT audit.erase_subject('${id}', 10)`)).toBe('42501');
    expect(await codeOf(keeper.deps.database.pool, `SELECT audit.erase_subject('${id}', 10)`)).toBe('22023');
    expect(await codeOf(web, `SELECT identity.forget_person('${id}', '{}', NULL, '{}', '{}')`)).toBe('42501');
    expect(await codeOf(web, `SELECT audit.begin_erasure('${id}', NULL, '{}', '{}')`)).toBe('42501');
    expect(await codeOf(web, `UPDATE identity.consent SET ip = NULL`)).toBe('42501');
    expect(await codeOf(web, `INSERT INTO audit.erasure_run (subject_id) VALUES ('${id}')`)).toBe('42501');
  });

  it('a hold that comes between the command and its worker stops the worker, not the other way round', async () => {
    const { id } = (await registerPerson(app)).actor;
    await erase(id, { requestedBy: support, approvedBy: admin });
    const context = Buffer.from(JSON.stringify({ actorId: admin, actorType: 'staff' })).toString('base64');
    const month = new Date().toISOString().slice(0, 7);
    const { rows } = await keeper.admin
      .rows(`SELECT set_config('audit.ctx', '${context}', false)`)
      .then(() =>
        keeper.admin.rows<{ hold: string }>(
          `SELECT audit.place_hold('{"month":"${month}","code":"legal","reason":"Court order 7"}') AS hold`,
        ),
      )
      .then((found) => ({ rows: found }));
    await keeper.asJob('audit.erase-subject', () => finishErasures(keeper.deps, []));
    expect((await erasureReceipt(app.deps.database.prisma, id))?.finishedAt).toBeNull();
    expect(keeper.logs.join('')).toContain('audit.erasure_held');
    await keeper.admin.rows(`SELECT audit.release_hold('${rows[0]?.hold}', 'legal')`);
    await keeper.asJob('audit.erase-subject', () => finishErasures(keeper.deps, []));
    expect((await erasureReceipt(app.deps.database.prisma, id))?.finishedAt).not.toBeNull();
  });
});
