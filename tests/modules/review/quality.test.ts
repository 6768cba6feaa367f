import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { StaffActor } from '../../../src/foundation/runtime/actor.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { isChosen } from '../../../src/modules/review/cases/sample.ts';
import { watchCaseClocks } from '../../../src/modules/review/cases/sla.ts';
import { caseCommands, caseQueries, caseSystemCommands } from '../../../src/modules/review/index.ts';
import { system } from '../../audit/support/staff.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { refusal, refusalCode, run } from '../identity/people.ts';
import { act, approve, caseRow, colleague, emptyQueue, eventsOf, opened, passed, product, type Store, store, takeNext } from './desk.ts';

let app: TestApp;
let selling: Store;
let first: StaffActor;
beforeAll(async () => {
  app = await startTestApp({ RATE_LIMIT_SCALE: '100', DATABASE_POOL: '12' });
  selling = await store(app, { status: 'approved' });
});
afterAll(() => app.stop());
beforeEach(async () => {
  await emptyQueue(app);
  first = colleague(app);
});

const sample = (percent: number) => run(app, caseSystemCommands.sampleApprovals, { percent }, { actor: system });
const sampleOf = (id: string) => app.deps.database.prisma.reviewCase.findUniqueOrThrow({ where: { sampleOfId: id } });

async function approved(): Promise<{ id: string; subjectId: string }> {
  const subjectId = await product(app, selling);
  const id = await opened(app, 'product', subjectId);
  await takeNext(app, first);
  await approve(app, first, id, 'product');
  return { id, subjectId };
}

describe('a quality sample', () => {
  it('is five percent of approvals, chosen by their ids alone', () => {
    const ids = Array.from({ length: 20_000 }, () => newId());
    const share = ids.filter((id) => isChosen(id, 5)).length / ids.length;
    expect(share).toBeGreaterThan(0.04);
    expect(share).toBeLessThan(0.06);
    expect(ids.filter((id) => isChosen(id, 5) && !isChosen(id, 10))).toEqual([]);
    expect(ids.some((id) => isChosen(id, 0))).toBe(false);
    expect(ids.every((id) => isChosen(id, 100))).toBe(true);
  });

  it('is taken once and behind everything that waits, by anybody but those who answered', async () => {
    const { id } = await approved();
    expect(await sample(0)).toEqual({ sampled: 0 });
    expect(await sample(100)).toEqual({ sampled: 1 });
    expect(await sample(100)).toEqual({ sampled: 0 });
    expect((await caseRow(app, id)).sampled).toBe(true);
    const look = await sampleOf(id);
    expect(look).toMatchObject({ status: 'queued', priority: 0, checklist: [], decision: null });
    const waiting = await opened(app, 'product', await product(app, selling));
    const other = colleague(app);
    expect((await takeNext(app, other)).caseId).toBe(waiting);
    expect((await takeNext(app, first)).caseId).toBeNull();
    expect((await takeNext(app, other)).caseId).toBe(look.id);
  });

  it('is answered blind, moves nothing, tells nobody and counts as overturned where the answer is another one', async () => {
    const { id, subjectId } = await approved();
    await sample(100);
    const look = await sampleOf(id);
    const lead = colleague(app, 'reviewer', true);
    await takeNext(app, lead);
    const view = await caseQueries.caseView(app.deps, lead, look.id);
    expect([view.isSample, view.isBlind, view.answers.length]).toEqual([true, true, 0]);
    expect(JSON.stringify(view)).not.toContain(first.id);
    const original = await refusal(caseQueries.caseView(app.deps, lead, id));
    expect([original.code, original.details.extra?.rule]).toEqual(['forbidden', 'blind']);
    const before = await app.deps.database.prisma.product.findUniqueOrThrow({ where: { id: subjectId } });
    await act(app, lead, caseCommands.rejectCase, { id: look.id, code: 'misleading', text: 'The title says silk, the label cotton.' });
    expect(await app.deps.database.prisma.product.findUniqueOrThrow({ where: { id: subjectId } })).toEqual(before);
    expect((await eventsOf(app, subjectId)).filter((name) => name.includes('rejected'))).toEqual([]);
    const figures = await caseQueries.qualityFigures(app.deps);
    expect(figures.all).toEqual({ looked: 1, overturned: 1, rate: 1 });
    expect(figures.byReviewer).toMatchObject([{ id: first.id, approvals: 1, looked: 1, overturned: 1, rate: 1 }]);
    expect(figures.overturned).toMatchObject([{ sampleId: look.id, caseId: id, decision: 'reject', code: 'misleading' }]);
    expect((await caseQueries.caseView(app.deps, lead, id)).answers).toHaveLength(1);
  });

  it('counts for the thirty days of the dashboard, and no longer', async () => {
    const { id } = await approved();
    await sample(100);
    const look = await sampleOf(id);
    const other = colleague(app);
    await takeNext(app, other);
    await act(app, other, caseCommands.approveCase, { id: look.id, checklist: passed('product') });
    const rates = async () => [
      (await caseQueries.qualityFigures(app.deps)).all,
      (await caseQueries.reviewFigures(app.deps, first)).overturned.all,
    ];
    const one = { looked: 1, overturned: 0, rate: 0 };
    expect(await rates()).toEqual([one, one]);
    app.clock.advance(31 * 86_400);
    const none = { looked: 0, overturned: 0, rate: null };
    expect(await rates()).toEqual([none, none]);
  });

  it('needs a whole checklist like any approval, and is prepared by nobody', async () => {
    const { id } = await approved();
    await sample(100);
    const look = await sampleOf(id);
    const other = colleague(app);
    await takeNext(app, other);
    expect(await refusalCode(act(app, other, caseCommands.approveCase, { id: look.id }))).toBe('validation_failed');
    const checklist = passed('product');
    expect(await refusalCode(act(app, colleague(app, 'assistant'), caseCommands.prepareChecklist, { id: look.id, checklist }))).toBe(
      'transition_not_allowed',
    );
    expect(await act(app, other, caseCommands.approveCase, { id: look.id, checklist })).toMatchObject({
      status: 'approved',
      needsSecond: false,
    });
    expect(await sample(100)).toEqual({ sampled: 0 });
  });
});

describe('the clock of a case', () => {
  const watch = () => app.as(system, () => watchCaseClocks(app.deps));
  const told = async (id: string) => (await eventsOf(app, id)).filter((name) => name.startsWith('sla_'));

  it('is told at risk at 80 percent and breached at its end, each once, in anybody’s hands', async () => {
    const id = await opened(app, 'product', await product(app, selling));
    app.clock.advance(0.8 * 86_400 - 1);
    await watch();
    expect(await told(id)).toEqual([]);
    app.clock.advance(1);
    await watch();
    await watch();
    expect(await told(id)).toEqual(['sla_at_risk']);
    await takeNext(app, first);
    app.clock.advance(0.2 * 86_400);
    await watch();
    await watch();
    expect(await told(id)).toEqual(['sla_at_risk', 'sla_breached']);
  });

  it('of a claim is told to its holder five minutes before it ends, once, and again after a renewal', async () => {
    const warned = async (id: string) => (await eventsOf(app, id)).filter((name) => name === 'claim_lapsing').length;
    const id = await opened(app, 'product', await product(app, selling));
    await takeNext(app, first);
    app.clock.advance(1500 - 1);
    await watch();
    expect(await warned(id)).toBe(0);
    app.clock.advance(1);
    await watch();
    await watch();
    expect(await warned(id)).toBe(1);
    await act(app, first, caseCommands.touchCase, { id });
    await watch();
    expect(await warned(id)).toBe(1);
    app.clock.advance(1500);
    await watch();
    expect(await warned(id)).toBe(2);
    app.clock.advance(300);
    await watch();
    expect(await warned(id)).toBe(2);
  });

  it('does not run while the store is not approved', async () => {
    const id = await opened(app, 'product', await product(app, await store(app)));
    app.clock.advance(3 * 86_400);
    await watch();
    expect(await told(id)).toEqual([]);
    const { lines } = await caseQueries.listQueue(app.deps, colleague(app, 'admin'), { tab: 'new' });
    expect(lines).toEqual([]);
  });
});
