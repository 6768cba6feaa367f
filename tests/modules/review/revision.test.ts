import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { caseCommands, caseQueries, caseSystemCommands } from '../../../src/modules/review/index.ts';
import { system } from '../../audit/support/staff.ts';
import { startTestApp, type TestApp } from '../../support/app.ts';
import { arrange, refusalCode, run } from '../identity/people.ts';
import { act, caseRow, colleague, emptyQueue, opened, passed, product, type Store, store, takeNext } from './desk.ts';

let app: TestApp;
let selling: Store;
beforeAll(async () => {
  app = await startTestApp({ RATE_LIMIT_SCALE: '100', DATABASE_POOL: '12' });
  selling = await store(app, { status: 'approved' });
  const code = { code: 'dresses', name: 'Dresses' };
  await arrange(app, (prisma) => prisma.category.createMany({ data: code, skipDuplicates: true }));
});
afterAll(() => app.stop());
beforeEach(() => emptyQueue(app));

const { approveCase, rejectCase, requestChanges } = caseCommands;
const changes = [
  { field: 'title', old: 'Adire wrap dress', new: 'Hand-dyed adire wrap dress' },
  { field: 'description', old: 'A wrap dress of hand-dyed cotton.', new: 'A wrap dress of hand-dyed cotton, lined, made to measure.' },
];

/** A suggestion for a live product, with its case. */
async function suggested(authorId = newId()): Promise<{ productId: string; revisionId: string; caseId: string }> {
  const live = { status: 'published', publishedAt: app.clock.now(), liveRevision: 1 };
  const productId = await product(app, selling, live);
  const revisionId = newId();
  const data = { id: revisionId, productId, ownerUserId: selling.userId, baseVersion: 1, kind: 'suggestion' as const, authorId };
  await arrange(app, (prisma) =>
    prisma.productRevision.createMany({ data: { ...data, status: 'proposed', authorKind: 'enhancer', changes } }),
  );
  return { productId, revisionId, caseId: await opened(app, 'product_revision', revisionId) };
}
const liveProduct = (id: string) => app.deps.database.prisma.product.findUniqueOrThrow({ where: { id } });
const revisionRow = (id: string) => app.deps.database.prisma.productRevision.findUniqueOrThrow({ where: { id } });

describe('the case of a proposed change', () => {
  it('waits behind what vendors wait for, and is not its author’s to judge', async () => {
    const author = colleague(app);
    const { caseId } = await suggested(author.id);
    expect((await caseRow(app, caseId)).priority).toBe(30);
    expect((await takeNext(app, author)).caseId).toBeNull();
    const other = await opened(app, 'product', await product(app, selling));
    const reviewer = colleague(app);
    expect([(await takeNext(app, reviewer)).caseId, (await takeNext(app, reviewer)).caseId]).toEqual([other, caseId]);
    const view = await caseQueries.caseView(app.deps, reviewer, caseId);
    expect(view.evidence).toMatchObject({
      kind: 'product_revision',
      revision: { changes: [{ field: 'title' }, { field: 'description' }] },
    });
    expect(view.rights.requestChanges).toBe('A proposed change is accepted or declined; it is not sent back.');
  });

  it('is accepted field by field: what is accepted is live, the rest stays as it was', async () => {
    const { caseId, productId, revisionId } = await suggested();
    const reviewer = colleague(app);
    await takeNext(app, reviewer);
    expect((await liveProduct(productId)).title).toBe('Adire wrap dress');
    const checklist = passed('product_revision');
    expect(await refusalCode(act(app, reviewer, approveCase, { id: caseId, checklist, acceptedFields: ['price'] }))).toBe('invalid_value');
    await act(app, reviewer, approveCase, { id: caseId, checklist, acceptedFields: ['title'] });
    expect(await liveProduct(productId)).toMatchObject({
      title: 'Hand-dyed adire wrap dress',
      description: changes[1]?.old,
      status: 'published',
    });
    expect(await revisionRow(revisionId)).toMatchObject({ status: 'partly_accepted', acceptedFields: ['title'], decidedBy: reviewer.id });
    expect((await caseRow(app, caseId)).status).toBe('approved');
  });

  it('is declined with a reason, and never sent back', async () => {
    const { caseId, productId, revisionId } = await suggested();
    const reviewer = colleague(app);
    await takeNext(app, reviewer);
    const fieldNotes = [{ field: 'title', note: 'Say less' }];
    expect(await refusalCode(act(app, reviewer, requestChanges, { id: caseId, fieldNotes }))).toBe('transition_not_allowed');
    await act(app, reviewer, rejectCase, { id: caseId, code: 'misleading', text: 'It is not lined, so it must not say so.' });
    expect((await revisionRow(revisionId)).status).toBe('rejected');
    expect((await liveProduct(productId)).title).toBe('Adire wrap dress');
  });

  it('ends when the owner decides, and when it is overtaken before somebody takes it', async () => {
    const [decided, overtaken] = [await suggested(), await suggested()];
    const reviewer = colleague(app);
    await takeNext(app, reviewer);
    const end = (id: string, status: 'accepted' | 'superseded') =>
      arrange(app, (prisma) => prisma.productRevision.updateMany({ where: { id }, data: { status, decidedAt: app.clock.now() } }));
    await end(decided.revisionId, 'accepted');
    const input = { kind: 'product_revision', subjectId: decided.revisionId };
    expect(await run(app, caseSystemCommands.withdrawCase, input, { actor: system })).toEqual({ withdrawn: 1 });
    expect(await caseRow(app, decided.caseId)).toMatchObject({ status: 'withdrawn', claimedBy: null });
    await end(overtaken.revisionId, 'superseded');
    expect((await takeNext(app, reviewer)).caseId).toBeNull();
    expect((await caseRow(app, overtaken.caseId)).status).toBe('withdrawn');
  });
});
