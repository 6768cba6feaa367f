import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { systemCommands as identitySystem } from '../../src/modules/identity/index.ts';
import { systemCommands } from '../../src/modules/support/index.ts';
import { dashboard, pages, resources } from '../../src/resources/index.ts';
import type { AdminClient, Answer } from '../admin/support/admin-client.ts';
import { actionsOf, type BackOffice, type Person, startBackOffice } from '../admin/support/back-office.ts';

let office: BackOffice;
let support: Seat;
let other: Seat;
let lead: Seat;
let admin: Seat;

type Seat = { person: Person; client: AdminClient };

beforeAll(async () => {
  office = await startBackOffice({ resources, pages, dashboard });
  support = await seat('support');
  other = await seat('support');
  lead = await seat('support', true);
  admin = await seat('admin');
}, 180_000);
afterAll(() => office?.stop());

async function seat(role: Parameters<BackOffice['addStaff']>[0], isLead = false): Promise<Seat> {
  const person = await office.addStaff(role, { isLead, hasTotp: true });
  return { person, client: await office.signedIn(person) };
}

const system = { kind: 'system', name: 'seed' } as const;

/** A factor given now: what takes two people asks for one of the last five minutes. */
const proveAgain = ({ person, client }: Seat) => client.postJson('/admin/step-up', { code: office.codeFor(person) });

const base = '/admin/api/resources/ApprovalRequest';
const reason = { code: 'customer_request', text: 'Called, passed two checks' };

async function customerWithFactor(): Promise<{ userId: string; ticketId: string }> {
  const userId = await office.addCustomer('Chioma', 'Eze');
  const ticketId = newId();
  await office.app.as(system, async () => {
    await runCommand(office.app.deps, identitySystem.enrolTotpFor, { input: { userId } });
    const ticket = { id: ticketId, category: 'account_access', priority: 'high', title: 'Lost the phone', subjectUserId: userId };
    await runCommand(office.app.deps, systemCommands.openTicketCommand, { input: ticket });
  });
  return { userId, ticketId };
}

/** Asked for on the customer's page. */
async function requested(by: Seat = support): Promise<{ id: string; userId: string }> {
  const { userId, ticketId } = await customerWithFactor();
  await proveAgain(by);
  const answer = await by.client.postJson(`/admin/api/resources/User/records/${userId}/requestMfaReset`, {
    ...{
      idempotencyKey: randomUUID(),
      reason,
      ticketId,
      input: { firstCheck: 'name', secondCheck: 'country', checks: ['name', 'country'] },
    },
  });
  expect(answer.status, answer.text).toBe(200);
  const row = await office.app.deps.database.prisma.approvalRequest.findFirstOrThrow({ where: { subjectUserId: userId } });
  return { id: row.id, userId };
}

const act = ({ client }: Seat, id: string, action: string, more: object = {}): Promise<Answer> =>
  client.postJson(`${base}/records/${id}/${action}`, { idempotencyKey: randomUUID(), reason, ...more });

type Shown = { actions: { name: string; refusal: string | null }[]; version: number; extra: Record<string, unknown> };

async function shown({ client }: Seat, id: string): Promise<Shown> {
  const answer = await client.get(`${base}/records/${id}/show`);
  expect(answer.status, answer.text).toBe(200);
  return answer.json as Shown;
}

const refusalOf = (answer: Shown, name: string) => answer.actions.find((action) => action.name === name)?.refusal;

const listed = async ({ client }: Seat, query: string) => {
  const answer = await client.get(`${base}/actions/list?${query}`);
  expect(answer.status, answer.text).toBe(200);
  return (answer.json.records as { id: string }[]).map(({ id }) => id);
};

describe('the approvals inbox', { timeout: 120_000 }, () => {
  test('the requester keeps the button, disabled with its sentence, and a direct POST is four_eyes in one denied row', async () => {
    const { id } = await requested();
    const page = await shown(support, id);
    expect(refusalOf(page, 'approve')).toBe('You opened this request; someone else must approve it.');
    expect(refusalOf(page, 'deny')).toBe('You opened this request; someone else must approve it.');
    expect(refusalOf(page, 'cancel')).toBeNull();
    const before = await actionsOf(office, support.person.userId);
    const answer = await act(support, id, 'approve');
    expect([answer.status, answer.json.code]).toEqual([403, 'four_eyes']);
    const added = (await actionsOf(office, support.person.userId)).slice(before.length);
    expect(added).toMatchObject([{ outcome: 'denied', resource: 'approval_request', action: 'approve-request', error_code: 'four_eyes' }]);
    expect((await shown(support, id)).version).toBe(1);
    // A look before the leap is refused and recorded alike.
    expect((await act(support, id, 'approve', { dryRun: true })).json.code).toBe('four_eyes');
    const refused = (await actionsOf(office, support.person.userId)).slice(before.length).filter(({ outcome }) => outcome === 'denied');
    expect(refused.map(({ error_code }) => error_code)).toEqual(['four_eyes', 'four_eyes']);
    // A second session of the same person is the same person.
    const twin = { person: support.person, client: await office.signedIn(support.person) };
    expect((await act(twin, id, 'approve')).json.code).toBe('four_eyes');
  });

  test('somebody junior reads who could; who may not read gets nothing', async () => {
    const { id } = await requested(lead);
    expect((await act(other, id, 'approve')).status).toBe(404);
    const page = await shown(admin, id);
    expect(refusalOf(page, 'approve')).toBeNull();
    const auditor = await seat('auditor');
    expect(refusalOf(await shown(auditor, id), 'approve')).toBe('Needs an admin.');
    expect((await act(auditor, id, 'approve')).status).toBe(403);
    for (const role of ['assistant', 'reviewer', 'moderator', 'enhancer'] as const) {
      const seated = await seat(role);
      expect([role, (await seated.client.get(`${base}/actions/list`)).status]).toEqual([role, 403]);
      expect([role, (await act(seated, id, 'approve')).status]).toEqual([role, 403]);
    }
    const finance = await seat('finance');
    expect(await listed(finance, '')).toEqual([]);
    expect((await act(finance, id, 'approve')).status).toBe(404);
  });

  test('each tab holds what belongs there, and the side bar counts what waits', async () => {
    const { id } = await requested();
    expect(await listed(lead, 'filters.inbox=to_decide')).toContain(id);
    expect(await listed(lead, 'filters.inbox=mine')).not.toContain(id);
    expect(await listed(support, 'filters.inbox=mine')).toContain(id);
    expect(await listed(other, 'sortBy=createdAt')).not.toContain(id);
    expect(await listed(lead, 'filters.inbox=decided')).not.toContain(id);
    expect((await lead.client.get(`${base}/actions/list?filters.inbox=nonsense`)).status).toBe(400);
    const counts = await lead.client.get('/admin/api/waiting');
    expect(counts.json.ApprovalRequest).toBe((await listed(lead, 'filters.inbox=to_decide')).length);
    await proveAgain(lead);
    expect((await act(lead, id, 'deny')).status).toBe(200);
    expect(await listed(lead, 'filters.inbox=to_decide')).not.toContain(id);
    expect(await listed(lead, 'filters.inbox=decided')).toContain(id);
    expect(refusalOf(await shown(lead, id), 'approve')).toBe('Waiting requests only: this one is denied.');
  });

  test('a lead approves with a fresh factor and a reason; the form says what it does and keeps the ticket', async () => {
    const { id, userId } = await requested();
    office.app.clock.advance(400);
    expect((await act(lead, id, 'approve')).json.code).toBe('step_up_required');
    await proveAgain(lead);
    expect((await act(lead, id, 'approve', { reason: undefined })).status).toBe(422);
    const preview = await act(lead, id, 'approve', { dryRun: true });
    expect(preview.json.effects).toEqual([
      'Removes the authenticator and 10 recovery codes.',
      'Ends the trust of all devices.',
      'Holds payouts for 24 hours.',
      expect.stringMatching(/^Sends an email to c•••@/),
    ]);
    const { extra } = await shown(lead, id);
    expect(extra).toMatchObject({ passed: ['name', 'country'], subject: { id: userId, name: 'Chioma Eze' }, isChanged: false });
    expect(extra).toMatchObject({ ticket: { title: 'Lost the phone' }, requester: { isYou: false, isSubject: false } });
    expect(JSON.stringify(extra)).not.toContain('@shop.example.com');
    const idempotencyKey = randomUUID();
    const first = await act(lead, id, 'approve', { idempotencyKey, expectedVersion: 1 });
    expect([first.status, first.json.message]).toEqual([200, expect.stringContaining('Approved.')]);
    const again = await act(lead, id, 'approve', { idempotencyKey, expectedVersion: 1 });
    expect([again.status, (again.json.receipt as { actionId: string }).actionId]).toEqual([
      200,
      (first.json.receipt as { actionId: string }).actionId,
    ]);
    const stale = await act(admin, id, 'deny', { expectedVersion: 1 });
    expect([403, 409]).toContain(stale.status);
  });

  test('a stale version is 409 with the request as it is now', async () => {
    const { id } = await requested();
    await proveAgain(lead);
    const stale = await act(lead, id, 'approve', { expectedVersion: 9 });
    expect([stale.status, stale.json.code, stale.json.currentVersion]).toEqual([409, 'version_conflict', 1]);
    expect(stale.json.current).toMatchObject({ status: 'requested' });
  });

  test("taking back asks no reason and no factor, and is the requester's alone", async () => {
    const { id } = await requested();
    const cancel = (await shown(support, id)).actions.find(({ name }) => name === 'cancel');
    expect(cancel).toMatchObject({ needs: { reason: false, ticket: false, stepUpMinutes: 0 } });
    expect(refusalOf(await shown(lead, id), 'cancel')).toBe('Only whoever asked can take it back.');
    expect((await act(lead, id, 'cancel')).status).toBe(403);
    office.app.clock.advance(900);
    const answer = await support.client.postJson(`${base}/records/${id}/cancel`, { idempotencyKey: randomUUID() });
    expect([answer.status, answer.json.message]).toEqual([200, 'Taken back. Nothing changes.']);
  });
});

describe('privacy requests over the screens', { timeout: 120_000 }, () => {
  const privacy = '/admin/api/resources/PrivacyRequest';

  test('taken in, verified, approved: each step by its own role, the record page says who did which', async () => {
    const { userId, ticketId } = await customerWithFactor();
    const { memberId } = await office.app.deps.database.prisma.user.findUniqueOrThrow({
      where: { id: userId },
      select: { memberId: true },
    });
    const post = (by: Seat, path: string, more: object) =>
      by.client.postJson(`${privacy}/${path}`, { idempotencyKey: randomUUID(), ...more });
    const taken = await post(support, 'actions/intake', {
      ticketId,
      input: { memberId, kind: 'object', receivedVia: 'letter', law: 'ndpa', profiling: true },
    });
    expect(taken.status, taken.text).toBe(200);
    const { id } = await office.app.deps.database.prisma.privacyRequest.findFirstOrThrow({ where: { subjectUserId: userId } });
    const waiting = (await support.client.get('/admin/api/waiting')).json.PrivacyRequest;
    expect(waiting).toBeGreaterThan(0);
    const verify = { ticketId, input: { firstCheck: 'name', secondCheck: 'country' } };
    expect((await post(support, `records/${id}/verify`, verify)).status).toBe(200);
    expect((await post(support, `records/${id}/approve`, { reason })).status).toBe(403);
    await proveAgain(lead);
    expect((await post(lead, `records/${id}/approve`, { reason })).status).toBe(200);
    const shownPage = await lead.client.get(`${privacy}/records/${id}/show`);
    expect(shownPage.json).toMatchObject({
      record: { params: { status: 'approved', purposes: ['Profiling'], via: 'Letter' } },
      extra: { people: { receivedBy: expect.any(String), decidedBy: expect.any(String) }, checklist: ['name', 'country'] },
    });
    for (const tab of ['open', 'due_soon', 'done'])
      expect((await lead.client.get(`${privacy}/actions/list?filters.work=${tab}`)).status).toBe(200);
    expect((await lead.client.get(`${privacy}/actions/list?filters.work=never`)).status).toBe(400);
    const moderator = await seat('moderator');
    expect((await moderator.client.get(`${privacy}/actions/list`)).status).toBe(403);
  });
});
