import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../src/foundation/errors/app-error.ts';
import type { StaffActor } from '../../../src/foundation/runtime/actor.ts';
import { type CaseStatus, type CaseStep, caseCommands, caseStates, caseSystemCommands } from '../../../src/modules/review/index.ts';
import { system } from '../../audit/support/staff.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { arrange, run } from '../identity/people.ts';
import { act, caseRow, colleague, emptyQueue, passed, vendorRow, waiting } from './desk.ts';

let app: TestApp;
let holder: StaffActor;
let lead: StaffActor;
beforeAll(async () => {
  app = await startTestApp({ RATE_LIMIT_SCALE: '1000', DATABASE_POOL: '12' });
});
afterAll(() => app.stop());
beforeEach(async () => {
  await emptyQueue(app);
  [holder, lead] = [colleague(app), colleague(app, 'reviewer', true)];
});

const { pickCase, releaseCase, approveCase, rejectCase, requestChanges, secondApprove, secondDisagree } = caseCommands;
const text = 'It shows what it should not show.';

/** The command of each step, called by somebody who may take it where the table allows it. */
const calls: Record<CaseStep, (id: string) => Promise<unknown>> = {
  claim: (id) => act(app, lead, pickCase, { id }),
  release: (id) => act(app, lead, releaseCase, { id }),
  ask_second: (id) => act(app, holder, approveCase, { id, checklist: passed('vendor') }),
  approve: (id) => act(app, holder, approveCase, { id, checklist: passed('vendor') }),
  reject: (id) => act(app, holder, rejectCase, { id, code: 'quality', text }),
  request_changes: (id) => act(app, holder, requestChanges, { id, fieldNotes: [{ field: 'logo', note: text }] }),
  second_approve: (id) => act(app, lead, secondApprove, { id }),
  second_disagree: (id) => act(app, lead, secondDisagree, { id, text }),
  withdraw: async (id) => {
    const { subjectId } = await caseRow(app, id);
    // The owner's account was closed and the store with it.
    await arrange(app, (prisma) => prisma.vendor.updateMany({ where: { id: subjectId }, data: { status: 'closed' } }));
    return run(app, caseSystemCommands.withdrawCase, { kind: 'vendor', subjectId }, { actor: system });
  },
};

/** Where the store stands in each state of its case. */
const storeIn: Record<CaseStatus, string> = {
  queued: 'submitted',
  claimed: 'in_review',
  pending_second: 'in_review',
  changes_requested: 'changes_requested',
  approved: 'approved',
  rejected: 'rejected',
  withdrawn: 'draft',
};

async function caseIn(status: CaseStatus, step: CaseStep): Promise<string> {
  const { caseId, vendorId } = await waiting(app);
  const now = app.clock.now();
  const decided = { decision: 'approve' as const, decidedBy: holder.id, decidedAt: now };
  const claim = { claimedBy: holder.id, claimedAt: now, claimExpiresAt: new Date(now.getTime() + 60_000) };
  const isDecided = status !== 'queued' && status !== 'claimed' && status !== 'withdrawn';
  const needsSecond = step === 'ask_second' || status === 'pending_second';
  await arrange(app, async (prisma) => {
    const isApproved = status === 'approved' ? { verifiedAt: now } : {};
    await prisma.vendor.updateMany({ where: { id: vendorId }, data: { status: storeIn[status] as never, ...isApproved } });
    await prisma.reviewCase.updateMany({
      where: { id: caseId },
      data: {
        status,
        needsSecond: needsSecond && status !== 'approved',
        ...(isDecided ? decided : {}),
        ...(status === 'claimed' ? claim : {}),
      },
    });
  });
  return caseId;
}

const steps = Object.keys(caseStates.steps) as CaseStep[];

describe.each(steps)('the step %s', (step) => {
  const { from, to } = caseStates.steps[step];
  const allowed: readonly CaseStatus[] = from;

  it.each(caseStates.statuses)('from %s', async (status) => {
    const id = await caseIn(status, step);
    const before = await caseRow(app, id);
    const outcome = await calls[step](id).then(
      () => null,
      (error: unknown) => (error instanceof AppError ? error : Promise.reject(error)),
    );
    const after = await caseRow(app, id);
    if (allowed.includes(status)) {
      expect([outcome, after.status]).toEqual([null, to]);
      return;
    }
    // An event that comes late finds nothing to end; everything else is refused, and says why.
    if (step !== 'withdraw') expect([403, 409]).toContain(outcome?.status);
    expect([after.status, after.version]).toEqual([before.status, before.version]);
    if (step !== 'withdraw') expect((await vendorRow(app, after.subjectId)).status).toBe(storeIn[status]);
  });
});

describe('a case', () => {
  it('in a state that the table does not know is refused by the database', async () => {
    const { caseId } = await waiting(app, {});
    const claimless = arrange(app, (prisma) => prisma.reviewCase.updateMany({ where: { id: caseId }, data: { status: 'claimed' } }));
    await expect(claimless).rejects.toThrow();
    const undecided = arrange(app, (prisma) => prisma.reviewCase.updateMany({ where: { id: caseId }, data: { status: 'approved' } }));
    await expect(undecided).rejects.toThrow();
  });
});
