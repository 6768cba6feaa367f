import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RoleGrant } from '../../../src/foundation/access/roles.ts';
import type { StaffActor } from '../../../src/foundation/runtime/actor.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { systemCommands as identitySystem, staffCommands, staffQueries } from '../../../src/modules/identity/index.ts';
import { commands } from '../../../src/modules/support/index.ts';
import { staffActor, startTestApp } from '../../support/app.ts';
import { openSql, type Sql } from '../../support/sql.ts';
import { ticketAbout } from '../../support/tickets.ts';
import { freshEmail, password, refusalCode, registerPerson, run } from '../identity/people.ts';

let app: Awaited<ReturnType<typeof startTestApp>>;
let sql: Sql;
beforeAll(async () => {
  app = await startTestApp();
  sql = await openSql(app.database.adminUrl);
});
afterAll(async () => {
  await sql?.close();
  await app.stop();
});

const reason = { code: 'customer_request', text: 'Asked for it on the phone' };
const staff = (role: RoleGrant['role'], overrides: Partial<StaffActor> = {}, isLead = false) =>
  staffActor({ role, isLead }, app.clock.now(), overrides);
const by = (actor: StaffActor, envelope: object = {}) => ({ actor, envelope: { reason, ...envelope } });
const check = (actor: StaffActor, id: string, items: readonly string[]) => run(app, commands.checkCaller, { id, items }, { actor });
const noteOf = async (userId: string, action: string) => {
  const [row] = await sql.rows<{ note: string | null }>(
    `SELECT v.body::jsonb ->> 'note' AS note FROM audit.action a JOIN audit.value v ON v.row_id = a.id
      WHERE a.action = $1 AND $2 = ANY(a.record_ids) AND a.outcome = 'ok' ORDER BY a.occurred_at DESC, a.id DESC LIMIT 1`,
    [action, userId],
  );
  return row?.note ?? null;
};

describe('the check of a caller', () => {
  it('is recorded once, stands for 15 minutes for the same colleague and person, and goes with each action', async () => {
    const person = await registerPerson(app);
    const { id } = person.actor;
    const agent = staff('support');
    const { until } = await check(agent, id, ['member_id', 'country']);
    expect(until).toEqual(new Date(app.clock.now().getTime() + 900_000));
    expect(await noteOf(id, 'check-caller')).toBe('passed member id, country');
    await run(app, staffCommands.revokeUserSessions, { id }, by(agent));
    expect(await noteOf(id, 'revoke-user-sessions')).toBe('caller checked by member id, country');
    const page = await staffQueries.customerPage(app.deps, id, agent.id);
    expect(page.callerCheck).toEqual({ items: ['member_id', 'country'], until });
    expect((await staffQueries.customerPage(app.deps, id, newId())).callerCheck).toBeNull();
    app.clock.advance(901);
    expect((await staffQueries.customerPage(app.deps, id, agent.id)).callerCheck).toBeNull();
  });

  it('needs two different items, keeps no answer, and is not for those who do not help customers', async () => {
    const { actor } = await registerPerson(app);
    const agent = staff('support');
    expect(await refusalCode(check(agent, actor.id, ['name']))).toBe('too_short');
    expect(await refusalCode(check(agent, actor.id, ['name', 'name']))).toBe('too_short');
    expect(await refusalCode(check(agent, actor.id, ['name', 'shoe_size']))).toBe('invalid_value');
    expect(
      await refusalCode(run(app, commands.checkCaller, { id: actor.id, items: ['name', 'country'], answer: 'x' }, { actor: agent })),
    ).toBe('unknown_field');
    expect(await refusalCode(check(staff('auditor'), actor.id, ['name', 'country']))).toBe('forbidden');
    expect(await refusalCode(check(staff('assistant'), actor.id, ['name', 'country']))).toBe('forbidden');
    expect(await refusalCode(check(agent, newId(), ['name', 'country']))).toBe('not_found');
    expect(await refusalCode(check(staff('support', { id: actor.id }), actor.id, ['name', 'country']))).toBe('forbidden');
  });

  it('is asked of whoever asks two people, and taken over as evidence', async () => {
    const { actor } = await registerPerson(app);
    const agent = staff('support');
    const ticketId = await ticketAbout(app, actor.id);
    const ask = () => run(app, commands.requestContactChange, { id: actor.id, email: freshEmail() }, by(agent, { ticketId }));
    expect(await refusalCode(ask())).toBe('caller_check_required');
    await check(agent, actor.id, ['name', 'recent_device']);
    const { requestId } = await ask();
    const request = await app.deps.database.prisma.approvalRequest.findUniqueOrThrow({ where: { id: requestId } });
    expect(request.evidence).toMatchObject({ passed: ['name', 'recent_device'] });
  });

  it('is kept on the ticket of the call, as items and result', async () => {
    const { actor } = await registerPerson(app);
    const ticketId = await ticketAbout(app, actor.id);
    const agent = staff('support');
    await run(app, commands.checkCaller, { id: actor.id, items: ['name', 'country'] }, { actor: agent, envelope: { ticketId } });
    const { checklist } = await app.deps.database.prisma.ticket.findUniqueOrThrow({ where: { id: ticketId } });
    expect(checklist).toMatchObject([
      { item: 'name', result: 'passed', by: agent.id },
      { item: 'country', result: 'passed' },
    ]);
  });

  it('goes with its person when that one is forgotten, and by itself after a day', async () => {
    const { actor } = await registerPerson(app);
    await check(staff('support'), actor.id, ['name', 'country']);
    app.clock.advance(90_000);
    await run(app, identitySystem.forgetExpired, {}, { actor: { kind: 'system', name: 'forget-expired' } });
    expect(await app.deps.database.prisma.callerCheck.count({ where: { userId: actor.id } })).toBe(0);
  });
});

describe('the ticket that an action names', () => {
  it('exists, is about the person, and is not closed for good', async () => {
    const { actor } = await registerPerson(app);
    const other = await registerPerson(app);
    const reveal = (ticketId: string | undefined) =>
      run(app, staffCommands.revealContact, { id: actor.id, field: 'email' }, by(staff('support'), { ticketId }));
    expect(await refusalCode(reveal(undefined))).toBe('required');
    expect(await refusalCode(reveal(newId()))).toBe('ticket_unknown');
    expect(await refusalCode(reveal('T-999999999'))).toBe('ticket_unknown');
    expect(await refusalCode(reveal(await ticketAbout(app, other.actor.id)))).toBe('ticket_other_person');
    const ticketId = await ticketAbout(app, actor.id);
    const { number } = await app.deps.database.prisma.ticket.findUniqueOrThrow({ where: { id: ticketId } });
    expect(await reveal(number)).toMatchObject({ field: 'email' });
    const [row] = await sql.rows<{ ticket_id: string }>(
      `SELECT ticket_id FROM audit.action WHERE action = 'reveal-contact' AND outcome = 'ok' ORDER BY occurred_at DESC, id DESC LIMIT 1`,
    );
    expect(row?.ticket_id).toBe(ticketId);
    await app.as({ kind: 'system', name: 'test' }, async () => {
      const now = app.clock.now();
      await app.deps.database.prisma.ticket.update({ where: { id: ticketId }, data: { status: 'closed', resolvedAt: now, closedAt: now } });
    });
    expect(await refusalCode(reveal(ticketId))).toBe('ticket_closed');
  });

  it('makes its person an assistant’s own to send a code to, once it is assigned to them', async () => {
    const { actor } = await registerPerson(app);
    const helper = staff('assistant');
    const ticketId = await ticketAbout(app, actor.id);
    const send = () => run(app, staffCommands.sendResetLink, { id: actor.id }, by(helper, { ticketId }));
    expect(await refusalCode(send())).toBe('forbidden');
    await app.as({ kind: 'system', name: 'test' }, async () => {
      await app.deps.database.prisma.ticket.update({ where: { id: ticketId }, data: { assignedTo: helper.id } });
    });
    expect(await send()).toMatchObject({ channel: 'email' });
    const other = await registerPerson(app);
    expect(await refusalCode(run(app, staffCommands.sendResetLink, { id: other.actor.id }, by(helper, { ticketId })))).toBe('forbidden');
  });
});

describe('a closed account', () => {
  const close = (id: string, secondsAgo = 0) =>
    app.as({ kind: 'system', name: 'test' }, async () => {
      const at = new Date(app.clock.now().getTime() - secondsAgo * 1000);
      await app.deps.database.prisma.user.update({ where: { id }, data: { status: 'closed', statusChangedAt: at } });
    });
  const reopen = (id: string, actor = staff('admin')) => run(app, commands.reopenAccount, { id }, by(actor));

  it('opens again within 30 days, by an admin, and not otherwise', async () => {
    const { actor } = await registerPerson(app);
    expect(await refusalCode(reopen(actor.id))).toBe('transition_not_allowed');
    await close(actor.id);
    expect(await refusalCode(reopen(actor.id, staff('support', {}, true)))).toBe('forbidden');
    expect(await reopen(actor.id)).toEqual({ status: 'active' });
    await close(actor.id, 31 * 86_400);
    expect(await refusalCode(reopen(actor.id))).toBe('transition_not_allowed');
  });
});

describe('a person nobody verified', () => {
  it('is verified by hand by a lead, once', async () => {
    const input = { email: freshEmail(), password, firstName: 'Uju', lastName: 'Ani' };
    const { userId } = await run(app, identitySystem.registerVerified, input, { actor: { kind: 'system', name: 'seed' } });
    const ticketId = await ticketAbout(app, userId);
    const verify = (actor: StaffActor) => run(app, staffCommands.verifyUserIdentifier, { id: userId }, by(actor, { ticketId }));
    const lead = staff('support', {}, true);
    expect(await refusalCode(verify(lead))).toBe('transition_not_allowed');
    await app.as({ kind: 'system', name: 'test' }, async () => {
      await app.deps.database.prisma.user.update({ where: { id: userId }, data: { identifierVerifiedAt: null, verifiedHow: null } });
    });
    expect(await refusalCode(verify(staff('support')))).toBe('forbidden');
    const results = await Promise.allSettled(Array.from({ length: 8 }, () => verify(lead)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await app.deps.database.prisma.user.findUniqueOrThrow({ where: { id: userId } })).toMatchObject({ verifiedHow: 'manual' });
  });
});
