import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StaffActor } from '../../../src/foundation/runtime/actor.ts';
import { caseCommands, caseSystemCommands } from '../../../src/modules/review/index.ts';
import { system } from '../../audit/support/staff.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { run } from '../identity/people.ts';
import {
  act,
  approve,
  caseRow,
  colleague,
  emptyQueue,
  eventsOf,
  fresh,
  hired,
  opened,
  passed,
  product,
  type Store,
  store,
  takeNext,
  why,
} from './desk.ts';

let app: TestApp;
let selling: Store;
let reviewer: StaffActor;
beforeAll(async () => {
  app = await startTestApp({ RATE_LIMIT_SCALE: '100', DATABASE_POOL: '20' });
  selling = await store(app, { status: 'approved' });
});
afterAll(() => app.stop());
beforeEach(async () => {
  await emptyQueue(app);
  reviewer = await hired(app);
});

const text = 'The pictures show another brand’s label.';
const done = (tried: PromiseSettledResult<unknown>[]) => tried.filter(({ status }) => status === 'fulfilled').length;
const productRow = (id: string) => app.deps.database.prisma.product.findUniqueOrThrow({ where: { id } });

async function held(): Promise<{ id: string; subjectId: string; version: number }> {
  const subjectId = await product(app, selling);
  const id = await opened(app, 'product', subjectId);
  await takeNext(app, reviewer);
  return { id, subjectId, version: (await caseRow(app, id)).version };
}

describe('of what happens to one case at the same instant', () => {
  it('twenty approvals by its holder make one', async () => {
    const { id, subjectId, version } = await held();
    const envelope = { expectedVersion: version };
    const one = () => run(app, caseCommands.approveCase, { id, checklist: passed('product') }, { actor: reviewer, envelope });
    expect(done(await Promise.allSettled(Array.from({ length: 20 }, one)))).toBe(1);
    expect(await eventsOf(app, id)).toEqual(['opened', 'claimed', 'decided']);
    expect(await eventsOf(app, subjectId)).toEqual(['catalog.product.published']);
    expect((await caseRow(app, id)).answers).toHaveLength(1);
  });

  it('a decision, its contrary, a hand-over, a release and the end of the lease leave case and product in step', async () => {
    const other = await hired(app);
    const lead = colleague(app, 'reviewer', true);
    const outcomes: Readonly<Record<string, string>> = {
      approved: 'published',
      rejected: 'rejected',
      changes_requested: 'changes_requested',
      claimed: 'in_review',
      queued: 'pending',
    };
    for (let round = 0; round < 8; round += 1) {
      const { id, subjectId, version } = await held();
      const by = (actor: StaffActor) => ({ actor: fresh(app, actor), envelope: { expectedVersion: version, reason: why } });
      const { rejectCase, requestChanges, reassignCase, releaseCase } = caseCommands;
      await Promise.allSettled([
        run(app, caseCommands.approveCase, { id, checklist: passed('product') }, by(reviewer)),
        run(app, rejectCase, { id, code: 'counterfeit', text }, by(reviewer)),
        run(app, requestChanges, { id, fieldNotes: [{ field: 'title', note: text }] }, by(reviewer)),
        run(app, reassignCase, { id, staffId: other.id }, by(lead)),
        run(app, releaseCase, { id }, by(lead)),
        run(app, caseSystemCommands.withdrawCase, { kind: 'product', subjectId }, { actor: system }),
      ]);
      const now = await caseRow(app, id);
      expect((await productRow(subjectId)).status, now.status).toBe(outcomes[now.status]);
      expect((await eventsOf(app, id)).filter((name) => name === 'decided').length).toBe(now.decision === null ? 0 : 1);
      expect(now.claimedBy === null).toBe(now.status !== 'claimed');
      await emptyQueue(app);
    }
  });

  it('a key that is sent again is answered from memory, and serves nobody else and nothing else', async () => {
    const { id, version } = await held();
    const envelope = { expectedVersion: version, idempotencyKey: '7b0f4a52-6b1f-4a86-9c57-2f1a64a0c001' };
    const one = () => run(app, caseCommands.approveCase, { id, checklist: passed('product') }, { actor: reviewer, envelope });
    const first = await one();
    expect(await one()).toEqual(first);
    expect(await eventsOf(app, id)).toEqual(['opened', 'claimed', 'decided']);
    const stranger = run(app, caseCommands.approveCase, { id, checklist: passed('product') }, { actor: colleague(app), envelope });
    await expect(stranger).rejects.toThrow();
    const otherCase = await held();
    const reused = run(app, caseCommands.approveCase, { id: otherCase.id, checklist: passed('product') }, { actor: reviewer, envelope });
    await expect(reused).rejects.toMatchObject({ code: 'idempotency_key_reused' });
    expect((await caseRow(app, otherCase.id)).status).toBe('claimed');
    expect(await approve(app, reviewer, otherCase.id, 'product')).toMatchObject({ status: 'approved' });
  });

  it('somebody who loses the role keeps nothing: neither by the hand they held it with, nor by a lease', async () => {
    const { id } = await held();
    const gone: StaffActor = { ...reviewer, grants: [] };
    const refused = act(app, gone, caseCommands.approveCase, { id, checklist: passed('product') });
    await expect(refused).rejects.toMatchObject({ code: 'forbidden' });
  });
});
