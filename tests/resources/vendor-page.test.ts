import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customerCommands, systemCommands } from '../../src/modules/support/index.ts';
import { openTicketCommand } from '../../src/modules/support/open-ticket.ts';
import type { AdminClient } from '../admin/support/admin-client.ts';
import type { BackOffice, Person } from '../admin/support/back-office.ts';
import { startWholeOffice } from '../admin/support/whole-office.ts';
import { system } from '../audit/support/staff.ts';
import { run } from '../modules/identity/people.ts';
import { eventsOf, nuban, type Store, storeIn, vendorRow } from '../modules/identity/vendors.ts';

let office: BackOffice;
let finance: Person;
beforeAll(async () => {
  office = await startWholeOffice({ RATE_LIMIT_SCALE: '1000' });
  finance = await office.addStaff('finance', { hasTotp: true });
}, 180_000);
afterAll(() => office?.stop());

const api = '/admin/api/resources';
const reason = { code: 'policy', text: 'Seen in a spot check of the shop' };
const act = (client: AdminClient, path: string, more: object = {}) =>
  client.postJson(`${api}/${path}`, { idempotencyKey: randomUUID(), reason, ...more });
const show = async (client: AdminClient, path: string) => (await client.get(`${api}/${path}/show`)).json;
type Shown = {
  extra: Record<string, unknown>;
  actions: { name: string; refusal: string | null }[];
  record: { params: Record<string, unknown> };
};
const shownAs = (json: Record<string, unknown>): Shown => json as Shown;
const namesOf = (shown: Shown) => shown.actions.map(({ name }) => name);

async function accountOf(store: Store): Promise<{ id: string; requestId: string; number: string }> {
  const details = { bankCode: '058', accountNumber: nuban(), accountName: 'Ngozi Bello' };
  const actor = { ...store.owner.actor, authTime: office.app.clock.now() };
  const { requestId } = await run(office.app, customerCommands.addOwnBankAccount, details, { actor });
  const { subjectId } = await office.app.deps.database.prisma.approvalRequest.findUniqueOrThrow({ where: { id: requestId } });
  return { id: subjectId, requestId, number: details.accountNumber };
}

const carryOut = (approvalId: string) =>
  run(office.app, systemCommands.executors.bank_change, { approvalId }, { actor: system }).catch(() => null);

describe('S11 over the routes of the back office', () => {
  it('one member of finance alone is refused by every route; with a second one it is carried out', { timeout: 60_000 }, async () => {
    const store = await storeIn(office.app, 'approved');
    const { id, requestId } = await accountOf(store);
    const first = await office.signedIn(finance);
    const second = await office.signedIn(await office.addStaff('finance', { hasTotp: true }));
    await act(first, `ApprovalRequest/records/${requestId}/approve`);
    await carryOut(requestId);
    const change = { input: { bankCode: '044', accountNumber: nuban('044'), accountName: 'Ngozi Bello' } };
    const asked = await act(first, `BankAccount/records/${id}/change`, change);
    expect(asked.status, asked.text).toBe(200);
    const row = async () => office.app.deps.database.prisma.vendorBankAccount.findUniqueOrThrow({ where: { id } });
    const before = await row();
    const open = await office.app.deps.database.prisma.approvalRequest.findFirstOrThrow({ where: { subjectId: id, status: 'requested' } });
    const own = await act(first, `ApprovalRequest/records/${open.id}/approve`);
    expect([own.status, own.json.code]).toEqual([403, 'four_eyes']);
    for (const verb of ['verify', 'setDefault', 'remove', 'change']) {
      const again = await act(first, `BankAccount/records/${id}/${verb}`, verb === 'change' ? change : {});
      expect([verb, again.status], again.text).toEqual([verb, 409]);
      expect((await first.get(`${api}/BankAccount/records/${id}/${verb}`)).status).toBe(405);
    }
    expect((await act(first, `BankAccount/records/${id}/edit`)).status).toBe(404);
    expect(await row()).toEqual(before);
    expect(shownAs(await show(first, `BankAccount/records/${id}`)).extra.openRequest).toBe(open.id);
    expect((await act(second, `ApprovalRequest/records/${open.id}/approve`)).status).toBe(200);
    await carryOut(open.id);
    expect(await row()).toMatchObject({ bankName: 'Access Bank', status: 'verified', accountLast4: change.input.accountNumber.slice(-4) });
    expect((await eventsOf(office.app, store.id)).at(-1)?.name).toBe('identity.bank_account.changed');
  });

  it('lists show the end of a number only; the number itself is revealed with a ticket', async () => {
    const store = await storeIn(office.app, 'approved');
    const { id, number } = await accountOf(store);
    const client = await office.signedIn(finance);
    for (const path of ['actions/list', `records/${id}/show`]) {
      const answer = await client.get(`${api}/BankAccount/${path}`);
      expect(answer.status).toBe(200);
      expect(answer.text).toContain(number.slice(-4));
      expect(answer.text).not.toContain(number);
      expect(answer.text).not.toContain('Ngozi Bello');
    }
    const ticketId = randomUUID();
    const ticket = {
      id: ticketId,
      category: 'payment_issue',
      priority: 'low',
      title: 'Which account',
      subjectUserId: store.owner.actor.id,
    };
    await run(office.app, openTicketCommand, ticket, { actor: system });
    const bare = await act(client, `BankAccount/records/${id}/reveal`);
    expect(bare.status).toBe(422);
    const revealed = await act(client, `BankAccount/records/${id}/reveal`, { ticketId });
    expect(revealed.status, revealed.text).toBe(200);
    expect(revealed.json.shown).toMatchObject({ value: number, quotaLeft: 29 });
  });
});

describe('the page of a store', () => {
  it('has the parts that the role may see, and nothing in clear', async () => {
    const store = await storeIn(office.app, 'approved');
    await accountOf(store);
    const lead = await office.signedIn(await office.addStaff('reviewer', { isLead: true, hasTotp: true }));
    const shown = shownAs(await show(lead, `Vendor/records/${store.id}`));
    expect(shown.extra).toMatchObject({
      setup: { percent: 40 },
      bankAccounts: [{ bankName: 'Guaranty Trust Bank', status: 'pending' }],
      kyc: { status: 'draft', documents: [] },
      products: [],
      signals: [],
      payoutHeldUntil: null,
    });
    expect(shown.extra.statusHistory).toMatchObject([
      { from: 'draft', to: 'approved' },
      { from: null, to: 'draft', by: 'the owner' },
    ]);
    expect(JSON.stringify(shown)).not.toContain(store.owner.email);
    expect(namesOf(shown)).toEqual(['setFeatured', 'suspend', 'undoSuspension', 'reactivate']);
    const assistant = await office.signedIn(await office.addStaff('assistant', { hasTotp: true }));
    const less = shownAs(await show(assistant, `Vendor/records/${store.id}`));
    expect(less.extra).toMatchObject({ bankAccounts: null, kyc: null, statusHistory: null, tickets: null });
    expect(namesOf(less)).toEqual([]);
    const money = shownAs(await show(await office.signedIn(finance), `Vendor/records/${store.id}`));
    expect(namesOf(money)).toEqual(['setTier', 'setCommission', 'setPayoutHold', 'clearPayoutHold']);
  });

  it('suspends with a receipt that takes it back once', async () => {
    const store = await storeIn(office.app, 'approved');
    const lead = await office.signedIn(await office.addStaff('reviewer', { isLead: true, hasTotp: true }));
    const base = `Vendor/records/${store.id}`;
    const dry = await act(lead, `${base}/suspend`, { dryRun: true });
    expect(JSON.stringify(dry.json)).toContain('No product of it is live.');
    expect((await vendorRow(office.app, store.id)).status).toBe('approved');
    const done = await act(lead, `${base}/suspend`);
    expect(done.status, done.text).toBe(200);
    const { receipt } = done.json as { receipt: { undo: { action: string; expectedVersion: number }; undoUntil: string } };
    expect(receipt.undo).toMatchObject({ action: 'undoSuspension' });
    const shown = shownAs(await show(lead, base));
    const refusals = Object.fromEntries(shown.actions.map(({ name, refusal }) => [name, refusal]));
    expect(refusals).toMatchObject({
      undoSuspension: null,
      reactivate: 'You suspended this store; someone else must reactivate it.',
      suspend: 'Approved stores only: this one is suspended.',
    });
    const four = await act(lead, `${base}/reactivate`);
    expect([four.status, four.json.code]).toEqual([403, 'four_eyes']);
    const back = await act(lead, `${base}/undoSuspension`, {
      reason: { code: 'error_correction', text: 'It was another store' },
      expectedVersion: receipt.undo.expectedVersion,
    });
    expect(back.status, back.text).toBe(200);
    expect((await vendorRow(office.app, store.id)).status).toBe('approved');
  });

  it('refuses a commission that is no basis points', async () => {
    const store = await storeIn(office.app, 'approved');
    const client = await office.signedIn(finance);
    for (const commissionBps of ['0.1', '5001', '-5', '']) {
      const answer = await act(client, `Vendor/records/${store.id}/setCommission`, { input: { commissionBps }, expectedVersion: 1 });
      expect([answer.status, answer.json.code], commissionBps).toEqual([422, 'commission_invalid']);
    }
    const { version } = await vendorRow(office.app, store.id);
    const done = await act(client, `Vendor/records/${store.id}/setCommission`, {
      input: { commissionBps: '250' },
      expectedVersion: version,
    });
    expect(done.status, done.text).toBe(200);
    expect((await vendorRow(office.app, store.id)).commissionBps).toBe(250);
  });
});
