import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StaffActor } from '../../../src/foundation/runtime/actor.ts';
import { systemCommands as identitySystem, staffCommands } from '../../../src/modules/identity/index.ts';
import { commands, decisions } from '../../../src/modules/support/index.ts';
import { system } from '../../audit/support/staff.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { addPasskey, arrange, refusal, refusalCode, registerPerson, run } from '../identity/people.ts';
import { approvalRow, askedAbout, decide, decided, execute, expire, fresh, staffOf } from './two-people.ts';

let app: TestApp;
let support: StaffActor;
let leads: StaffActor[];
beforeAll(async () => {
  app = await startTestApp({ RATE_LIMIT_SCALE: '100' });
  support = await staffOf(app, 'support');
  leads = [];
  for (let index = 0; index < 4; index += 1) leads.push(await staffOf(app, 'support', true));
});
afterAll(() => app.stop());

const lead = (index = 0): StaffActor => leads[index % leads.length] ?? support;

/** Somebody with an authenticator, and a request to reset it. */
async function requested(actor = support) {
  const person = await registerPerson(app);
  const { id } = person.actor;
  await run(app, identitySystem.enrolTotpFor, { userId: id }, { actor: system });
  const input = { id, checks: ['name', 'country'] };
  const { approvalId } = await run(app, commands.requestMfaReset, input, { actor: fresh(app, actor), envelope: await askedAbout(app, id) });
  return { person, approvalId };
}

const eventsOf = async (aggregateId: string) => {
  const rows = await app.deps.database.prisma.outboxEvent.findMany({ where: { aggregateId }, orderBy: { id: 'asc' } });
  return rows.map(({ name }) => name);
};

describe('races on one request', () => {
  it('of 20 approvers at once one approves, and it is carried out once', async () => {
    const { approvalId: id } = await requested();
    const answers = await Promise.allSettled(
      Array.from({ length: 20 }, (_, index) => decide(app, { id, verb: 'approve', actor: lead(index) })),
    );
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await Promise.allSettled(Array.from({ length: 5 }, () => execute(app, id)));
    expect(await eventsOf(id)).toEqual(['support.approval.requested', 'support.approval.approved', 'support.approval.executed']);
  });

  it('approving and taking back at once: one of them, and what was taken back is never carried out', async () => {
    const { approvalId: id } = await requested();
    const answers = await Promise.allSettled([
      decide(app, { id, verb: 'cancel', actor: support }),
      decide(app, { id, verb: 'approve', actor: lead() }),
      decide(app, { id, verb: 'deny', actor: lead(1) }),
    ]);
    expect(answers.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const { status } = await approvalRow(app, id);
    if (status !== 'approved') expect(await execute(app, id)).toBe('transition_not_allowed');
    expect(await eventsOf(id)).toHaveLength(2);
  });

  it('approving when the 48 hours end: it expires, whether the job or the command sees it first', async () => {
    const { approvalId: id } = await requested();
    app.clock.advance(48 * 3600);
    const answers = await Promise.allSettled([
      expire(app),
      decide(app, { id, verb: 'approve', actor: lead() }),
      decide(app, { id, verb: 'approve', actor: lead(1) }),
      expire(app),
    ]);
    expect(answers.slice(1, 3).every(({ status }) => status === 'rejected')).toBe(true);
    expect(await approvalRow(app, id)).toMatchObject({ status: 'expired', decidedBy: null });
    expect(await eventsOf(id)).toEqual(['support.approval.requested', 'support.approval.expired']);
  });
});

describe('one person cannot be both', () => {
  it('with two tabs, two sessions or two grants, whoever asked is refused as `four_eyes` in a denied row', async () => {
    const both = { ...lead(2), grants: [...lead(2).grants, { role: 'admin' as const, isLead: false, expiresAt: null }] };
    const { approvalId: id } = await requested(both);
    const otherSession = { ...both, sessionHash: Buffer.alloc(32, 9) };
    for (const actor of [both, otherSession, { ...both, grants: [{ role: 'super_admin' as const, isLead: false }] }]) {
      for (const verb of ['approve', 'deny'] as const) expect(await refusalCode(decide(app, { id, verb, actor }))).toBe('four_eyes');
    }
    expect(await approvalRow(app, id)).toMatchObject({ status: 'requested', version: 1 });
  });

  it('also where they may only ask; somebody else who may only ask is simply not allowed', async () => {
    const { approvalId: id } = await requested();
    const own = await refusal(decide(app, { id, verb: 'approve', actor: support }));
    expect([own.code, own.details.extra]).toEqual(['four_eyes', expect.objectContaining({ rule: 'four_eyes' })]);
    const other = await refusal(decide(app, { id, verb: 'approve', actor: await staffOf(app, 'support') }));
    expect([other.code, other.details.extra]).toEqual(['forbidden', expect.objectContaining({ sentence: 'access.needs_support_lead' })]);
  });
});

describe('repeated and stale calls', () => {
  it('a repeated key gives the first answer, another body is refused, an old version conflicts', async () => {
    const { approvalId: id } = await requested();
    const idempotencyKey = randomUUID();
    const call = (more: object) =>
      run(app, decisions.approve, { id }, { actor: fresh(app, lead()), envelope: { ...decided, idempotencyKey, ...more } });
    expect(await refusalCode(call({ expectedVersion: 7 }))).toBe('version_conflict');
    const first = await call({ expectedVersion: 1 });
    expect(await call({ expectedVersion: 1 })).toEqual(first);
    expect(await refusalCode(call({ expectedVersion: 2 }))).toBe('idempotency_key_reused');
    expect(await eventsOf(id)).toHaveLength(2);
  });
});

describe('what changed between asking and carrying out', () => {
  const rows = {
    'the second factors': (id: string) => addPasskey(app, id),
    'the state of the account': (id: string) =>
      arrange(app, (prisma) => prisma.user.updateMany({ where: { id }, data: { status: 'suspended' } })),
    'the name': async (id: string) => {
      const input = { id, lastName: 'Okonjo' };
      const { version } = await app.deps.database.prisma.user.findUniqueOrThrow({ where: { id } });
      await run(app, staffCommands.editUser, input, { actor: fresh(app, support), envelope: { ...decided, expectedVersion: version } });
    },
  };

  it.each(Object.entries(rows))('%s: it fails with `subject_changed` and nothing is taken away', async (_words, change) => {
    const { approvalId: id, person } = await requested();
    await change(person.actor.id);
    await decide(app, { id, verb: 'approve', actor: lead() });
    expect(await execute(app, id)).toBe('subject_changed');
    expect(await approvalRow(app, id)).toMatchObject({ status: 'failed', errorCode: 'subject_changed' });
    expect(await app.deps.database.prisma.totp.count({ where: { userId: person.actor.id } })).toBe(1);
    // It can be asked for anew at once.
    const input = { id: person.actor.id, checks: ['name', 'country'] };
    const again = await askedAbout(app, person.actor.id);
    await expect(run(app, commands.requestMfaReset, input, { actor: fresh(app, support), envelope: again })).resolves.toBeTruthy();
  });

  it('a sign-in, a note or an unlocking changes nothing of it', async () => {
    const { approvalId: id, person } = await requested();
    await arrange(app, (prisma) =>
      prisma.user.updateMany({ where: { id: person.actor.id }, data: { loginCount: 5, lockedUntil: null, version: { increment: 1 } } }),
    );
    await decide(app, { id, verb: 'approve', actor: lead() });
    expect(await execute(app, id)).toBeNull();
  });
});
