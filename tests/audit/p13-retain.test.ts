import { afterAll, beforeAll, expect, test } from 'vitest';
import { finishErasures, holdMonth, releaseHold, runRetention } from '../../src/audit/index.ts';
import { dataKeysOf, systemCommands } from '../../src/modules/identity/index.ts';
import { registerPerson, run } from '../modules/identity/people.ts';
import { staffActor, startTestApp, type TestApp } from '../support/app.ts';
import { type Keeper, openKeeper, writeOldRows } from './support/keeper.ts';
import { addStaff, system } from './support/staff.ts';

let app: TestApp & { stop(): Promise<void> };
let keeper: Keeper;
beforeAll(async () => {
  app = await startTestApp();
  keeper = await openKeeper(app);
});
afterAll(async () => {
  await keeper.close();
  await app.stop();
});

/** Control rows of a type that have a leaf under a signed checkpoint, with the action that caused them where one did. */
const sealed = (type: string) =>
  keeper.admin.rows<{ body: string }>(
    `SELECT c.body FROM audit.control AS c JOIN audit.leaf AS l ON l.row_id = c.id AND l.kind = 3
      WHERE c.type = $1 AND l.seq < (SELECT max(p.size) FROM audit.checkpoint AS p)`,
    [type],
  );
const actionsOf = (name: string) => keeper.admin.rows(`SELECT 1 FROM audit.action WHERE action = $1 AND outcome = 'ok'`, [name]);

test('P13: placing and releasing a hold are sealed rows, each with its action', async () => {
  const actor = staffActor({ role: 'auditor', isLead: false }, app.clock.now());
  const by = { actor, envelope: { reason: { code: 'legal', text: 'Court order 2026/114' } } };
  const { holdId } = await run(app, holdMonth, { month: '2026-01' }, by);
  await run(app, releaseHold, { id: holdId }, by);
  await keeper.sealAndAnchor();
  for (const [type, name] of [
    ['hold', 'hold-month'],
    ['hold_release', 'release-hold'],
  ] as const) {
    const [row] = await sealed(type);
    expect(JSON.parse(row?.body ?? '{}')).toMatchObject({ hold: holdId, by: actor.id, reason: 'legal', month: '2026-01' });
    expect(await actionsOf(name)).toHaveLength(1);
  }
});

test('P13: an erasure is a sealed row that names the action, the approval and what was deleted', async () => {
  const { id } = (await registerPerson(app)).actor;
  const [requestedBy, approvedBy] = [await addStaff(app, 'support'), await addStaff(app, 'admin')];
  await run(app, systemCommands.executeErasure, { id, requestedBy, approvedBy }, { actor: system });
  await keeper.asJob('audit.erase-subject', () => finishErasures(keeper.deps, []));
  await keeper.sealAndAnchor();
  const [row] = await sealed('erasure');
  const body: { action: string } = JSON.parse(row?.body ?? '{}');
  expect(body).toMatchObject({ subject: id, approval: '', requestedBy, approvedBy, rows: { 'identity.user': '1' } });
  expect(await keeper.admin.rows(`SELECT 1 FROM audit.action WHERE id = $1 AND action = 'execute-erasure'`, [body.action])).toHaveLength(1);
});

test('P13: a change of the policy and the sealing of a month are sealed rows', async () => {
  await keeper.admin.rows(`SET ROLE migrator`);
  await keeper.admin.rows(`SELECT audit.disable_table('reference.refresh_run', 'replaced by another table')`);
  await keeper.admin.rows('RESET ROLE');
  await writeOldRows(keeper.admin, { month: '2018-03', bodies: ['{"name":[1,2]}'] });
  await keeper.sealAndAnchor();
  await keeper.noteVerify();
  await keeper.asJob('audit.retention', () => runRetention(keeper.deps, { dataKeysOf }));
  await keeper.sealAndAnchor();
  expect(JSON.parse((await sealed('policy'))[0]?.body ?? '{}')).toMatchObject({ change: 'disabled', reason: 'replaced by another table' });
  expect(JSON.parse((await sealed('partition_seal'))[0]?.body ?? '{}')).toMatchObject({ month: '2018-03', events: '1', actions: '1' });
});
