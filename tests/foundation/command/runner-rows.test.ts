import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { defineCommand } from '../../../src/foundation/command/command.ts';
import { addDailyQuota, dailyQuotaLeft, quotaBonus } from '../../../src/foundation/command/daily-quota.ts';
import { countOpenedPerson } from '../../../src/foundation/command/opened-person.ts';
import { runCommand } from '../../../src/foundation/command/run-command.ts';
import { fail } from '../../../src/foundation/errors/app-error.ts';
import type { Actor, StaffActor } from '../../../src/foundation/runtime/actor.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { anonymous, staffActor, startTestApp } from '../../support/app.ts';
import { openSql, type Sql } from '../../support/sql.ts';

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

const staff = (role: StaffActor['grants'][number]['role'] = 'support') => staffActor({ role, isLead: false }, app.clock.now());
const rows = (sql: string, values: unknown[]) => admin.rows(sql, values);
const actionsOf = (actor: StaffActor) =>
  rows(
    `SELECT a.action, a.outcome, a.error_code, v.body::jsonb ->> 'note' AS note FROM audit.action a
          JOIN audit.value v ON v.row_id = a.id WHERE a.actor_id = $1 ORDER BY a.occurred_at`,
    [actor.id],
  );

describe('a sign of life that a screen repeats', () => {
  const beat = defineCommand({
    name: 'beat',
    resource: 'presence',
    access: 'public',
    input: z.object({ ending: z.enum(['quiet', 'tells', 'refuses']) }),
    async run(scope, { ending }) {
      scope.repeatsSignOfLife();
      if (ending === 'tells') scope.emit({ name: 'test.beat.told', aggregateId: null, payload: { by: 'beat' } });
      return ending === 'refuses' ? { refused: 'rate_limited' as const } : { ending };
    },
  });
  const run = (actor: Actor, ending: string) => app.as(actor, () => runCommand(app.deps, beat, { input: { ending } }));

  test('leaves no action row, and is done all the same', async () => {
    const actor = staff();
    expect((await run(actor, 'quiet')).output).toEqual({ ending: 'quiet' });
    expect(await actionsOf(actor)).toEqual([]);
  });

  test('leaves one where it tells something, which names it', async () => {
    const actor = staff();
    const { actionId } = await run(actor, 'tells');
    expect(await actionsOf(actor)).toMatchObject([{ action: 'beat', outcome: 'ok' }]);
    expect(await rows('SELECT name FROM platform.outbox_event WHERE action_id = $1', [actionId])).toEqual([{ name: 'test.beat.told' }]);
  });

  test('leaves one where it is refused', async () => {
    const actor = staff();
    await expect(run(actor, 'refuses')).rejects.toMatchObject({ code: 'rate_limited' });
    expect(await actionsOf(actor)).toMatchObject([{ action: 'beat', outcome: 'denied', error_code: 'rate_limited' }]);
  });
});

describe('a refusal', () => {
  const refused = (extra?: Record<string, unknown>) =>
    defineCommand({
      name: 'refused',
      resource: 'user',
      access: 'public',
      input: z.object({}),
      run: async () => fail('forbidden', extra ? { extra } : {}),
    });

  test('is recorded with the rule behind it, and without one where there is none', async () => {
    const actor = staff();
    for (const command of [refused({ rule: 'not_today' }), refused({ other: 1 }), refused()])
      await expect(app.as(actor, () => runCommand(app.deps, command, { input: {} }))).rejects.toMatchObject({ code: 'forbidden' });
    const denied = { action: 'refused', outcome: 'denied', error_code: 'forbidden' };
    expect(await actionsOf(actor)).toEqual([
      { ...denied, note: 'rule not_today' },
      { ...denied, note: null },
      { ...denied, note: null },
    ]);
  });
});

describe('twenty more for the day', () => {
  const give = defineCommand({
    name: 'give',
    resource: 'limit',
    access: 'public',
    input: z.object({ to: z.uuid() }),
    run: async (scope, { to }) => ({ isGiven: await addDailyQuota(scope, { staffUserId: to, kind: 'reveals' }) }),
  });
  const run = (actor: Actor, to: string) => app.as(actor, async () => (await runCommand(app.deps, give, { input: { to } })).output.isGiven);

  test('are given once, by whoever was first of those who gave at the same time', async () => {
    const person = staff();
    const [one, two] = [staff('admin'), staff('admin')];
    const given = await Promise.all([run(one, person.id), run(two, person.id)]);
    expect(given.filter(Boolean)).toHaveLength(1);
    const first = given[0] ? one : two;
    expect(await rows('SELECT bonus, used, granted_by FROM platform.reveal_quota WHERE staff_user_id = $1', [person.id])).toEqual([
      { bonus: quotaBonus, used: 0, granted_by: first.id },
    ]);
    expect(await dailyQuotaLeft(app.deps, person, 'reveals')).toBe(30 + quotaBonus);
  });

  test('that no person gave name nobody', async () => {
    const person = staff();
    expect(await run(anonymous, person.id)).toBe(true);
    expect(await run(staff('admin'), person.id)).toBe(false);
    expect(await rows('SELECT granted_by FROM platform.reveal_quota WHERE staff_user_id = $1', [person.id])).toEqual([
      { granted_by: null },
    ]);
  });
});

describe('a person whom staff open', () => {
  const open = (actor: StaffActor, subjectId: string) => app.as(actor, () => countOpenedPerson(app.deps, actor, subjectId));
  const used = async (actor: StaffActor) =>
    (await rows(`SELECT used FROM platform.reveal_quota WHERE staff_user_id = $1 AND kind = 'people'`, [actor.id]))[0]?.['used'] ?? 0;

  test('counts once a day, from however many tabs', async () => {
    const [actor, subjectId] = [staff(), newId()];
    await Promise.all([open(actor, subjectId), open(actor, subjectId), open(actor, subjectId)]);
    expect(await used(actor)).toBe(1);
    await open(actor, newId());
    expect(await used(actor)).toBe(2);
    app.clock.advance(86_400);
    await open(actor, subjectId);
    expect(await rows(`SELECT used FROM platform.reveal_quota WHERE staff_user_id = $1 ORDER BY day`, [actor.id])).toEqual([
      { used: 2 },
      { used: 1 },
    ]);
  });

  test('is refused to who has no such quota, leaves nothing behind, and whoever leads them hears of it', async () => {
    const actor = staff('enhancer');
    await expect(open(actor, newId())).rejects.toMatchObject({ code: 'quota_exceeded', details: { extra: { rule: 'quota_people' } } });
    expect(await rows('SELECT 1 FROM platform.reveal_quota_subject WHERE staff_user_id = $1', [actor.id])).toEqual([]);
    expect(await rows('SELECT name FROM platform.outbox_event WHERE aggregate_id = $1', [actor.id])).toEqual([
      { name: 'platform.quota.exceeded' },
    ]);
  });

  test('within the quota and what was given on top of it; at four fifths it is told once', async () => {
    const actor = staff();
    const day = app.clock.now().toISOString().slice(0, 10);
    // 300 and 20 more: four fifths are 256.
    await rows(`INSERT INTO platform.reveal_quota (staff_user_id, day, kind, used, bonus) VALUES ($1, $2, 'people', 255, 20)`, [
      actor.id,
      day,
    ]);
    await open(actor, newId());
    await open(actor, newId());
    const told = `SELECT name, payload ->> 'used' AS used, payload ->> 'limit' AS "limit" FROM platform.outbox_event WHERE aggregate_id = $1`;
    expect(await rows(told, [actor.id])).toEqual([{ name: 'platform.quota.nearly_used', used: '256', limit: '320' }]);
    await rows(`UPDATE platform.reveal_quota SET used = 320 WHERE staff_user_id = $1`, [actor.id]);
    await expect(open(actor, newId())).rejects.toMatchObject({ code: 'quota_exceeded' });
    expect(await used(actor)).toBe(320);
  });

  test('is not taken for one too many where the count itself fails', async () => {
    const actor = staff();
    await expect(open(actor, 'nobody')).rejects.toThrow(/uuid/);
    expect(await used(actor)).toBe(0);
    expect(await rows('SELECT 1 FROM platform.outbox_event WHERE aggregate_id = $1', [actor.id])).toEqual([]);
  });
});
