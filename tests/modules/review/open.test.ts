import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { caseCommands, caseSystemCommands } from '../../../src/modules/review/index.ts';
import { system } from '../../audit/support/staff.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { arrange, run } from '../identity/people.ts';
import { act, caseRow, colleague, emptyQueue, eventsOf, open, opened, pick, product, proofs, store, takeNext, waiting } from './desk.ts';

let app: TestApp;
beforeAll(async () => {
  app = await startTestApp({ RATE_LIMIT_SCALE: '100', DATABASE_POOL: '12' });
});
afterAll(() => app.stop());
beforeEach(() => emptyQueue(app));

const hours = (caseRowOf: { slaDueAt: Date; createdAt: Date }) =>
  (caseRowOf.slaDueAt.getTime() - caseRowOf.createdAt.getTime()) / 3_600_000;
const count = (subjectId: string) => app.deps.database.prisma.reviewCase.count({ where: { subjectId } });

describe('a case', () => {
  it('is opened once per subject, however often and from however many workers the event comes', async () => {
    const { vendorId } = await store(app);
    const eventId = newId();
    const ids = await Promise.all([eventId, eventId, newId(), newId(), newId()].map((id) => open(app, 'vendor', vendorId, id)));
    expect(ids.filter((id) => id !== null)).toHaveLength(1);
    expect(await count(vendorId)).toBe(1);
    const [id] = ids.flatMap((one) => one ?? []);
    expect(await eventsOf(app, id ?? '')).toEqual(['opened']);
  });

  it('is not opened again by an event that comes late, when the subject is decided', async () => {
    const { vendorId } = await store(app, { status: 'approved' });
    expect(await open(app, 'vendor', vendorId)).toBeNull();
    expect(await open(app, 'product', newId())).toBeNull();
  });

  it('is due by its kind: 24 hours, proofs of identity 48, and at risk from 80 percent on', async () => {
    const made = await store(app);
    const selling = await store(app, { status: 'approved' });
    const vendor = await caseRow(app, await opened(app, 'vendor', made.vendorId));
    const kyc = await caseRow(app, await opened(app, 'kyc', await proofs(app, made)));
    const dress = await caseRow(app, await opened(app, 'product', await product(app, selling)));
    expect([vendor, kyc, dress].map(hours)).toEqual([24, 48, 24]);
    expect(vendor.slaRiskAt?.getTime()).toBe(vendor.createdAt.getTime() + 0.8 * 24 * 3_600_000);
    expect([vendor.needsSecond, kyc.needsSecond, dress.needsSecond]).toEqual([false, true, false]);
  });

  it('needs a second person by the facts of the store', async () => {
    const rows = [];
    for (const facts of [{ riskScore: 70 }, { subscriptionTier: 'elite' }, { businessType: 'registered_business' }, {}])
      rows.push(await caseRow(app, (await waiting(app, facts)).caseId));
    expect(rows.map((row) => row.needsSecond)).toEqual([true, true, true, false]);
    expect(rows[1]?.priority).toBe(60);
  });

  it('counts rounds, links the one before, and goes to a lead from the fourth on', async () => {
    const made = await store(app);
    const reviewer = colleague(app);
    let before: string | null = null;
    for (const round of [1, 2, 3, 4]) {
      const id = await opened(app, 'vendor', made.vendorId);
      expect(await caseRow(app, id)).toMatchObject({ round, previousCaseId: before, needsLead: round === 4 });
      before = id;
      if (round === 4) break;
      await takeNext(app, reviewer);
      await act(app, reviewer, caseCommands.requestChanges, { id, fieldNotes: [{ field: 'description', note: 'Say what you sell' }] });
      await arrange(app, (prisma) => prisma.vendor.updateMany({ where: { id: made.vendorId }, data: { status: 'submitted' } }));
    }
    expect((await takeNext(app, reviewer)).caseId).toBeNull();
    expect((await takeNext(app, colleague(app, 'reviewer', true))).caseId).toBe(before);
  });

  it('of a product that was taken down needs a lead', async () => {
    const selling = await store(app, { status: 'approved' });
    const id = await opened(app, 'product', await product(app, selling, { needsLead: true }));
    expect((await caseRow(app, id)).needsLead).toBe(true);
  });
});

describe('a product of a store that is not approved', () => {
  const follow = (vendorId: string) => run(app, caseSystemCommands.followStore, { vendorId }, { actor: system });

  it('waits without its clock until the store is approved, and then has the time it had', async () => {
    const made = await store(app, { status: 'submitted' });
    const id = await opened(app, 'product', await product(app, made));
    expect((await takeNext(app, colleague(app))).caseId).toBeNull();
    const due = (await caseRow(app, id)).slaDueAt;
    app.clock.advance(5 * 3600);
    await arrange(app, (prisma) =>
      prisma.vendor.updateMany({ where: { id: made.vendorId }, data: { status: 'approved', verifiedAt: app.clock.now() } }),
    );
    expect(await follow(made.vendorId)).toEqual({ changed: 1 });
    expect(await follow(made.vendorId)).toEqual({ changed: 0 });
    const row = await caseRow(app, id);
    expect(row).toMatchObject({ pausedAt: null, slaPausedS: 5 * 3600 });
    expect(row.slaDueAt.getTime()).toBe(due.getTime() + 5 * 3_600_000);
    expect((await takeNext(app, colleague(app))).caseId).toBe(id);
  });

  it('is passed by also before the worker heard of it, and stands still from then on', async () => {
    const made = await store(app, { status: 'approved' });
    const id = await opened(app, 'product', await product(app, made));
    await arrange(app, (prisma) => prisma.vendor.updateMany({ where: { id: made.vendorId }, data: { status: 'suspended' } }));
    expect((await takeNext(app, colleague(app))).caseId).toBeNull();
    expect((await caseRow(app, id)).pausedAt).not.toBeNull();
  });
});

describe('withdrawing', () => {
  const withdraw = (subjectId: string) => run(app, caseSystemCommands.withdrawCase, { kind: 'product', subjectId }, { actor: system });

  it('ends the open case, also in somebody’s hands, who is told; not one of a product that waits again', async () => {
    const made = await store(app, { status: 'approved' });
    const subjectId = await product(app, made);
    const id = await opened(app, 'product', subjectId);
    const lead = colleague(app, 'reviewer', true);
    await pick(app, lead, id);
    expect(await withdraw(subjectId)).toEqual({ withdrawn: 0 });
    await arrange(app, (prisma) => prisma.product.updateMany({ where: { id: subjectId }, data: { status: 'draft' } }));
    expect(await withdraw(subjectId)).toEqual({ withdrawn: 1 });
    expect(await caseRow(app, id)).toMatchObject({ status: 'withdrawn', claimedBy: null });
    const [told] = await app.deps.database.prisma.outboxEvent.findMany({ where: { aggregateId: id }, orderBy: { id: 'desc' }, take: 1 });
    expect(told?.payload).toMatchObject({ caseId: id, kind: 'product', staffId: lead.id, cause: 'withdrawn' });
    expect(await withdraw(subjectId)).toEqual({ withdrawn: 0 });
  });
});
