import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Role } from '../../../src/foundation/access/roles.ts';
import { dailyQuotaLeft } from '../../../src/foundation/command/daily-quota.ts';
import { staffCommands, systemCommands } from '../../../src/modules/identity/index.ts';
import { staffActor, startTestApp } from '../../support/app.ts';
import { refusal, refusalCode, run } from './people.ts';

let app: Awaited<ReturnType<typeof startTestApp>>;
beforeAll(async () => {
  app = await startTestApp();
});
afterAll(() => app.stop());

const { addQuota, disableStaff } = staffCommands;
const envelope = { reason: { code: 'policy', text: 'a long list of calls today' } };

async function colleague(role: Role, managerUserId: string | null = null): Promise<string> {
  const system = { actor: { kind: 'system', name: 'seed' } as const };
  const input = {
    email: `${randomUUID()}@staff.example.com`,
    password: 'correct horse battery staple 9',
    firstName: 'Ada',
    lastName: 'Obi',
    grants: [{ role, isLead: false }],
  };
  const { userId } = await run(app, systemCommands.createStaffAccount, input, system);
  if (managerUserId)
    await app.as(system.actor, () => app.deps.database.prisma.staffProfile.update({ where: { userId }, data: { managerUserId } }));
  return userId;
}

const lead = () => staffActor({ role: 'support', isLead: true }, app.clock.now());
const admin = () => staffActor({ role: 'admin', isLead: false }, app.clock.now());
const as = (actor: ReturnType<typeof lead>) => ({ actor, envelope });

it('gives 20 more for the day to the assistants and support a lead leads, once a day and kind', async () => {
  const actor = lead();
  const id = await colleague('support', actor.id);
  const person = staffActor({ role: 'support', isLead: false }, app.clock.now(), { id });
  expect(await dailyQuotaLeft(app.deps, person, 'reveals')).toBe(30);
  expect(await run(app, addQuota, { id, kind: 'reveals' }, as(actor))).toEqual({ added: 20 });
  expect(await dailyQuotaLeft(app.deps, person, 'reveals')).toBe(50);
  expect(await refusalCode(run(app, addQuota, { id, kind: 'reveals' }, as(actor)))).toBe('already_exists');
  expect(await run(app, addQuota, { id, kind: 'people' }, as(actor))).toEqual({ added: 20 });
  app.clock.advance(86_400);
  expect(await dailyQuotaLeft(app.deps, person, 'reveals')).toBe(30);
  expect(await run(app, addQuota, { id, kind: 'reveals' }, as(lead())).catch((error) => error.code)).toBe('forbidden');
  expect(await run(app, addQuota, { id, kind: 'reveals' }, { actor: { ...actor, factorAt: app.clock.now() }, envelope })).toEqual({
    added: 20,
  });
});

it('lets one of twenty through who give it at the same time', async () => {
  const id = await colleague('assistant');
  const outcomes = await Promise.all(
    Array.from({ length: 20 }, () =>
      run(app, addQuota, { id, kind: 'people' }, as(admin())).then(
        () => 'given',
        (error) => error.code,
      ),
    ),
  );
  expect(outcomes.filter((outcome) => outcome === 'given')).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome === 'already_exists')).toHaveLength(19);
});

it('is refused for oneself, for equals, for whom one does not lead, for reviewers of a support lead, without a reason, and for the disabled', async () => {
  const actor = lead();
  expect((await refusal(run(app, addQuota, { id: await colleague('support'), kind: 'people' }, as(actor)))).details.extra).toMatchObject({
    rule: 'not_your_team',
  });
  const reviewer = await colleague('reviewer', actor.id);
  expect((await refusal(run(app, addQuota, { id: reviewer, kind: 'people' }, as(actor)))).code).toBe('forbidden');
  const own = await colleague('admin');
  expect((await refusal(run(app, addQuota, { id: own, kind: 'people' }, as({ ...admin(), id: own })))).details.extra).toMatchObject({
    rule: 'self',
  });
  expect((await refusal(run(app, addQuota, { id: await colleague('admin'), kind: 'people' }, as(admin())))).details.extra).toMatchObject({
    rule: 'rank',
  });
  for (const role of ['assistant', 'support', 'auditor', 'finance'] as const) {
    const by = staffActor({ role, isLead: false }, app.clock.now());
    expect(await refusalCode(run(app, addQuota, { id: await colleague('assistant', by.id), kind: 'people' }, as(by))), role).toBe(
      'forbidden',
    );
  }
  const id = await colleague('assistant');
  expect(await refusalCode(run(app, addQuota, { id, kind: 'people' }, { actor: admin() }))).toBe('required');
  await run(app, disableStaff, { id }, as(admin()));
  expect(await refusalCode(run(app, addQuota, { id, kind: 'people' }, as(admin())))).toBe('transition_not_allowed');
});
