import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { type Command, defineCommand } from '../../../src/foundation/command/command.ts';
import { previewCommand, runCommand } from '../../../src/foundation/command/run-command.ts';
import type { Actor } from '../../../src/foundation/runtime/actor.ts';
import { changeFlag } from '../../../src/foundation/settings/change-flag.ts';
import { changeQuota } from '../../../src/foundation/settings/change-quota.ts';
import { currentSettings } from '../../../src/foundation/settings/live-settings.ts';
import { switchReadOnly, switchReadOnlyByOperator } from '../../../src/foundation/settings/switch-read-only.ts';
import { anonymous, staffActor, startTestApp } from '../../support/app.ts';
import { openSql, type Sql } from '../../support/sql.ts';

let app: Awaited<ReturnType<typeof startTestApp>>;
let sql: Sql;
let root: Actor;
beforeAll(async () => {
  app = await startTestApp();
  sql = await openSql(app.database.adminUrl);
  root = staffActor({ role: 'super_admin', isLead: false }, app.clock.now());
});
afterAll(async () => {
  await sql.close();
  await app.stop();
});

const reason = { code: 'policy', text: 'Agreed in the meeting of the leads' };
const run = async <Input, Output, Loaded>(command: Command<Input, Output, undefined, Loaded>, input: object, actor = root) =>
  (await app.as(actor, () => runCommand(app.deps, command, { input, reason }))).output;
const preview = <Input, Output, Loaded>(command: Command<Input, Output, undefined, Loaded>, input: object) =>
  app.as(root, () => previewCommand(app.deps, command, { input, reason }));
const settings = () => currentSettings(app.deps);

/** The same command, while somebody changes what it has loaded past every lock of ours. */
function overtaken<Input, Output, Loaded>(command: Command<Input, Output, undefined, Loaded>, change: string) {
  return {
    ...command,
    async load(...given: Parameters<NonNullable<typeof command.load>>) {
      if (!command.load) throw new Error('The command loads nothing');
      const loaded = await command.load(...given);
      await sql.inContext((on) => on.rows(change));
      return loaded;
    },
  };
}

describe('a switch of the product', () => {
  const on = { name: 'break_glass', isEnabled: true };
  const off = { name: 'break_glass', isEnabled: false };
  const stored = () => sql.rows(`SELECT is_enabled, version FROM platform.feature_flag WHERE name = 'break_glass'`);

  test('says what it will do, and that it stays where it stays', async () => {
    expect(await preview(changeFlag, off)).toEqual(['Break-glass access stays off.']);
    expect(await preview(changeFlag, on)).toEqual(['Break-glass access is on for everybody within a second.']);
    expect(await stored()).toEqual([]);
  });

  test('is off until somebody turns it, holds at once, and turning it to where it is changes nothing', async () => {
    expect(await run(changeFlag, off)).toEqual({ ...off, isUnchanged: true });
    expect(await stored()).toEqual([]);
    expect(await run(changeFlag, on)).toEqual({ ...on, isUnchanged: false });
    expect((await settings()).flags.break_glass).toBe(true);
    expect(await run(changeFlag, on)).toEqual({ ...on, isUnchanged: true });
    expect(await stored()).toEqual([{ is_enabled: true, version: 1 }]);
    expect(await preview(changeFlag, on)).toEqual(['Break-glass access stays on.']);
    expect(await preview(changeFlag, off)).toEqual(['Break-glass access is off for everybody within a second.']);
    expect(await run(changeFlag, off)).toEqual({ ...off, isUnchanged: false });
    expect(await stored()).toEqual([{ is_enabled: false, version: 2 }]);
  });

  test('does not overwrite what somebody else changed meanwhile', async () => {
    const before = await stored();
    const change = `UPDATE platform.feature_flag SET version = version + 1 WHERE name = 'break_glass'`;
    await expect(run(overtaken(changeFlag, change), on)).rejects.toMatchObject({ code: 'version_conflict' });
    expect(await stored()).toEqual([{ is_enabled: false, version: Number(before[0]?.['version']) + 1 }]);
  });
});

describe('the quotas of a grade', () => {
  const stored = async () => (await sql.rows(`SELECT value FROM platform.setting WHERE name = 'quotas'`))[0]?.['value'];

  test('change for the next click, keep what is left out, and are none of their own where they are the standard', async () => {
    expect(await run(changeQuota, { grade: 'support', people: 10 })).toMatchObject({ people: 10, reveals: 30, isUnchanged: false });
    expect((await settings()).quotas.support).toEqual({ people: 10, reveals: 30 });
    expect(await run(changeQuota, { grade: 'support', people: 10, reveals: 30 })).toMatchObject({ isUnchanged: true });
    expect(await run(changeQuota, { grade: 'support' })).toMatchObject({ people: 10, reveals: 30, isUnchanged: true });
    expect(await preview(changeQuota, { grade: 'support', reveals: 5 })).toEqual([
      'People opened a day, support: 10 becomes 10.',
      'Reveals a day, support: 30 becomes 5. What was used today counts on.',
    ]);
    expect(await stored()).toEqual({ support: { people: 10, reveals: 30 } });
    await run(changeQuota, { grade: 'support', people: 300 });
    expect(await stored()).toEqual({});
  });

  test('of a first change that was overtaken are not lost', async () => {
    const change = `UPDATE platform.setting SET version = version + 1, value = '{"finance":{"people":1,"reveals":1}}' WHERE name = 'quotas'`;
    await expect(run(overtaken(changeQuota, change), { grade: 'support', people: 9 })).rejects.toMatchObject({ code: 'version_conflict' });
    expect(await stored()).toEqual({ finance: { people: 1, reveals: 1 } });
  });

  test('that cannot be read are those of the code', async () => {
    await sql.inContext((on) => on.rows(`UPDATE platform.setting SET value = '{"support":{"people":"many"}}' WHERE name = 'quotas'`));
    await run(changeFlag, { name: 'break_glass', isEnabled: true });
    expect((await settings()).quotas.support).toEqual({ people: 300, reveals: 30 });
  });
});

describe('read-only mode', () => {
  const operator: Actor = { kind: 'system', name: 'operator' };
  const write = defineCommand({
    name: 'write',
    resource: 'user',
    access: 'public',
    input: z.object({}),
    run: async () => ({ done: true }),
  });
  const since = async () => (await settings()).readOnly?.since;

  test('says what it will do, either way, and off where it is off is nothing', async () => {
    expect(await preview(switchReadOnly, { isOn: true })).toEqual([
      'Nobody can change anything, in the back office or in the shop. Signing in and reading go on.',
      'Takes effect everywhere within a second. Jobs that are under way finish.',
    ]);
    expect(await preview(switchReadOnly, { isOn: false })).toEqual(['Everybody can make changes again, within a second.']);
    expect(await run(switchReadOnly, { isOn: false })).toEqual({ isOn: false, isUnchanged: true });
    expect(await since()).toBeUndefined();
  });

  test('refuses everybody but jobs, tells staff since when and others only when to try again', async () => {
    expect(await run(switchReadOnly, { isOn: true })).toEqual({ isOn: true, isUnchanged: false });
    const at = await since();
    expect((await settings()).readOnly?.reason).toBe(reason.text);
    const refusal = (actor: Actor) => app.as(actor, () => runCommand(app.deps, write, { input: {} })).catch((error: unknown) => error);
    expect(await refusal(root)).toMatchObject({
      code: 'read_only',
      details: { retryAfterSeconds: 60, extra: { since: at?.toISOString() } },
    });
    const forOthers = await refusal(anonymous);
    expect(forOthers).toMatchObject({ code: 'read_only', details: { retryAfterSeconds: 60 } });
    expect(forOthers).not.toHaveProperty('details.extra');
    expect(await refusal(operator)).toMatchObject({ output: { done: true } });
  });

  test('that is switched on twice keeps the first time and takes the new words; an operator needs none', async () => {
    const at = await since();
    app.clock.advance(60);
    await run(switchReadOnly, { isOn: true, message: 'The database moves.' });
    expect((await settings()).readOnly).toEqual({ since: at, reason: 'The database moves.' });
    await app.as(operator, () => runCommand(app.deps, switchReadOnlyByOperator, { input: { isOn: true } }));
    expect((await settings()).readOnly).toEqual({ since: at, reason: 'Maintenance' });
    expect(await run(switchReadOnlyByOperator, { isOn: false }, operator)).toEqual({ isOn: false, isUnchanged: false });
    expect((await settings()).readOnly).toBeNull();
  });
});
