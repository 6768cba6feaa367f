import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StaffActor } from '../../../src/foundation/runtime/actor.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { caseJobs } from '../../../src/modules/review/cases/case.jobs.ts';
import { caseCommands, caseQueries, forgetCasesOf } from '../../../src/modules/review/index.ts';
import { addStaff, system } from '../../audit/support/staff.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { arrange, refusal, refusalCode } from '../identity/people.ts';
import {
  act,
  approve,
  caseRow,
  colleague,
  emptyQueue,
  hired,
  opened,
  pick,
  product,
  proofs,
  store,
  takeNext,
  vendorRow,
  waiting,
} from './desk.ts';

let app: TestApp;
let reviewer: StaffActor;
beforeAll(async () => {
  app = await startTestApp({ RATE_LIMIT_SCALE: '100', DATABASE_POOL: '12' });
});
afterAll(() => app.stop());
beforeEach(async () => {
  await emptyQueue(app);
  reviewer = colleague(app);
});

const view = (actor: StaffActor, id: string) => caseQueries.caseView(app.deps, actor, id);

/** What the relay does with an event. */
function deliver(queue: string, name: string, payload: object) {
  const job = caseJobs.find((one) => one.queue === queue);
  if (!job) throw new Error(`No job ${queue}`);
  const event = { eventId: newId(), name, aggregateId: null, actionId: null, occurredAt: app.clock.now().toISOString(), payload };
  const run = { id: event.eventId, attempt: 0, isLastAttempt: false, signal: new AbortController().signal, send: async () => {} };
  const parsed = job.payload.parse({ event });
  return app.as(system, () => job.handle(parsed as never, app.deps, run));
}

describe('the view of a case', () => {
  it('shows a resubmission with what changed first, and the round before with the words the vendor read', async () => {
    const { caseId, vendorId } = await waiting(app);
    await takeNext(app, reviewer);
    const fieldNotes = [{ field: 'description', note: 'Say which cloth it is' }];
    await act(app, reviewer, caseCommands.requestChanges, { id: caseId, text: 'Nearly there.', fieldNotes });
    const better = { description: 'Hand-dyed cotton adire from Abeokuta.', status: 'submitted' as const };
    await arrange(app, (prisma) => prisma.vendor.updateMany({ where: { id: vendorId }, data: { ...better, version: { increment: 1 } } }));
    const next = await opened(app, 'vendor', vendorId);
    const other = colleague(app);
    await takeNext(app, other);
    const shown = await view(other, next);
    expect([shown.round, shown.part, shown.isBlind]).toEqual([2, 'claimer', false]);
    expect(shown.changes?.map(({ field, before, after }) => [field, before, after])).toEqual([
      ['description', 'Hand-dyed cloth from Abeokuta, cut to measure.', better.description],
    ]);
    expect(shown.rounds).toMatchObject([
      { caseId, round: 1, status: 'changes_requested', text: 'Nearly there.', fieldNotes, decidedBy: { id: reviewer.id } },
    ]);
    expect(shown.evidence).toMatchObject({ kind: 'vendor', vendor: { id: vendorId } });
    expect(shown.checklist).toHaveLength(10);
    expect(shown.rights).toMatchObject({
      approve: null,
      requestChanges: null,
      reject: null,
      escalate: null,
      release: null,
      saveChecklist: null,
    });
  });

  it('has evidence of its kind, and nothing of the first round to compare with', async () => {
    const made = await store(app, { status: 'approved' });
    const ids = {
      product: await opened(app, 'product', await product(app, made)),
      kyc: await opened(app, 'kyc', await proofs(app, await store(app))),
    };
    const lead = colleague(app, 'reviewer', true);
    for (const [kind, id] of Object.entries(ids)) {
      const shown = await view(lead, id);
      expect([shown.evidence.kind, shown.changes, shown.part]).toEqual([kind, null, 'lead']);
    }
    expect((await view(lead, ids.kyc)).noteFields.map(({ field }) => field)).toContain('selfie');
  });

  it('is refused to a reviewer who did not claim it, also after they gave it back, and open to whoever decided', async () => {
    const { caseId } = await waiting(app);
    expect((await refusal(view(reviewer, caseId))).details.extra?.words).toBe('“Take next” gives you cases; only leads pick by hand.');
    await takeNext(app, reviewer);
    expect((await view(reviewer, caseId)).part).toBe('claimer');
    await act(app, reviewer, caseCommands.releaseCase, { id: caseId });
    expect(await refusalCode(view(reviewer, caseId))).toBe('forbidden');
    await takeNext(app, reviewer);
    await approve(app, reviewer, caseId);
    expect((await view(reviewer, caseId)).part).toBe('earlier');
    expect(await refusalCode(view(colleague(app), caseId))).toBe('forbidden');
    expect(await refusalCode(view(colleague(app, 'finance'), caseId))).toBe('forbidden');
    expect(await refusalCode(view(reviewer, newId()))).toBe('not_found');
  });

  it('lets assistants prepare stores and products, and never see proofs', async () => {
    const assistant = colleague(app, 'assistant');
    const { caseId } = await waiting(app);
    const shown = await view(assistant, caseId);
    expect([shown.part, shown.rights.prepare, shown.rights.approve]).toEqual(['preparer', null, undefined]);
    const kyc = await opened(app, 'kyc', await proofs(app, await store(app)));
    expect(await refusalCode(view(assistant, kyc))).toBe('forbidden');
  });

  it('says in a sentence why each action is refused', async () => {
    const { caseId } = await waiting(app);
    const [holder, lead] = [await hired(app), colleague(app, 'reviewer', true)];
    await takeNext(app, holder);
    const { rights } = await view(lead, caseId);
    expect(rights.pick).toMatch(/^Claimed by Ada Eze until/);
    expect(rights.approve).toMatch(/^Claimed by Ada Eze until/);
    expect([rights.reassign, rights.release]).toEqual([null, null]);
    await act(app, lead, caseCommands.releaseCase, { id: caseId });
    await pick(app, lead, caseId);
    const own = (await view(lead, caseId)).rights;
    expect([own.pick, own.secondApprove]).toEqual(['It is yours already.', 'There is no first approval yet.']);
  });
});

describe('the tabs', () => {
  it('show each case where it stands, with what the reader may do', async () => {
    const [first, second] = [await waiting(app), await waiting(app)];
    await takeNext(app, reviewer);
    const tab = async (name: 'new' | 'mine' | 'changes_requested' | 'second' | 'done', actor = reviewer) =>
      (await caseQueries.listQueue(app.deps, actor, { tab: name })).lines.map(({ id }) => id);
    expect([await tab('new'), await tab('mine'), await tab('mine', colleague(app))]).toEqual([[second.caseId], [first.caseId], []]);
    await act(app, reviewer, caseCommands.requestChanges, { id: first.caseId, fieldNotes: [{ field: 'logo', note: 'It is not yours' }] });
    expect([await tab('changes_requested'), await tab('done'), await tab('done', colleague(app))]).toEqual([
      [first.caseId],
      [first.caseId],
      [],
    ]);
    expect(await tab('done', colleague(app, 'auditor'))).toEqual([first.caseId]);
    expect(await caseQueries.queueCounts(app.deps, reviewer)).toEqual({ new: 1, mine: 0, changes_requested: 1, second: 0, done: 1 });
    await arrange(app, (prisma) => prisma.vendor.updateMany({ where: { id: first.vendorId }, data: { status: 'submitted' } }));
    await opened(app, 'vendor', first.vendorId);
    expect(await tab('changes_requested')).toEqual([]);
    expect(await refusalCode(caseQueries.listQueue(app.deps, reviewer, { tab: 'new', cursor: 'nonsense' }))).toBe('invalid_paging');
  });
});

describe('the figures', () => {
  it('count what waits by kind, decisions, and the time to them', async () => {
    const { caseId } = await waiting(app);
    await waiting(app);
    await takeNext(app, reviewer);
    app.clock.advance(29 * 60);
    await approve(app, reviewer, caseId);
    const figures = await caseQueries.reviewFigures(app.deps, reviewer);
    expect(figures.waiting).toMatchObject([{ kind: 'vendor', count: 1, atRisk: 0, breached: 0, resubmissions: 0 }]);
    expect(figures.decisions.own).toEqual({ approve: 1, reject: 0, requestChanges: 0 });
    expect(figures.timeToDecision.at(-1)).toMatchObject({ count: 1, minutes: 29 });
    expect(figures.timeToDecision).toHaveLength(14);
  });
});

describe('events', () => {
  it('open cases, end them, stop clocks and take work off somebody’s hands', async () => {
    const made = await store(app, { status: 'submitted' });
    await deliver('review.on-vendor-submitted', 'identity.vendor.submitted', { vendorId: made.vendorId, version: 2 });
    await proofs(app, made);
    await deliver('review.on-kyc-submitted', 'review.kyc.submitted', { vendorId: made.vendorId, caseId: null });
    const productId = await product(app, made);
    await deliver('review.on-product-submitted', 'catalog.product.submitted', { productId, version: 1, vendorId: made.vendorId });
    const rows = () => app.deps.database.prisma.reviewCase.findMany({ where: { vendorId: made.vendorId }, orderBy: { id: 'asc' } });
    expect((await rows()).map(({ kind, status, pausedAt }) => [kind, status, pausedAt !== null])).toEqual([
      ['vendor', 'queued', false],
      ['kyc', 'queued', false],
      ['product', 'queued', true],
    ]);
    await arrange(app, (prisma) =>
      prisma.vendor.updateMany({ where: { id: made.vendorId }, data: { status: 'approved', verifiedAt: app.clock.now() } }),
    );
    await deliver('review.on-store-changed', 'identity.vendor.approved', { vendorId: made.vendorId });
    expect((await rows())[2]?.pausedAt).toBeNull();
    await arrange(app, (prisma) => prisma.product.updateMany({ where: { id: productId }, data: { status: 'draft' } }));
    await deliver('review.on-product-withdrawn', 'catalog.product.withdrawn', { productId, vendorId: made.vendorId, code: null });
    expect((await rows())[2]?.status).toBe('withdrawn');
  });

  it('that somebody was disabled puts their cases back; whoever still reviews keeps them', async () => {
    const { caseId } = await waiting(app);
    const id = await addStaff(app, 'reviewer');
    await takeNext(app, { ...reviewer, id });
    await deliver('review.on-reviewer-left', 'identity.grant.revoked', { userId: id });
    expect((await caseRow(app, caseId)).claimedBy).toBe(id);
    await arrange(app, (prisma) => prisma.staffRoleGrant.updateMany({ where: { userId: id }, data: { revokedAt: app.clock.now() } }));
    await deliver('review.on-reviewer-left', 'identity.staff.disabled', { userId: id });
    expect(await caseRow(app, caseId)).toMatchObject({ status: 'queued', claimedBy: null });
  });

  it('of an erasure take every word out of a person’s cases and end what is open', async () => {
    const { caseId, userId, vendorId } = await waiting(app);
    await takeNext(app, reviewer);
    await act(app, reviewer, caseCommands.requestChanges, {
      id: caseId,
      text: 'Nearly there.',
      fieldNotes: [{ field: 'logo', note: 'Not yours' }],
    });
    await arrange(app, (prisma) => prisma.vendor.updateMany({ where: { id: vendorId }, data: { status: 'submitted' } }));
    const open = await opened(app, 'vendor', vendorId);
    const forget = () => app.as(system, () => forgetCasesOf(app.deps, { userId }));
    expect((await forget()).rows).toEqual({ 'review.review_case': 2 });
    expect(await caseRow(app, caseId)).toMatchObject({
      status: 'changes_requested',
      title: null,
      decisionText: null,
      fieldNotes: [],
      answers: [],
    });
    expect((await caseRow(app, open)).status).toBe('withdrawn');
    expect((await forget()).rows).toEqual({ 'review.review_case': 0 });
    expect((await vendorRow(app, vendorId)).status).toBe('submitted');
  });
});
