import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '../../../src/foundation/errors/app-error.ts';
import type { StaffActor } from '../../../src/foundation/runtime/actor.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { caseCommands } from '../../../src/modules/review/index.ts';
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
  product,
  type Store,
  store,
  takeNext,
  vendorRow,
  waiting,
  why,
} from './desk.ts';

let app: TestApp;
let selling: Store;
let reviewer: StaffActor;
beforeAll(async () => {
  app = await startTestApp({ RATE_LIMIT_SCALE: '100', DATABASE_POOL: '12' });
  selling = await store(app, { status: 'approved' });
});
afterAll(() => app.stop());
beforeEach(async () => {
  await emptyQueue(app);
  reviewer = colleague(app);
});

const { prepareChecklist, saveChecklist, approveCase, rejectCase, requestChanges, escalateCase, approveInBulk, releaseCase, touchCase } =
  caseCommands;
const productRow = (id: string) => app.deps.database.prisma.product.findUniqueOrThrow({ where: { id } });
const words = 'The pictures show another brand’s label.';

/** A product in the hands of the reviewer. */
async function held(): Promise<{ id: string; subjectId: string }> {
  const subjectId = await product(app, selling);
  const id = await opened(app, 'product', subjectId);
  await takeNext(app, reviewer);
  return { id, subjectId };
}

describe('the checklist', () => {
  it('is prepared by an assistant, with their name, and taken over by the holder', async () => {
    const { id } = await held();
    const assistant = colleague(app, 'assistant');
    await act(app, assistant, prepareChecklist, { id, checklist: passed('product').slice(0, 3) });
    expect(await caseRow(app, id)).toMatchObject({ preparedBy: assistant.id, claimedBy: reviewer.id });
    const given = [
      { item: 'title', answer: 'fail', note: 'Says silk, is cotton' },
      { item: 'images', answer: 'pass' },
    ];
    expect(await act(app, reviewer, saveChecklist, { id, checklist: given })).toMatchObject({ answered: 2, of: 8 });
    expect((await caseRow(app, id)).checklist).toEqual([given[0], { ...given[1], preparedBy: assistant.id }]);
  });

  it('is saved by its holder only, on the version they saw, and knows no other items', async () => {
    const { id } = await held();
    const checklist = passed('product').slice(0, 1);
    expect(await refusalCode(act(app, colleague(app), saveChecklist, { id, checklist }))).toBe('forbidden');
    expect(await refusalCode(act(app, colleague(app, 'assistant'), saveChecklist, { id, checklist }))).toBe('forbidden');
    expect(await refusalCode(act(app, reviewer, saveChecklist, { id, checklist }, { expectedVersion: 1 }))).toBe('version_conflict');
    expect(await refusalCode(run(app, saveChecklist, { id, checklist }, { actor: reviewer }))).toBe('required');
    expect(await refusalCode(act(app, reviewer, saveChecklist, { id, checklist: [{ item: 'selfie', answer: 'pass' }] }))).toBe(
      'invalid_value',
    );
    expect(await refusalCode(act(app, colleague(app, 'enhancer'), prepareChecklist, { id, checklist }))).toBe('forbidden');
  });
});

describe('an approval', () => {
  it('publishes the product under the reviewer’s name, in one step with the case, and tells once', async () => {
    const { id, subjectId } = await held();
    app.clock.advance(23 * 60);
    await act(app, reviewer, touchCase, { id });
    app.clock.advance(20 * 60);
    expect(await approve(app, reviewer, id, 'product')).toMatchObject({ status: 'approved', needsSecond: false });
    expect(await caseRow(app, id)).toMatchObject({ status: 'approved', decision: 'approve', decidedBy: reviewer.id, claimedBy: null });
    expect(await productRow(subjectId)).toMatchObject({ status: 'published', reviewedBy: reviewer.id, liveRevision: 1 });
    expect(await eventsOf(app, id)).toEqual(['opened', 'claimed', 'decided']);
    expect(await eventsOf(app, subjectId)).toEqual(['catalog.product.published']);
    const { rows } = await app.deps.database.pool.query(
      `SELECT v.body FROM audit.read_values(ARRAY(SELECT id FROM audit.action WHERE action = 'approve-case' AND actor_id = $1)) AS v`,
      [reviewer.id],
    );
    const answers = passed('product').map(({ item }) => `${item} pass`);
    const { snapshotId } = await caseRow(app, id);
    expect(snapshotId).not.toBeNull();
    expect(JSON.parse(rows[0].body).note.split('; ')).toEqual([
      `approve: product case ${id}, round 1, version 1`,
      `snapshot ${snapshotId}`,
      `checklist 8 of 8 answered, 0 failed: ${answers.join(', ')}`,
      `by ${reviewer.id}`,
      '43 minutes from submission',
    ]);
  });

  it('needs an answer to every item and no fail, saved or sent', async () => {
    const { id, subjectId } = await held();
    const empty = await refusal(act(app, reviewer, approveCase, { id }));
    expect([empty.code, empty.details.errors?.length]).toEqual(['validation_failed', 8]);
    const failed = passed('product').map((answer) => (answer.item === 'price' ? { ...answer, answer: 'fail' } : answer));
    const refused = await refusal(act(app, reviewer, approveCase, { id, checklist: failed }));
    expect(refused.details.errors).toEqual([{ path: 'checklist.price', code: 'invalid_value' }]);
    expect((await productRow(subjectId)).status).toBe('in_review');
    await act(app, reviewer, saveChecklist, { id, checklist: passed('product') });
    expect(await act(app, reviewer, approveCase, { id })).toMatchObject({ status: 'approved' });
  });

  it('on a version that changed meanwhile is refused with what changed, and decides nothing', async () => {
    const { id, subjectId } = await held();
    await arrange(app, (prisma) =>
      prisma.product.updateMany({ where: { id: subjectId }, data: { price: '99000.00', version: { increment: 1 } } }),
    );
    const refused = await refusal(approve(app, reviewer, id, 'product'));
    expect([refused.status, refused.code]).toEqual([409, 'subject_changed']);
    expect(refused.details.extra?.changed).toEqual([
      { field: 'price', label: 'Price', before: '15000.00', after: '99000.00', isEncrypted: false },
    ]);
    expect(await caseRow(app, id)).toMatchObject({ status: 'claimed', decision: null });
    // Given back and taken again, it is the new version that is looked at.
    await act(app, reviewer, releaseCase, { id });
    await takeNext(app, reviewer);
    expect(await approve(app, reviewer, id, 'product')).toMatchObject({ status: 'approved' });
  });

  it('of a store without approved KYC is refused before a second person is asked', async () => {
    const { caseId } = await waiting(app, { isKycDone: false, riskScore: 90 });
    await takeNext(app, reviewer);
    const refused = await refusal(approve(app, reviewer, caseId));
    expect([refused.code, refused.details.errors]).toEqual(['vendor_incomplete', [{ path: 'kyc', code: 'required' }]]);
  });

  it('of a case that somebody else holds, or that nobody holds, is nobody’s; repeated, it is over', async () => {
    const { id } = await held();
    expect(await refusalCode(approve(app, colleague(app), id, 'product'))).toBe('forbidden');
    expect(await refusalCode(approve(app, colleague(app, 'admin'), id, 'product'))).toBe('forbidden');
    expect(await refusalCode(act(app, reviewer, approveCase, { id, checklist: passed('product') }, { expectedVersion: 1 }))).toBe(
      'version_conflict',
    );
    await approve(app, reviewer, id, 'product');
    expect(await refusalCode(approve(app, reviewer, id, 'product'))).toBe('transition_not_allowed');
  });

  it('sent twice under one key is made once', async () => {
    const { id, subjectId } = await held();
    const { version } = await caseRow(app, id);
    const call = () =>
      run(
        app,
        approveCase,
        { id, checklist: passed('product') },
        { actor: reviewer, envelope: { expectedVersion: version, idempotencyKey: key } },
      );
    const key = newId();
    expect(await call()).toEqual(await call());
    expect((await productRow(subjectId)).liveRevision).toBe(1);
  });
});

describe('other decisions', () => {
  it('reject with a code of the kind and 20 characters', async () => {
    const { id, subjectId } = await held();
    const reject = (said: object) => act(app, reviewer, rejectCase, { id, ...said });
    expect((await refusal(reject({}))).details.errors?.map(({ path }) => path)).toEqual(['code', 'text']);
    expect(await refusalCode(reject({ code: 'identity_mismatch', text: words }))).toBe('invalid_value');
    expect(await refusalCode(reject({ code: 'counterfeit', text: 'Fake' }))).toBe('too_short');
    await reject({ code: 'counterfeit', text: words });
    expect(await productRow(subjectId)).toMatchObject({ status: 'rejected', decisionCode: 'counterfeit', decisionReason: words });
    expect(await caseRow(app, id)).toMatchObject({ status: 'rejected', decisionCode: 'counterfeit', decisionText: words });
  });

  it('request changes with a note on a field at least', async () => {
    const { caseId, vendorId } = await waiting(app);
    await takeNext(app, reviewer);
    expect(await refusalCode(act(app, reviewer, requestChanges, { id: caseId, text: words }))).toBe('required');
    const fieldNotes = [{ field: 'logo', note: 'It is another brand’s logo' }];
    await act(app, reviewer, requestChanges, { id: caseId, fieldNotes });
    expect(await vendorRow(app, vendorId)).toMatchObject({ status: 'changes_requested', decisionNotes: fieldNotes });
    expect((await caseRow(app, caseId)).fieldNotes).toEqual(fieldNotes);
  });

  it('escalate in words: back into the queue, for leads only, before what is ordinary', async () => {
    const { id } = await held();
    expect(await refusalCode(act(app, reviewer, escalateCase, { id }))).toBe('required');
    expect(await refusalCode(act(app, colleague(app, 'admin'), escalateCase, { id, text: words }))).toBe('forbidden');
    await act(app, reviewer, escalateCase, { id, text: words });
    expect(await caseRow(app, id)).toMatchObject({
      status: 'queued',
      needsLead: true,
      priority: 70,
      escalatedBy: reviewer.id,
      escalationReason: words,
    });
    expect((await takeNext(app, colleague(app))).caseId).toBeNull();
    expect((await takeNext(app, colleague(app, 'reviewer', true))).caseId).toBe(id);
  });

  it('for a lead only are not made by whoever is none any more', async () => {
    const { id } = await held();
    await arrange(app, (prisma) => prisma.reviewCase.updateMany({ where: { id }, data: { needsLead: true } }));
    const refused = await refusal(approve(app, reviewer, id, 'product'));
    expect([refused.code, refused.details.extra?.rule]).toEqual(['forbidden', 'needs_lead']);
  });
});

async function adminOf({ database }: TestApp): Promise<Client> {
  const admin = new Client({ connectionString: database.adminUrl });
  await admin.connect();
  return admin;
}

describe('a decision whose database goes away', () => {
  it('leaves everything as it was, and can be made again', async () => {
    const { id, subjectId } = await held();
    const before = [await caseRow(app, id), await productRow(subjectId)];
    const [blocker, operator] = [await adminOf(app), await adminOf(app)];
    try {
      await blocker.query('BEGIN');
      await blocker.query('SELECT 1 FROM catalog.product WHERE id = $1 FOR UPDATE', [subjectId]);
      const decision = approve(app, reviewer, id, 'product').catch((error: unknown) => error);
      const stuck = `SELECT pid FROM pg_stat_activity
                      WHERE wait_event_type = 'Lock' AND query LIKE '%catalog.product%' AND datname = current_database()`;
      const pidOf = async () => (await operator.query<{ pid: number }>(stuck)).rows[0]?.pid;
      await expect.poll(pidOf, { timeout: 10_000 }).toBeTypeOf('number');
      await operator.query('SELECT pg_terminate_backend($1)', [await pidOf()]);
      expect(await decision).toBeInstanceOf(AppError);
    } finally {
      await Promise.all([blocker.end(), operator.end()]);
    }
    expect([await caseRow(app, id), await productRow(subjectId)]).toEqual(before);
    expect(await approve(app, reviewer, id, 'product')).toMatchObject({ status: 'approved' });
  });
});

describe('approving products together', () => {
  const bulk = (actor: StaffActor, id: string) => act(app, actor, approveInBulk, { id });

  it('is a lead’s, for stores with a good record, and leaves alone what somebody holds', async () => {
    const lead = await hired(app, 'reviewer', true);
    const made = await store(app, { status: 'approved' });
    const ids = [];
    for (let n = 0; n < 4; n += 1) ids.push(await opened(app, 'product', await product(app, made)));
    const [first = '', second = '', third = '', fourth = ''] = ids;
    const untrusted = await refusal(bulk(lead, second));
    expect([untrusted.code, untrusted.details.extra?.rule]).toEqual(['transition_not_allowed', 'store_not_trusted']);
    await takeNext(app, reviewer);
    await approve(app, reviewer, first, 'product');
    expect(await refusalCode(bulk(colleague(app), second))).toBe('forbidden');
    await takeNext(app, reviewer);
    expect(await refusalCode(bulk(lead, second))).toBe('claimed_by_other');
    expect(await bulk(lead, third)).toMatchObject({ status: 'approved' });
    await arrange(app, (prisma) => prisma.reviewCase.updateMany({ where: { id: fourth }, data: { riskScore: 70 } }));
    expect((await refusal(bulk(lead, fourth))).details.extra?.rule).toBe('needs_a_look');
    const fault = await opened(app, 'product', await product(app, made));
    const checklist = [{ item: 'images', answer: 'fail', note: 'They show another brand' }];
    await act(app, colleague(app, 'assistant'), prepareChecklist, { id: fault, checklist });
    expect((await refusal(bulk(lead, fault))).details.extra?.rule).toBe('needs_a_look');
    expect(
      await refusalCode(run(app, approveInBulk, { id: third }, { actor: { ...lead, factorAt: null }, envelope: { reason: why } })),
    ).toBe('step_up_required');
  });
});
