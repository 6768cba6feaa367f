import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { vendorFacts, vendorForReview, vendorStates } from '../../../src/modules/identity/index.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { arrange, refusal, refusalCode } from './people.ts';
import { eventsOf, setVendor, step, storeIn, vendorRow } from './vendors.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ RATE_LIMIT_SCALE: '1000' });
});
afterAll(() => app.stop());

const reviewer = newId();
const lead = newId();
const steps = Object.keys(vendorStates.steps) as (keyof typeof vendorStates.steps)[];

describe('product.md 4.2: every step from every state', () => {
  it.each(steps)('%s goes where the table says, and nowhere from any other state', async (name) => {
    const { from, to, event } = vendorStates.steps[name];
    for (const status of vendorStates.statuses) {
      const { id } = await storeIn(app, status);
      const before = await vendorRow(app, id);
      const move = { vendorId: id, step: name, by: reviewer, code: 'policy', text: 'Words for the owner to read' };
      const told = async () => (await eventsOf(app, id)).map((each) => each.name);
      if (from.includes(status)) {
        expect(await step(app, move), `${name} from ${status}`).toMatchObject({ status: to });
        expect(await told()).toEqual(event === null ? [] : [event]);
      } else {
        expect(await refusalCode(step(app, move)), `${name} from ${status}`).toBe('transition_not_allowed');
        expect(await vendorRow(app, id)).toEqual(before);
        expect(await told()).toEqual([]);
      }
    }
  });

  it('claiming and releasing leave the version, every other step makes a new one', async () => {
    const { id } = await storeIn(app, 'submitted');
    const { version } = await vendorRow(app, id);
    await step(app, { vendorId: id, step: 'claim', by: reviewer });
    await step(app, { vendorId: id, step: 'release', by: null });
    expect(await step(app, { vendorId: id, step: 'claim', by: reviewer })).toEqual({ status: 'in_review', version });
    const decided = await step(app, { vendorId: id, step: 'reject', version, by: reviewer, code: 'quality', text: 'Nothing is described' });
    expect(decided).toEqual({ status: 'rejected', version: version + 1 });
  });
});

describe('what the steps ask and write', () => {
  it('an approval needs KYC and 1 to 15 collections, names both people and verifies the store', async () => {
    const { id } = await storeIn(app, 'in_review', { collections: [] });
    await arrange(app, (prisma) => prisma.vendorSetup.updateMany({ where: { vendorId: id }, data: { kycDoneAt: null } }));
    const approve = { vendorId: id, step: 'approve', by: reviewer, secondBy: lead, caseId: newId() } as const;
    const lacking = await refusal(step(app, approve));
    expect([lacking.code, lacking.details.errors]).toEqual([
      'vendor_incomplete',
      [
        { path: 'kyc', code: 'required' },
        { path: 'collections', code: 'required' },
      ],
    ]);
    await arrange(app, (prisma) => prisma.vendorSetup.updateMany({ where: { vendorId: id }, data: { kycDoneAt: app.clock.now() } }));
    await setVendor(app, id, {
      collections: ['bridal'],
      decisionReason: 'Of an earlier round',
      decisionNotes: [{ field: 'logo', note: 'Old' }],
    });
    expect(await refusalCode(step(app, { ...approve, secondBy: reviewer }))).toBe('four_eyes');
    await step(app, approve);
    expect(await vendorRow(app, id)).toMatchObject({
      status: 'approved',
      reviewedBy: reviewer,
      secondReviewedBy: lead,
      verifiedAt: app.clock.now(),
      reviewedAt: app.clock.now(),
      decisionReason: null,
      decisionNotes: [],
    });
    const [told] = await eventsOf(app, id);
    expect(told).toMatchObject({ name: 'identity.vendor.approved', payload: { vendorId: id, caseId: approve.caseId, code: 'approve' } });
    expect(JSON.stringify(told)).not.toContain('@');
  });

  it('a store that changed since it was looked at is not decided on', async () => {
    const { id } = await storeIn(app, 'in_review');
    const { version } = await vendorRow(app, id);
    const stale = await refusal(step(app, { vendorId: id, step: 'approve', version: version - 1, by: reviewer }));
    expect([stale.code, stale.details.extra]).toEqual(['subject_changed', { expectedVersion: version - 1, currentVersion: version }]);
    expect((await vendorRow(app, id)).status).toBe('in_review');
  });

  it('20 decisions on one store at the same instant are one', async () => {
    const { id } = await storeIn(app, 'in_review');
    const tries = Array.from({ length: 20 }, (_, place) =>
      step(app, {
        vendorId: id,
        step: place % 2 === 0 ? 'approve' : 'reject',
        by: reviewer,
        code: 'quality',
        text: 'Nothing is described',
      }).then(
        ({ status }) => status,
        () => null,
      ),
    );
    expect((await Promise.all(tries)).filter(Boolean)).toHaveLength(1);
    expect(await eventsOf(app, id)).toHaveLength(1);
  });

  it('notes on fields stay for the owner until the store is sent again; a rejection stays known for good', async () => {
    const { id } = await storeIn(app, 'in_review');
    const notes = [{ field: 'description', note: 'Say what you sew' }];
    await step(app, { vendorId: id, step: 'request_changes', by: reviewer, text: 'Almost there', notes });
    expect(await vendorRow(app, id)).toMatchObject({ decisionNotes: notes, decisionReason: 'Almost there', rejectedAt: null });
    await step(app, { vendorId: id, step: 'submit', by: null });
    expect((await vendorRow(app, id)).decisionNotes).toEqual([]);
    await step(app, { vendorId: id, step: 'claim', by: reviewer });
    await step(app, { vendorId: id, step: 'reject', by: reviewer, code: 'duplicate', text: 'The same store is here twice' });
    await step(app, { vendorId: id, step: 'accept_appeal', by: lead, code: 'other' });
    const facts = (await vendorFacts(app.deps.database.prisma, [id, newId()])).get(id);
    expect(facts).toMatchObject({ status: 'submitted', wasRejected: true, isSelling: false, isKycDone: true });
  });

  it('a suspension says by whom and why, and is lifted by somebody else', async () => {
    const { id } = await storeIn(app, 'approved');
    await step(app, { vendorId: id, step: 'suspend', by: lead, code: 'fraud', text: 'Sells what does not exist' });
    expect(await vendorRow(app, id)).toMatchObject({ suspendedBy: lead, suspendedReason: 'Sells what does not exist' });
    expect(await refusalCode(step(app, { vendorId: id, step: 'reactivate', by: lead }))).toBe('four_eyes');
    await step(app, { vendorId: id, step: 'reactivate', by: reviewer, code: 'error_correction' });
    expect(await vendorRow(app, id)).toMatchObject({ status: 'approved', suspendedBy: null, suspendedAt: null, suspendedReason: null });
  });

  it('an unknown store is not found', async () => {
    expect(await refusalCode(step(app, { vendorId: newId(), step: 'close', by: null }))).toBe('not_found');
  });
});

describe('what a reviewer sees of a store', () => {
  it('names stores that share a tax id, a device or a bank account, the stopped ones first, and nothing in clear', async () => {
    const { prisma } = app.deps.database;
    const one = await storeIn(app, 'in_review');
    const other = await storeIn(app, 'approved');
    const stopped = await storeIn(app, 'suspended');
    const tax = { taxIdEnc: Buffer.from([1]), taxIdBidx: Buffer.alloc(32, 7), taxIdMasked: '••••0001' };
    await setVendor(app, one.id, tax);
    await setVendor(app, stopped.id, tax);
    const account = {
      bankCode: '058',
      bankName: 'Bank',
      accountNameMasked: 'N•••',
      accountLast4: '6789',
      accountNumberBidx: Buffer.alloc(32, 9),
    };
    for (const [vendorId, status] of [
      [one.id, 'verified'],
      [other.id, 'removed'],
    ] as const) {
      const box = { accountNameEnc: Buffer.from([1]), accountNumberEnc: Buffer.from([1]) };
      await arrange(app, (db) => db.vendorBankAccount.create({ data: { ...account, ...box, vendorId, status } }));
    }
    const [device] = await prisma.knownDevice.findMany({ where: { userId: one.owner.actor.id } });
    await arrange(app, (db) =>
      db.knownDevice.create({ data: { userId: stopped.owner.actor.id, deviceHash: Buffer.from(device?.deviceHash ?? []) } }),
    );
    const evidence = await vendorForReview(prisma, one.id);
    expect(evidence?.signals.map(({ kind, vendorId, status }) => [kind, vendorId, status])).toEqual([
      ['device', stopped.id, 'suspended'],
      ['tax_id', stopped.id, 'suspended'],
      ['bank', other.id, 'approved'],
    ]);
    expect(evidence).toMatchObject({ status: 'in_review', obstacles: [], bankAccounts: [{ accountLast4: '6789', status: 'verified' }] });
    expect(evidence?.owner.contactMasked).toMatch(/•••/);
    expect(await vendorForReview(prisma, newId())).toBeNull();
  });
});
