import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../src/foundation/errors/app-error.ts';
import type { StaffActor } from '../../../src/foundation/runtime/actor.ts';
import { caseCommands, caseQueries, caseSystemCommands } from '../../../src/modules/review/index.ts';
import { system } from '../../audit/support/staff.ts';
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
  pick,
  product,
  type Store,
  store,
  takeNext,
  vendorRow,
  waiting,
} from './desk.ts';

let app: TestApp;
let selling: Store;
beforeAll(async () => {
  app = await startTestApp({ RATE_LIMIT_SCALE: '100', DATABASE_POOL: '12' });
  selling = await store(app, { status: 'approved' });
});
afterAll(() => app.stop());
beforeEach(() => emptyQueue(app));

const { releaseCase, reassignCase, touchCase, pickCase } = caseCommands;
const lapse = () => app.as(system, () => caseSystemCommands.lapseClaims(app.deps));

async function waitingProducts(n: number): Promise<string[]> {
  const ids = [];
  for (let one = 0; one < n; one += 1) ids.push(await opened(app, 'product', await product(app, selling)));
  return ids;
}

/** On a busy machine the pool may turn a caller away; nothing was done then, and they ask again. */
async function takeInTime(reviewer: StaffActor): ReturnType<typeof takeNext> {
  return takeNext(app, reviewer).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'unavailable') return takeInTime(reviewer);
    throw error;
  });
}

describe('take next', () => {
  it('gives 20 reviewers who ask at once 15 different cases, and five the answer that nothing waits', { timeout: 120_000 }, async () => {
    await waitingProducts(15);
    const taken = await Promise.all(Array.from({ length: 20 }, () => takeInTime(colleague(app))));
    const ids = taken.flatMap(({ caseId }) => caseId ?? []);
    expect([ids.length, new Set(ids).size]).toEqual([15, 15]);
    expect(taken.filter(({ caseId }) => caseId === null)).toHaveLength(5);
    const rows = await app.deps.database.prisma.reviewCase.findMany({ select: { claimedBy: true, status: true, subjectId: true } });
    expect(new Set(rows.map((row) => row.claimedBy)).size).toBe(15);
    const inReview = await app.deps.database.prisma.product.count({
      where: { id: { in: rows.map((row) => row.subjectId) }, status: 'in_review' },
    });
    expect(inReview).toBe(15);
  });

  it('gives one case to one of 50 who ask at once', { timeout: 120_000 }, async () => {
    const [id] = await waitingProducts(1);
    const taken = await Promise.all(Array.from({ length: 50 }, () => takeInTime(colleague(app))));
    expect(taken.flatMap(({ caseId }) => caseId ?? [])).toEqual([id]);
    expect((await eventsOf(app, id ?? '')).filter((name) => name === 'claimed')).toHaveLength(1);
  });

  it('hands out the highest priority first, then what is due first, then the riskiest', async () => {
    const [plain, late, risky, urgent] = await waitingProducts(4);
    const set = (id: string | undefined, data: object) =>
      arrange(app, (prisma) => prisma.reviewCase.updateMany({ where: { id: id ?? '' }, data }));
    const due = new Date(app.clock.now().getTime() + 3_600_000);
    for (const id of [plain, risky]) await set(id, { slaDueAt: due });
    await set(late, { slaDueAt: new Date(due.getTime() - 7_200_000) });
    await set(risky, { riskScore: 60 });
    await set(urgent, { priority: 90 });
    const order = [];
    for (let n = 0; n < 5; n += 1) order.push((await takeNext(app, colleague(app))).caseId);
    expect(order).toEqual([urgent, late, risky, plain, null]);
  });

  it('moves the subject into review in the same step and records that its reader opened it', async () => {
    const { vendorId, caseId, userId } = await waiting(app);
    const before = await vendorRow(app, vendorId);
    const reviewer = colleague(app);
    expect(await takeNext(app, reviewer)).toMatchObject({ caseId, kind: 'vendor', isUnchanged: false });
    const after = await vendorRow(app, vendorId);
    expect([before.status, after.status, after.version]).toEqual(['submitted', 'in_review', before.version]);
    const row = await caseRow(app, caseId);
    expect(row).toMatchObject({ status: 'claimed', claimedBy: reviewer.id, subjectVersion: after.version });
    expect(row.snapshotId).not.toBeNull();
    const { rows } = await app.deps.database.pool.query(
      `SELECT outcome, action, record_ids FROM audit.action WHERE actor_id = $1 ORDER BY outcome`,
      [reviewer.id],
    );
    expect(rows.map((one) => `${one.outcome} ${one.action}`)).toEqual(['ok take-next-case', 'read open']);
    expect(rows[1].record_ids).toEqual(expect.arrayContaining([caseId, vendorId, userId]));
  });

  it('lets one person hold three, also in two windows at once', async () => {
    await waitingProducts(6);
    const reviewer = colleague(app);
    const tried = await Promise.allSettled(Array.from({ length: 6 }, () => takeNext(app, reviewer)));
    expect(tried.filter((one) => one.status === 'fulfilled')).toHaveLength(3);
    expect(await refusalCode(takeNext(app, reviewer))).toBe('claim_limit');
  });

  it('passes by what the reviewer wrote, and a change is not its author’s to judge', async () => {
    const enhancer = colleague(app);
    const subjectId = await product(app, selling, { editorIds: [enhancer.id] });
    const id = await opened(app, 'product', subjectId);
    expect((await takeNext(app, enhancer)).caseId).toBeNull();
    expect((await takeNext(app, colleague(app))).caseId).toBe(id);
  });

  it('is for reviewers, leads and administrators', async () => {
    for (const role of ['assistant', 'support', 'enhancer', 'moderator', 'finance', 'auditor'] as const)
      expect(await refusalCode(takeNext(app, colleague(app, role)))).toBe('forbidden');
    for (const role of ['reviewer', 'admin', 'super_admin'] as const)
      expect((await takeNext(app, colleague(app, role))).isUnchanged).toBe(true);
  });
});

describe('a conflict of interest', () => {
  const ties: Record<string, (reviewer: StaffActor, made: Store) => Promise<unknown>> = {
    referral: (reviewer, { userId }) =>
      arrange(app, (prisma) => prisma.user.updateMany({ where: { id: userId }, data: { referredById: reviewer.id } })),
    contact: (reviewer, { userId }) =>
      arrange(app, async (prisma) => {
        const { emailBidx } = await prisma.user.findUniqueOrThrow({ where: { id: userId } });
        const flow = { subjectType: 'user' as const, subjectId: reviewer.id, targetBidx: emailBidx, purpose: 'login' as const };
        const until = new Date(app.clock.now().getTime() + 60_000);
        await prisma.otpFlow.createMany({
          data: {
            ...flow,
            channel: 'email',
            destination: 'a•••@e•••.com',
            codeHash: new Uint8Array(32),
            expiresAt: until,
            flowExpiresAt: until,
            nextSendAt: until,
          } as never,
        });
      }),
    device: (reviewer, { userId }) =>
      arrange(app, async (prisma) => {
        const deviceHash = new Uint8Array(32).fill(7);
        const at = app.clock.now();
        for (const id of [reviewer.id, userId])
          await prisma.knownDevice.createMany({ data: { userId: id, deviceHash, firstSeenAt: at, lastSeenAt: at } as never });
      }),
    // Staff have no store: somebody who kept one before they worked here.
    bank: (reviewer, { vendorId }) =>
      arrange(app, async (prisma) => {
        const other = await prisma.vendor.findUniqueOrThrow({ where: { userId: reviewer.id } });
        const account = {
          ...{ bankCode: '058', bankName: 'GTBank', accountLast4: '1234', accountNameMasked: 'A•• O••' },
          ...{ accountNumberBidx: new Uint8Array(32).fill(9), accountNumberEnc: new Uint8Array(40), accountNameEnc: new Uint8Array(40) },
        };
        for (const id of [vendorId, other.id]) await prisma.vendorBankAccount.createMany({ data: { ...account, vendorId: id } as never });
      }),
  };

  it.each(Object.keys(ties))('by %s is passed by when taking, refused when picking, and to everybody else nothing', async (kind) => {
    const before = kind === 'bank' ? { id: (await store(app)).userId } : {};
    const lead = { ...(await hired(app, 'reviewer', true)), ...before };
    const made = await waiting(app);
    await ties[kind]?.(lead, made);
    expect((await takeNext(app, lead)).caseId).toBeNull();
    const refused = await refusal(pick(app, lead, made.caseId));
    expect([refused.status, refused.code, refused.details.extra?.tie]).toEqual([403, 'conflict_of_interest', kind]);
    expect((await takeNext(app, colleague(app))).caseId).toBe(made.caseId);
  });

  it('that came into being later keeps the holder from deciding', async () => {
    const reviewer = await hired(app);
    const made = await waiting(app);
    await takeNext(app, reviewer);
    await ties.referral?.(reviewer, made);
    expect(await refusalCode(approve(app, reviewer, made.caseId))).toBe('conflict_of_interest');
  });
});

describe('a claim', () => {
  it('lapses after half an hour without activity, with its subject, and another reviewer is handed it', async () => {
    const { caseId, vendorId } = await waiting(app);
    const first = colleague(app);
    await takeNext(app, first);
    app.clock.advance(29 * 60);
    expect(await act(app, first, touchCase, { id: caseId })).toMatchObject({ version: (await caseRow(app, caseId)).version });
    app.clock.advance(30 * 60 - 1);
    expect(await lapse()).toBe(0);
    app.clock.advance(1);
    expect(await lapse()).toBe(1);
    expect(await caseRow(app, caseId)).toMatchObject({ status: 'queued', claimedBy: null, claimExpiresAt: null });
    expect((await vendorRow(app, vendorId)).status).toBe('submitted');
    expect(await lapse()).toBe(0);
    expect((await takeNext(app, colleague(app))).caseId).toBe(caseId);
    expect(await refusalCode(approve(app, first, caseId))).toBe('forbidden');
  });

  it('renewed leaves no event in the history of the case, and of its calls the first one and those refused', async () => {
    const { caseId } = await waiting(app);
    const reviewer = colleague(app);
    await takeNext(app, reviewer);
    const events = async () =>
      (
        await app.deps.database.pool.query(
          `SELECT count(*)::int AS n FROM audit.event WHERE tbl = 'review.review_case' AND record_id = $1`,
          [caseId],
        )
      ).rows[0].n;
    const before = await events();
    const calls = async () =>
      (
        await app.deps.database.pool.query(`SELECT outcome FROM audit.action WHERE action = 'renew-claim' AND record_ids @> ARRAY[$1]`, [
          caseId,
        ])
      ).rows;
    for (const seconds of [600, 600, 600]) {
      app.clock.advance(seconds);
      const { claimExpiresAt } = await act(app, reviewer, touchCase, { id: caseId });
      expect(claimExpiresAt).toEqual(new Date(app.clock.now().getTime() + 1_800_000));
      expect((await caseRow(app, caseId)).claimExpiresAt).toEqual(claimExpiresAt);
    }
    expect(await events()).toBe(before);
    expect(await calls()).toEqual([{ outcome: 'ok' }]);
    expect(await refusalCode(act(app, colleague(app), touchCase, { id: caseId }))).toBe('forbidden');
    expect(await calls()).toHaveLength(2);
    await act(app, reviewer, releaseCase, { id: caseId });
    await takeNext(app, reviewer);
    app.clock.advance(600);
    await act(app, reviewer, touchCase, { id: caseId });
    expect(await calls()).toHaveLength(3);
  });

  it('is over at its half hour, also before the worker comes: nothing is decided, kept or renewed with it', async () => {
    const { caseId, vendorId } = await waiting(app);
    const reviewer = colleague(app);
    await takeNext(app, reviewer);
    app.clock.advance(30 * 60);
    const { saveChecklist, escalateCase, rejectCase } = caseCommands;
    const text = 'The words of somebody who came back too late';
    expect(await refusalCode(approve(app, reviewer, caseId))).toBe('forbidden');
    expect(await refusalCode(act(app, reviewer, rejectCase, { id: caseId, code: 'quality', text }))).toBe('forbidden');
    expect(await refusalCode(act(app, reviewer, saveChecklist, { id: caseId, checklist: passed('vendor') }))).toBe('forbidden');
    expect(await refusalCode(act(app, reviewer, touchCase, { id: caseId }))).toBe('forbidden');
    expect(await refusalCode(act(app, reviewer, escalateCase, { id: caseId, text }))).toBe('forbidden');
    expect((await vendorRow(app, vendorId)).status).toBe('in_review');
    const view = await caseQueries.caseView(app.deps, reviewer, caseId);
    expect(view.rights.approve).toBe('Your half hour is over: it goes back to the queue.');
    expect(await lapse()).toBe(1);
    expect((await takeNext(app, reviewer)).caseId).toBe(caseId);
    expect(await approve(app, reviewer, caseId)).toMatchObject({ status: 'approved' });
  });

  it('whose subject is gone ends with it instead of coming back', async () => {
    const subjectId = await product(app, selling);
    const id = await opened(app, 'product', subjectId);
    await takeNext(app, colleague(app));
    await arrange(app, (prisma) => prisma.product.updateMany({ where: { id: subjectId }, data: { status: 'draft' } }));
    app.clock.advance(1800);
    expect(await lapse()).toBe(1);
    expect((await caseRow(app, id)).status).toBe('withdrawn');
  });

  it('is given back by its holder or a lead, and by nobody else', async () => {
    const { caseId, vendorId } = await waiting(app);
    const reviewer = colleague(app);
    await takeNext(app, reviewer);
    expect(await refusalCode(act(app, colleague(app), releaseCase, { id: caseId }))).toBe('forbidden');
    await act(app, reviewer, releaseCase, { id: caseId });
    expect([(await caseRow(app, caseId)).status, (await vendorRow(app, vendorId)).status]).toEqual(['queued', 'submitted']);
    expect(await refusalCode(act(app, colleague(app, 'admin'), releaseCase, { id: caseId }))).toBe('transition_not_allowed');
    await takeNext(app, reviewer);
    await act(app, colleague(app, 'reviewer', true), releaseCase, { id: caseId });
    expect((await caseRow(app, caseId)).status).toBe('queued');
  });

  it('picked by hand is a lead’s; of 20 who pick one case one gets it, and the others learn who', async () => {
    const { caseId } = await waiting(app);
    expect(await refusalCode(pick(app, colleague(app), caseId))).toBe('forbidden');
    const leads = Array.from({ length: 20 }, () => colleague(app, 'reviewer', true));
    const tried = await Promise.allSettled(
      leads.map((lead) =>
        run(app, pickCase, { id: caseId }, { actor: lead, envelope: { reason: { code: 'quality', text: 'The vendor called about it' } } }),
      ),
    );
    expect(tried.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
    const { claimedBy } = await caseRow(app, caseId);
    const refused = await refusal(pick(app, colleague(app, 'admin'), caseId));
    expect([refused.code, refused.details.extra?.claimedBy]).toEqual(['claimed_by_other', claimedBy]);
  });

  it('is given to a colleague by a lead, who must review and may take it', async () => {
    const { caseId } = await waiting(app);
    const [reviewer, helper, lead] = [await hired(app), await hired(app, 'assistant'), colleague(app, 'reviewer', true)];
    await takeNext(app, colleague(app));
    const give = (staffId: string) => act(app, lead, reassignCase, { id: caseId, staffId });
    expect(await refusalCode(give(helper.id))).toBe('invalid_value');
    expect(await refusalCode(act(app, reviewer, reassignCase, { id: caseId, staffId: reviewer.id }))).toBe('forbidden');
    await give(reviewer.id);
    expect(await caseRow(app, caseId)).toMatchObject({ status: 'claimed', claimedBy: reviewer.id });
    expect(await eventsOf(app, caseId)).toEqual(['opened', 'claimed', 'released', 'claimed']);
  });

  it('of somebody who left goes back, once', async () => {
    await waitingProducts(2);
    const reviewer = await hired(app);
    await takeNext(app, reviewer);
    await takeNext(app, reviewer);
    const leave = () => run(app, caseSystemCommands.releaseCasesOf, { userId: reviewer.id }, { actor: system });
    expect(await leave()).toEqual({ released: 2 });
    expect(await leave()).toEqual({ released: 0 });
    expect(await app.deps.database.prisma.reviewCase.count({ where: { status: 'queued' } })).toBe(2);
  });
});
