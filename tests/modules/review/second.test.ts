import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StaffActor } from '../../../src/foundation/runtime/actor.ts';
import { caseCommands, caseQueries } from '../../../src/modules/review/index.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { arrange, refusal, refusalCode, run } from '../identity/people.ts';
import {
  act,
  approve,
  caseRow,
  colleague,
  emptyQueue,
  eventsOf,
  hired,
  opened,
  passed,
  proofs,
  store,
  takeNext,
  vendorRow,
  waiting,
} from './desk.ts';

let app: TestApp;
let first: StaffActor;
let second: StaffActor;
beforeAll(async () => {
  app = await startTestApp({ RATE_LIMIT_SCALE: '100', DATABASE_POOL: '12' });
});
afterAll(() => app.stop());
beforeEach(async () => {
  await emptyQueue(app);
  // The first person is a lead as well: that alone makes nobody their own second.
  [first, second] = [colleague(app, 'reviewer', true), colleague(app, 'reviewer', true)];
});

const { secondApprove, secondDisagree, approveCase, rejectCase, requestChanges, releaseCase, pickCase, reassignCase } = caseCommands;
const words = 'The bank name is not the legal name.';

async function approvedOnce(): Promise<{ caseId: string; vendorId: string }> {
  const made = await waiting(app, { riskScore: 70 });
  await takeNext(app, first);
  expect(await approve(app, first, made.caseId)).toMatchObject({ status: 'pending_second', needsSecond: true });
  return made;
}

describe('an approval that needs two people', () => {
  it('is one whose risk rose after it was handed in, before the claim or after it', async () => {
    const rise = (id: string) => arrange(app, (prisma) => prisma.vendor.update({ where: { id }, data: { riskScore: 70 } }));
    const early = await waiting(app, { riskScore: 10 });
    await rise(early.vendorId);
    await takeNext(app, first);
    expect((await caseRow(app, early.caseId)).needsSecond).toBe(true);
    const late = await waiting(app, { riskScore: 10 });
    await takeNext(app, first);
    expect((await caseRow(app, late.caseId)).needsSecond).toBe(false);
    await rise(late.vendorId);
    expect(await approve(app, first, late.caseId)).toMatchObject({ status: 'pending_second', needsSecond: true });
    expect(await caseRow(app, late.caseId)).toMatchObject({ status: 'pending_second', needsSecond: true });
  });

  it('moves nothing after the first answer, and the subject under both names after the second', async () => {
    const { caseId, vendorId } = await approvedOnce();
    expect((await vendorRow(app, vendorId)).status).toBe('in_review');
    expect(await eventsOf(app, caseId)).toEqual(['opened', 'claimed', 'second_asked']);
    expect(await act(app, second, secondApprove, { id: caseId, checklist: passed('vendor') })).toMatchObject({ status: 'approved' });
    expect(await vendorRow(app, vendorId)).toMatchObject({ status: 'approved', reviewedBy: first.id, secondReviewedBy: second.id });
    expect(await caseRow(app, caseId)).toMatchObject({
      status: 'approved',
      decidedBy: first.id,
      secondBy: second.id,
      secondDecision: 'approve',
    });
    expect(await eventsOf(app, caseId)).toEqual(['opened', 'claimed', 'second_asked', 'decided']);
  });

  it('is the second answer of a lead or an administrator, with a fresh factor, and of nobody else', async () => {
    const { caseId } = await approvedOnce();
    for (const role of ['reviewer', 'assistant', 'support', 'moderator', 'auditor'] as const)
      expect(await refusalCode(act(app, colleague(app, role), secondApprove, { id: caseId }))).toBe('forbidden');
    const stale = run(app, secondApprove, { id: caseId }, { actor: { ...second, factorAt: null } });
    expect(await refusalCode(stale)).toBe('step_up_required');
    expect(await act(app, colleague(app, 'admin'), secondApprove, { id: caseId })).toMatchObject({ status: 'approved' });
  });

  it('is never the first person’s, by any way', async () => {
    const { caseId } = await approvedOnce();
    expect((await refusal(act(app, first, secondApprove, { id: caseId }))).code).toBe('four_eyes');
    expect((await refusal(act(app, first, secondDisagree, { id: caseId, text: words }))).code).toBe('four_eyes');
    expect(await refusalCode(approve(app, first, caseId))).toBe('transition_not_allowed');
    for (const command of [releaseCase, pickCase])
      expect(await refusalCode(act(app, first, command, { id: caseId }))).toBe('transition_not_allowed');
    const other = await hired(app, 'reviewer', true);
    expect(await refusalCode(act(app, first, reassignCase, { id: caseId, staffId: other.id }))).toBe('transition_not_allowed');
    const bySql = arrange(app, (prisma) =>
      prisma.reviewCase.updateMany({
        where: { id: caseId },
        data: { secondBy: first.id, secondAt: app.clock.now(), secondDecision: 'approve' },
      }),
    );
    await expect(bySql).rejects.toThrow();
    expect((await caseRow(app, caseId)).status).toBe('pending_second');
  });

  it('is kept from the second person until they answered: checklist, words and who', async () => {
    const { caseId } = await approvedOnce();
    const view = await caseQueries.caseView(app.deps, second, caseId);
    expect([view.part, view.isBlind, view.answers.length]).toEqual(['second', true, 0]);
    expect(view.checklist.every(({ answer, note }) => answer === null && note === null)).toBe(true);
    expect(view.rights).toMatchObject({ secondApprove: null, secondDisagree: null });
    expect(JSON.stringify(view)).not.toContain(first.id);
    const { lines } = await caseQueries.listQueue(app.deps, second, { tab: 'second' });
    expect(lines.map(({ id, decision }) => [id, decision])).toEqual([[caseId, null]]);
    const own = await caseQueries.caseView(app.deps, first, caseId);
    expect([own.isBlind, own.answers.length, own.rights.secondApprove]).toEqual([
      false,
      1,
      'You gave the first answer; somebody else gives the second.',
    ]);
    await act(app, second, secondApprove, { id: caseId });
    expect((await caseQueries.caseView(app.deps, second, caseId)).answers.map(({ part, by }) => [part, by.id])).toEqual([
      ['first', first.id],
      ['second', second.id],
    ]);
  });

  it('given by 20 leads at once is given by one', async () => {
    const { caseId } = await approvedOnce();
    const { version } = await caseRow(app, caseId);
    const leads = Array.from({ length: 20 }, () => colleague(app, 'reviewer', true));
    const tried = await Promise.allSettled(
      leads.map((actor) => run(app, secondApprove, { id: caseId }, { actor, envelope: { expectedVersion: version } })),
    );
    expect(tried.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
  });

  it('on a store that changed after the first answer is refused, and the case stays', async () => {
    const { caseId, vendorId } = await approvedOnce();
    await arrange(app, (prisma) =>
      prisma.vendor.updateMany({ where: { id: vendorId }, data: { city: 'Ibadan', version: { increment: 1 } } }),
    );
    const refused = await refusal(act(app, second, secondApprove, { id: caseId }));
    expect([refused.code, refused.details.extra?.changed]).toEqual([
      'subject_changed',
      [{ field: 'city', label: 'City', before: null, after: 'Ibadan', isEncrypted: false }],
    ]);
    expect((await caseRow(app, caseId)).status).toBe('pending_second');
  });
});

describe('a second person who disagrees', () => {
  it('says so in words and holds the case as a lead, with both answers in sight', async () => {
    const { caseId, vendorId } = await approvedOnce();
    expect(await refusalCode(act(app, second, secondDisagree, { id: caseId }))).toBe('required');
    await act(app, second, secondDisagree, { id: caseId, text: words, decision: 'reject' });
    expect(await caseRow(app, caseId)).toMatchObject({
      status: 'claimed',
      claimedBy: second.id,
      needsLead: true,
      secondDecision: 'reject',
    });
    expect((await vendorRow(app, vendorId)).status).toBe('in_review');
    expect((await eventsOf(app, caseId)).at(-1)).toBe('second_disagreed');
    const view = await caseQueries.caseView(app.deps, second, caseId);
    expect(view.answers.map(({ part, decision, text }) => [part, decision, text])).toEqual([
      ['first', 'approve', null],
      ['second', 'reject', words],
    ]);
    await act(app, second, rejectCase, { id: caseId, code: 'identity_mismatch', text: words });
    expect(await vendorRow(app, vendorId)).toMatchObject({ status: 'rejected', reviewedBy: second.id });
    expect(view.answers).toHaveLength(2);
  });

  it('holds three cases like anybody else: with a fourth they are told, and nothing moves', async () => {
    const { caseId } = await approvedOnce();
    for (let held = 0; held < 3; held += 1) {
      await waiting(app);
      expect((await takeNext(app, second)).caseId).not.toBeNull();
    }
    expect(await refusalCode(act(app, second, secondDisagree, { id: caseId, text: words }))).toBe('claim_limit');
    expect(await caseRow(app, caseId)).toMatchObject({ status: 'pending_second', secondBy: null, answers: [expect.anything()] });
    const [given] = await app.deps.database.prisma.reviewCase.findMany({ where: { claimedBy: second.id, status: 'claimed' } });
    await act(app, second, releaseCase, { id: given?.id ?? '' });
    expect(await act(app, second, secondDisagree, { id: caseId, text: words })).toMatchObject({ status: 'claimed' });
  });

  it('who approves after all asks for another second person; the first one is not handed it again', async () => {
    const { caseId } = await approvedOnce();
    await act(app, second, secondDisagree, { id: caseId, text: words });
    await act(app, second, releaseCase, { id: caseId });
    expect((await takeNext(app, first)).caseId).toBeNull();
    expect(await refusalCode(act(app, first, pickCase, { id: caseId }))).toBe('four_eyes');
    expect((await takeNext(app, second)).caseId).toBe(caseId);
    expect(await approve(app, second, caseId)).toMatchObject({ status: 'pending_second' });
    expect(await refusalCode(act(app, second, secondApprove, { id: caseId }))).toBe('four_eyes');
    expect(await act(app, colleague(app, 'admin'), secondApprove, { id: caseId })).toMatchObject({ status: 'approved' });
  });
});

describe('proofs of identity', () => {
  it('always take two people, and the store’s set-up notes the second', async () => {
    const made = await store(app, { isKycDone: false, status: 'draft' });
    const submissionId = await proofs(app, made);
    const id = await opened(app, 'kyc', submissionId);
    const reviewer = colleague(app);
    await takeNext(app, reviewer);
    expect(await approve(app, reviewer, id, 'kyc')).toMatchObject({ status: 'pending_second' });
    expect(await refusalCode(act(app, reviewer, secondApprove, { id }))).toBe('forbidden');
    await act(app, second, secondApprove, { id });
    const submission = await app.deps.database.prisma.kycSubmission.findUniqueOrThrow({ where: { id: submissionId } });
    expect(submission).toMatchObject({ status: 'approved', reviewedBy: reviewer.id, secondReviewedBy: second.id });
    const setup = await app.deps.database.prisma.vendorSetup.findUniqueOrThrow({ where: { vendorId: made.vendorId } });
    expect(setup.kycDoneAt).not.toBeNull();
  });

  it('are asked for again, or refused for good, by one person', async () => {
    const [again, refused] = [await store(app, { status: 'draft' }), await store(app, { status: 'draft' })];
    const ids = [await opened(app, 'kyc', await proofs(app, again)), await opened(app, 'kyc', await proofs(app, refused))];
    const reviewer = colleague(app);
    await takeNext(app, reviewer);
    await takeNext(app, reviewer);
    await act(app, reviewer, requestChanges, { id: ids[0] ?? '', fieldNotes: [{ field: 'selfie', note: 'It is blurred' }] });
    await act(app, reviewer, rejectCase, { id: ids[1] ?? '', code: 'fraud', text: 'The card belongs to somebody else.' });
    const states = await app.deps.database.prisma.kycSubmission.findMany({
      where: { vendorId: { in: [again.vendorId, refused.vendorId] } },
      orderBy: { createdAt: 'asc' },
    });
    expect(states.map(({ status }) => status)).toEqual(['resubmit', 'rejected']);
    expect(await refusalCode(act(app, reviewer, approveCase, { id: ids[1] ?? '', checklist: passed('kyc') }))).toBe(
      'transition_not_allowed',
    );
  });
});
