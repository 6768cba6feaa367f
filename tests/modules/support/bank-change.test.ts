import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readFieldTimeline } from '../../../src/audit/index.ts';
import { defineCommand } from '../../../src/foundation/command/command.ts';
import { previewCommand } from '../../../src/foundation/command/run-command.ts';
import type { StaffActor } from '../../../src/foundation/runtime/actor.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { queries, setKycSent, staffCommands } from '../../../src/modules/identity/index.ts';
import { bankRequests, customerCommands, decisions } from '../../../src/modules/support/index.ts';
import { system } from '../../audit/support/staff.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { arrange, refusal, refusalCode, registerPerson, run } from '../identity/people.ts';
import { eventsOf, nuban, type Store, storeIn } from '../identity/vendors.ts';
import { approvalRow, askedAbout, decide, execute, expire, fresh, proved, staffOf, why } from './two-people.ts';

let app: TestApp;
let finance: StaffActor;
let colleague: StaffActor;
beforeAll(async () => {
  app = await startTestApp({ RATE_LIMIT_SCALE: '1000' });
  finance = await staffOf(app, 'finance');
  colleague = await staffOf(app, 'finance');
});
afterAll(() => app.stop());

const details = (bankCode = '058') => ({ bankCode, accountNumber: nuban(bankCode), accountName: 'NGOZI BELLO' });
const name = (store: Store, given = details()) => run(app, customerCommands.addOwnBankAccount, given, { actor: proved(app, store.owner) });
const accounts = (store: Store) =>
  app.deps.database.prisma.vendorBankAccount.findMany({ where: { vendorId: store.id }, orderBy: { id: 'asc' } });
const account = (id: string) => app.deps.database.prisma.vendorBankAccount.findUniqueOrThrow({ where: { id } });
const ask = (verb: keyof typeof bankRequests, id: string, actor = finance, more: object = {}) =>
  run(app, bankRequests[verb], { id, ...more }, { actor: fresh(app, actor), envelope: { reason: why } });
const told = async (store: Store) => (await eventsOf(app, store.id)).map(({ name: event }) => event.replace('identity.bank_account.', ''));

/** A verified account, named by the owner and approved by finance. */
async function verified(store: Store, given = details()): Promise<string> {
  const { requestId } = await name(store, given);
  const { subjectId } = await approvalRow(app, requestId);
  await decide(app, { id: requestId, verb: 'approve', actor: finance });
  expect(await execute(app, requestId)).toBeNull();
  return subjectId;
}

describe('the owner names a payout account', () => {
  it('which waits until finance approves it; the first one becomes the default', async () => {
    const store = await storeIn(app, 'approved');
    const given = details();
    const { requestId, status } = await name(store, given);
    expect(status).toBe('requested');
    const [waiting] = await accounts(store);
    expect(waiting).toMatchObject({ status: 'pending', isDefault: false, nameMatched: true, accountLast4: given.accountNumber.slice(-4) });
    const row = await approvalRow(app, requestId);
    expect(row).toMatchObject({ kind: 'bank_change', subjectId: waiting?.id, requestedBy: store.owner.actor.id });
    expect(row.payloadSummary).toBe(`new account Guaranty Trust Bank ••••${given.accountNumber.slice(-4)}`);
    expect(JSON.stringify(row)).not.toContain(given.accountNumber);
    const effects = await app.as(fresh(app, finance), () =>
      previewCommand(app.deps, decisions.approve, { input: { id: requestId }, reason: why }),
    );
    expect(effects.slice(0, 2)).toEqual([
      `Lets payouts go to Guaranty Trust Bank ••••${given.accountNumber.slice(-4)}.`,
      "The account is in the owner's name.",
    ]);
    await decide(app, { id: requestId, verb: 'approve', actor: finance });
    expect(await execute(app, requestId)).toBeNull();
    expect(await account(waiting?.id ?? '')).toMatchObject({
      status: 'verified',
      isDefault: true,
      verifiedBy: finance.id,
      approvedBy: finance.id,
    });
    expect(await told(store)).toEqual(['added', 'verified']);
    const [shown] = (await queries.listBankAccounts(app.deps, store.owner.actor.id, { limit: 25 })).items;
    expect(shown).toMatchObject({ accountName: 'NGOZI BELLO', verificationStatus: 'verified', isDefault: true });
  });

  it.each(['deny', 'expire'] as const)('which fails on %s, and can be named again then', async (end) => {
    const store = await storeIn(app, 'draft');
    const given = details();
    const { requestId } = await name(store, given);
    if (end === 'deny') await decide(app, { id: requestId, verb: 'deny', actor: finance });
    else {
      app.clock.advance(48 * 3600);
      await expire(app);
    }
    expect((await accounts(store)).map(({ status }) => status)).toEqual(['failed']);
    expect(await told(store)).toEqual(['added', 'failed']);
    await name(store, given);
    expect((await accounts(store)).map(({ status }) => status)).toEqual(['removed', 'pending']);
  });

  it('not twice, not more than five, not at a bank or with a number that is none', async () => {
    const store = await storeIn(app, 'approved');
    const first = details();
    await name(store, first);
    expect(await refusalCode(name(store, first))).toBe('bank_account_exists');
    for (let count = 0; count < 4; count += 1) await name(store, details('044'));
    expect(await refusalCode(name(store))).toBe('bank_account_limit');
    const wrong = await refusal(name(store, { ...details(), accountNumber: '0123456789' }));
    expect([wrong.code, wrong.details.errors]).toEqual(['nuban_invalid', [{ path: 'accountNumber', code: 'nuban_invalid' }]]);
    expect((await refusal(name(store, { ...details(), bankCode: '999' }))).details.errors).toEqual([
      { path: 'bankCode', code: 'nuban_invalid' },
    ]);
    expect(await refusalCode(name(await storeIn(app, 'closed')))).toBe('transition_not_allowed');
    const shopper = await registerPerson(app);
    expect(await refusalCode(run(app, customerCommands.addOwnBankAccount, details(), { actor: proved(app, shopper) }))).toBe(
      'role_required',
    );
  });

  it('20 times at the same instant: five accounts, each with one request', async () => {
    const store = await storeIn(app, 'approved');
    const tries = await Promise.allSettled(Array.from({ length: 20 }, () => name(store)));
    expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
    expect(await accounts(store)).toHaveLength(5);
    expect(await app.deps.database.prisma.approvalRequest.count({ where: { subjectUserId: store.owner.actor.id } })).toBe(5);
  });

  it('not without a proof of a moment ago, and not while payouts are held; what was asked before the hold is not carried out', async () => {
    const store = await storeIn(app, 'approved');
    const stale = { ...store.owner.actor, authTime: new Date(app.clock.now().getTime() - 301_000) };
    expect(await refusalCode(run(app, customerCommands.addOwnBankAccount, details(), { actor: stale }))).toBe('reauth_required');
    const { requestId } = await name(store);
    const until = new Date(app.clock.now().getTime() + 86_400_000);
    await arrange(app, (prisma) => prisma.user.update({ where: { id: store.owner.actor.id }, data: { payoutHoldUntil: until } }));
    expect(await refusalCode(name(store))).toBe('account_frozen');
    await decide(app, { id: requestId, verb: 'approve', actor: finance });
    expect(await execute(app, requestId)).toBe('account_frozen');
    expect(await approvalRow(app, requestId)).toMatchObject({ status: 'failed', errorCode: 'account_frozen' });
    expect((await accounts(store)).map(({ status }) => status)).toEqual(['failed']);
  });

  it('and takes it away at once: its request is called off, another one is never made the default by itself', async () => {
    const store = await storeIn(app, 'approved');
    const first = await verified(store);
    const second = await verified(store);
    const { requestId } = await name(store);
    const waiting = (await approvalRow(app, requestId)).subjectId;
    const remove = (id: string, who: Store = store) =>
      run(app, customerCommands.removeOwnBankAccount, { id }, { actor: proved(app, who.owner) });
    expect(await refusalCode(remove(first, await storeIn(app, 'approved')))).toBe('not_found');
    await remove(waiting);
    expect((await approvalRow(app, requestId)).status).toBe('cancelled');
    await remove(first);
    expect(await account(first)).toMatchObject({ status: 'removed', isDefault: false });
    expect(await account(second)).toMatchObject({ status: 'verified', isDefault: false });
    expect(await refusalCode(remove(first))).toBe('not_found');
    expect((await queries.listBankAccounts(app.deps, store.owner.actor.id, { limit: 25 })).items.map(({ id }) => id)).toEqual([second]);
  });
});

describe('whose name an account is in', () => {
  it('is compared with the profile when it is named, and with the legal name once that is stated', async () => {
    const store = await storeIn(app, 'draft');
    await name(store, { ...details(), accountName: 'NGOZI ADA BELLO' });
    await name(store, { ...details(), accountName: 'Ada Obi' });
    const matched = async () => (await accounts(store)).map(({ nameMatched, version }) => [nameMatched, version]);
    expect(await matched()).toEqual([
      [true, 1],
      [false, 1],
    ]);
    const state = defineCommand<{ legalName: string }, null>({
      ...{ name: 'state-name', resource: 'vendor', access: 'system', input: z.object({ legalName: z.string() }) },
      run: async (scope, { legalName }) => setKycSent(scope, store.id, legalName).then(() => null),
    });
    await run(app, state, { legalName: 'Ada Obi' }, { actor: system });
    expect(await matched()).toEqual([
      [false, 1],
      [true, 1],
    ]);
  });
});

describe('S11: finance changes a payout account', () => {
  it('never alone, whatever the account; with a second one it is replaced in place and the history shows both ends', async () => {
    const store = await storeIn(app, 'approved');
    const id = await verified(store);
    const before = await account(id);
    const given = details('044');
    const { approvalId } = await ask('change', id, finance, given);
    expect(await account(id)).toEqual(before);
    expect(await refusalCode(decide(app, { id: approvalId, verb: 'approve', actor: finance }))).toBe('four_eyes');
    for (const role of ['support', 'reviewer', 'admin', 'auditor'] as const) {
      expect(await refusalCode(decide(app, { id: approvalId, verb: 'approve', actor: await staffOf(app, role) })), role).toBe('forbidden');
      expect(await refusalCode(ask('verify', id, await staffOf(app, role))), role).toBe('forbidden');
    }
    expect(await refusalCode(ask('remove', id, colleague))).toBe('approval_open');
    await decide(app, { id: approvalId, verb: 'approve', actor: colleague });
    expect(await execute(app, approvalId)).toBeNull();
    expect(await account(id)).toMatchObject({
      bankName: 'Access Bank',
      accountLast4: given.accountNumber.slice(-4),
      status: 'verified',
      isDefault: true,
      verifiedBy: colleague.id,
    });
    expect(await execute(app, approvalId)).toBe('transition_not_allowed');
    expect((await told(store)).at(-1)).toBe('changed');
    const { steps } = await readFieldTimeline(app.deps, {
      table: 'identity.vendor_bank_account',
      recordId: id,
      field: 'account_last4',
      limit: 1,
    });
    expect(steps[0]).toMatchObject({
      action: 'change-bank-account',
      change: { before: { kind: 'plain', value: before.accountLast4 }, after: { kind: 'plain', value: given.accountNumber.slice(-4) } },
    });
  });

  it('sets the default, verifies what failed and removes, each from its own states only', async () => {
    const store = await storeIn(app, 'approved');
    const first = await verified(store);
    const second = await verified(store);
    const carried = async (verb: keyof typeof bankRequests, id: string) => {
      const { approvalId } = await ask(verb, id);
      await decide(app, { id: approvalId, verb: 'approve', actor: colleague });
      return execute(app, approvalId);
    };
    expect(await refusalCode(ask('setDefault', first))).toBe('transition_not_allowed');
    expect(await refusalCode(ask('verify', first))).toBe('transition_not_allowed');
    expect(await carried('setDefault', second)).toBeNull();
    expect((await accounts(store)).map(({ isDefault }) => isDefault)).toEqual([false, true]);
    expect(await carried('remove', second)).toBeNull();
    expect(await account(second)).toMatchObject({ status: 'removed', isDefault: false, approvedBy: colleague.id });
    expect(await refusalCode(ask('remove', second))).toBe('not_found');
    expect(await refusalCode(ask('verify', newId()))).toBe('not_found');
    const { requestId } = await name(store);
    const failed = (await approvalRow(app, requestId)).subjectId;
    await decide(app, { id: requestId, verb: 'deny', actor: finance });
    expect(await carried('verify', failed)).toBeNull();
    expect(await account(failed)).toMatchObject({ status: 'verified' });
    expect(await told(store)).toEqual(['added', 'verified', 'added', 'verified', 'changed', 'removed', 'added', 'failed', 'verified']);
  });

  it('not what changed meanwhile: the account, its state or the owner', async () => {
    const store = await storeIn(app, 'approved');
    const id = await verified(store);
    const changed = await ask('change', id, finance, details());
    await arrange(app, (prisma) => prisma.vendorBankAccount.update({ where: { id }, data: { version: { increment: 1 } } }));
    const effects = await app.as(fresh(app, colleague), () =>
      previewCommand(app.deps, decisions.approve, { input: { id: changed.approvalId }, reason: why }),
    );
    expect(effects[0]).toContain('The account changed since it was asked');
    await decide(app, { id: changed.approvalId, verb: 'approve', actor: colleague });
    expect(await execute(app, changed.approvalId)).toBe('subject_changed');
    const removal = await ask('remove', id);
    await run(app, customerCommands.removeOwnBankAccount, { id }, { actor: proved(app, store.owner) });
    expect((await approvalRow(app, removal.approvalId)).status).toBe('cancelled');
    const other = await verified(store);
    const suspended = await ask('remove', other);
    await arrange(app, (prisma) => prisma.user.update({ where: { id: store.owner.actor.id }, data: { status: 'suspended' } }));
    await decide(app, { id: suspended.approvalId, verb: 'approve', actor: colleague });
    expect(await execute(app, suspended.approvalId)).toBe('subject_changed');
    expect(await account(other)).toMatchObject({ status: 'verified' });
  });

  it('approved 20 times at the same instant it is carried out once', async () => {
    const store = await storeIn(app, 'approved');
    const id = await verified(store);
    const { approvalId } = await ask('change', id, finance, details());
    const deciders = await Promise.all(Array.from({ length: 20 }, () => staffOf(app, 'finance')));
    const decidedAll = await Promise.allSettled(deciders.map((actor) => decide(app, { id: approvalId, verb: 'approve', actor })));
    expect(decidedAll.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const carried = await Promise.all(Array.from({ length: 5 }, () => execute(app, approvalId)));
    expect(carried.filter((code) => code === null)).toHaveLength(1);
    expect((await told(store)).filter((event) => event === 'changed')).toHaveLength(1);
  });
});

describe('the number in clear', () => {
  it('is for finance, with reason, ticket and one of the reveals of the day, and is written nowhere', async () => {
    const store = await storeIn(app, 'approved');
    const given = details();
    const id = await verified(store, given);
    const reveal = async (actor: StaffActor, field = 'account_number') =>
      run(
        app,
        staffCommands.revealBankNumber,
        { id, field },
        { actor: fresh(app, actor), envelope: await askedAbout(app, store.owner.actor.id) },
      );
    expect(await reveal(finance)).toMatchObject({ value: given.accountNumber, quotaLeft: 29, shownSeconds: 60 });
    expect(await reveal(finance, 'account_name')).toMatchObject({ value: 'NGOZI BELLO', quotaLeft: 28 });
    for (const role of ['support', 'reviewer', 'moderator', 'admin'] as const) {
      expect(await refusalCode(reveal(await staffOf(app, role))), role).toBe('forbidden');
    }
    const seen = await app.deps.database.prisma.outboxEvent.findMany({ where: { name: 'identity.pii.revealed' } });
    expect(JSON.stringify(seen)).not.toContain(given.accountNumber);
  });
});
