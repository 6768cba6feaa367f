import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { editWaiting, ownProduct } from '../../src/api/product-shapes.ts';
import type { StaffActor } from '../../src/foundation/runtime/actor.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { type ProductStatus, productAuthors, productCommands, productStates } from '../../src/modules/catalog/index.ts';
import { staffActor } from '../support/app.ts';
import { type Api, refusal, startApi } from './support/api.ts';
import {
  asSystem,
  draftOf,
  liveProduct,
  newShop,
  type OwnProduct,
  runAs,
  shapedAs,
  takeStep,
  type VendorHands,
  vendorHands,
} from './support/products.ts';
import { addCategory, type Shop } from './support/shop.ts';

let api: Api;
let shop: Shop;
let hands: VendorHands;
beforeAll(async () => {
  api = await startApi({ RATE_LIMIT_SCALE: '100' });
  shop = await newShop(api, { maxProducts: 1000 });
  hands = vendorHands(api, shop);
  await addCategory(api, 'adire');
  await addCategory(api, 'dresses');
});
afterAll(() => api.stop());

const as = (role: 'enhancer' | 'moderator' | 'admin' | 'assistant'): StaffActor => staffActor({ role, isLead: false }, api.app.clock.now());
const reason = { code: 'policy', text: 'It names a brand that is not theirs' };
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'ok',
    (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : 'thrown'),
  );
const rowOf = (id: string) => asSystem(api, (prisma) => prisma.product.findUniqueOrThrow({ where: { id } }));
const put = (id: string, status: ProductStatus) =>
  asSystem(api, (prisma) => prisma.product.update({ where: { id }, data: { status, publishedAt: api.app.clock.now(), liveRevision: 1 } }));
const eventsOf = async (aggregateId: string, name: string) => {
  const rows = await asSystem(api, (prisma) => prisma.outboxEvent.findMany({ where: { aggregateId, name } }));
  return rows.map(({ payload }) => payload);
};
const complete = async (product: OwnProduct) => shapedAs(ownProduct, await hands.step(product, 'submit'), 202);

describe('handing a product in', () => {
  it('waits with what was noticed, tells review once, and counts its version', async () => {
    const draft = await draftOf(api, shop);
    const waiting = await complete(draft);
    expect(waiting).toMatchObject({ status: 'pending', version: draft.version + 1 });
    const [payload] = await eventsOf(draft.id, 'catalog.product.submitted');
    expect(payload).toMatchObject({ productId: draft.id, version: waiting.version, vendorId: shop.id });
    expect(refusal(await hands.step(waiting, 'submit'))).toBe('409 transition_not_allowed');
    expect(shapedAs(ownProduct, await hands.step(waiting, 'withdraw'))).toMatchObject({ status: 'draft' });
  });

  it('needs a picture with a text, and a category that is open', async () => {
    const bare = shapedAs(ownProduct, await hands.create({ title: 'Bare', price: 1 }), 201);
    const answer = await hands.step(bare, 'submit');
    expect(answer.status).toBe(422);
    expect(answer.text).toContain('"path":"images"');
    expect(answer.text).toContain('"path":"categoryCodes"');
    const [picture] = (await draftOf(api, shop)).images;
    const silent = shapedAs(ownProduct, await hands.edit(bare, { categoryCodes: ['adire'], images: [{ fileId: picture?.fileId }] }));
    expect((await hands.step(silent, 'submit')).text).toContain('images.0.alt');
  });

  it('is for stores that are approved', async () => {
    const young = await newShop(api, { status: 'draft' });
    const draft = await draftOf(api, young);
    expect(refusal(await vendorHands(api, young).step(draft, 'submit'))).toBe('409 vendor_not_approved');
  });

  it('lets as many through at once as the store has places', async () => {
    const small = await newShop(api, { maxProducts: 3 });
    const theirs = vendorHands(api, small);
    const drafts = await Promise.all(Array.from({ length: 20 }, () => draftOf(api, small)));
    const answers = await Promise.all(drafts.map((draft) => theirs.step(draft, 'submit')));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(3);
    expect(answers.filter(({ status }) => status !== 202).map(refusal)).toEqual(Array(17).fill('409 product_limit'));
  });

  it('happens once, however often it is asked at once', async () => {
    const draft = await draftOf(api, shop);
    const answers = await Promise.all(Array.from({ length: 20 }, () => hands.step(draft, 'submit')));
    expect(answers.filter(({ status }) => status === 202)).toHaveLength(1);
    expect(await eventsOf(draft.id, 'catalog.product.submitted')).toHaveLength(1);
  });

  it('points out a near duplicate of another store and a price out of line', async () => {
    const title = 'Emerald aso-oke gown with a gele of the same cloth';
    const description = 'Woven by hand in Iseyin from emerald yarn, with a gele of the same cloth and a lining of cotton that breathes.';
    await draftOf(api, await newShop(api), { title, description });
    await asSystem(api, (prisma) => prisma.category.update({ where: { code: 'dresses' }, data: { medianPrice: '100.00' } }));
    const copy = await draftOf(api, shop, { title: `${title}!`, description, categoryCodes: ['dresses'] });
    await complete(copy);
    const row = await rowOf(copy.id);
    expect(row.riskScore).toBe(70);
    expect(JSON.stringify(row.signals)).toContain('price_outlier');
    expect(JSON.stringify(row.signals)).toContain(title);
  });
});

describe('every step from every state', () => {
  const steps = ['claim', 'release', 'approve', 'request_changes', 'reject'] as const;
  it.each(steps)('%s is taken from its states and from no other', async (step) => {
    const draft = await draftOf(api, shop);
    for (const status of productStates.statuses) {
      await put(draft.id, status);
      const asked = { productId: draft.id, step, by: newId(), code: 'quality', text: 'Because of the pictures, which are dark' };
      const allowed = productStates.steps[step].from.includes(status);
      expect(await codeOf(takeStep(api, asked)), status).toBe(allowed ? 'ok' : 'transition_not_allowed');
      if (allowed) expect((await rowOf(draft.id)).status).toBe(productStates.steps[step].to);
    }
  });

  it('and so is what owner and staff do', async () => {
    const draft = await draftOf(api, shop);
    for (const status of productStates.statuses) {
      for (const [step, command] of [
        ['take_down', productCommands.takeDownProduct],
        ['archive', productCommands.archiveProduct],
      ] as const) {
        await put(draft.id, status);
        const outcome = await codeOf(runAs(api, as('moderator'), command, { input: { id: draft.id }, reason }));
        expect(outcome, `${step} ${status}`).toBe(productStates.steps[step].from.includes(status) ? 'ok' : 'transition_not_allowed');
      }
      for (const step of ['submit', 'withdraw', 'archive'] as const) {
        await put(draft.id, status);
        const answer = await hands.step(await hands.read(draft.id), step);
        const allowed = productStates.steps[step].from.includes(status);
        expect(answer.status < 300 ? 'ok' : refusal(answer), `${step} ${status}`).toBe(allowed ? 'ok' : '409 transition_not_allowed');
      }
    }
  });
});

describe('deciding', () => {
  it('publishes, and counts the live revision on from one to the next', async () => {
    const live = await liveProduct(api, shop);
    expect(live).toMatchObject({ status: 'published', liveRevision: 1 });
    expect(await eventsOf(live.id, 'catalog.product.published')).toEqual([
      expect.objectContaining({ productId: live.id, vendorId: shop.id, code: null }),
    ]);
    const archived = shapedAs(ownProduct, await hands.step(live, 'archive'));
    await complete(archived);
    const by = newId();
    await takeStep(api, { productId: live.id, step: 'claim', by });
    await takeStep(api, { productId: live.id, step: 'approve', by });
    expect(await hands.read(live.id)).toMatchObject({ status: 'published', liveRevision: 2 });
  });

  it('is refused on a version that its owner changed meanwhile', async () => {
    const waiting = await complete(await draftOf(api, shop));
    const by = newId();
    await takeStep(api, { productId: waiting.id, step: 'claim', by });
    const inReview = await hands.read(waiting.id);
    expect(inReview.version).toBe(waiting.version);
    shapedAs(ownProduct, await hands.edit(inReview, { title: 'Quite another thing now' }));
    const decide = { productId: waiting.id, step: 'approve' as const, by, version: waiting.version };
    expect(await codeOf(takeStep(api, decide))).toBe('subject_changed');
  });

  it('is refused to whoever had a hand in the version, and for a store that does not sell', async () => {
    const waiting = await complete(await draftOf(api, shop));
    const tagger = as('assistant');
    await runAs(api, tagger, productCommands.tagProduct, { input: { id: waiting.id, tags: ['Indigo', 'indigo', 'Cotton'] } });
    expect((await rowOf(waiting.id)).tags).toEqual(['Indigo', 'Cotton']);
    await takeStep(api, { productId: waiting.id, step: 'claim', by: newId() });
    const approve = { productId: waiting.id, step: 'approve' as const };
    expect(await codeOf(takeStep(api, { ...approve, by: tagger.id }))).toBe('four_eyes');
    expect(await codeOf(takeStep(api, { ...approve, by: null }))).toBe('forbidden');
    await shop.arrange({ status: 'suspended' });
    expect(await codeOf(takeStep(api, { ...approve, by: newId() }))).toBe('vendor_not_approved');
    await shop.arrange({ status: 'approved' });
    await takeStep(api, { ...approve, by: newId() });
    expect(await asSystem(api, (prisma) => productAuthors(prisma, waiting.id))).toEqual([shop.userId]);
  });

  it('tells the owner why', async () => {
    const waiting = await complete(await draftOf(api, shop));
    const by = newId();
    await takeStep(api, { productId: waiting.id, step: 'claim', by });
    const notes = [{ field: 'images', note: 'Show the hem' }];
    await takeStep(api, { productId: waiting.id, step: 'request_changes', by, code: 'quality', text: 'Please show more of it', notes });
    expect(await hands.read(waiting.id)).toMatchObject({
      status: 'changes_requested',
      review: { reasonCode: 'quality', reasonText: 'Please show more of it', notes },
    });
  });
});

describe('taking down', () => {
  it('is undone within 15 minutes by the same person, as it was', async () => {
    const live = await liveProduct(api, shop);
    const moderator = as('moderator');
    const done = { input: { id: live.id }, reason };
    await runAs(api, moderator, productCommands.takeDownProduct, { ...done, expectedVersion: live.version });
    expect(await hands.read(live.id)).toMatchObject({ status: 'suspended', review: { reasonCode: 'policy', reasonText: reason.text } });
    expect(await codeOf(runAs(api, as('moderator'), productCommands.putBackProduct, done))).toBe('forbidden');
    await runAs(api, moderator, productCommands.putBackProduct, done);
    expect(await hands.read(live.id)).toMatchObject({ status: 'published', liveRevision: 1, publishedAt: live.publishedAt, review: null });
  });

  it('of the archiving kind is undone the same way, and an owner’s own archiving by nobody', async () => {
    const live = await liveProduct(api, shop);
    const moderator = as('moderator');
    const done = { input: { id: live.id }, reason };
    await runAs(api, moderator, productCommands.archiveProduct, { ...done, expectedVersion: live.version });
    expect(await codeOf(runAs(api, as('admin'), productCommands.putBackProduct, done))).toBe('forbidden');
    await runAs(api, moderator, productCommands.putBackProduct, done);
    expect(await hands.read(live.id)).toMatchObject({ status: 'published', liveRevision: 1, review: null });
    shapedAs(ownProduct, await hands.step(await hands.read(live.id), 'archive'));
    expect(await codeOf(runAs(api, moderator, productCommands.putBackProduct, done))).toBe('transition_not_allowed');
  });

  it('is not undone once its owner changed it, nor later', async () => {
    const moderator = as('moderator');
    const live = await liveProduct(api, shop);
    const done = { input: { id: live.id }, reason };
    await runAs(api, moderator, productCommands.takeDownProduct, done);
    shapedAs(ownProduct, await hands.edit(await hands.read(live.id), { title: 'Something that nobody looked at' }));
    expect(await codeOf(runAs(api, moderator, productCommands.putBackProduct, done))).toBe('version_conflict');
    await complete(await hands.read(live.id));
    expect((await rowOf(live.id)).needsLead).toBe(true);
    const other = await liveProduct(api, shop);
    const late = { input: { id: other.id }, reason };
    await runAs(api, moderator, productCommands.takeDownProduct, late);
    await asSystem(api, (prisma) =>
      prisma.product.update({ where: { id: other.id }, data: { suspendedAt: new Date(api.app.clock.now().getTime() - 901_000) } }),
    );
    expect(await codeOf(runAs(api, moderator, productCommands.putBackProduct, late))).toBe('undo_expired');
  });

  it('asks for a reason and the role', async () => {
    const live = await liveProduct(api, shop);
    const { takeDownProduct } = productCommands;
    expect(await codeOf(runAs(api, as('moderator'), takeDownProduct, { input: { id: live.id } }))).toBe('required');
    expect(await codeOf(runAs(api, as('enhancer'), takeDownProduct, { input: { id: live.id }, reason }))).toBe('forbidden');
  });
});

describe('what administrators correct', () => {
  const { editPrice, editStock, deleteProduct, restoreProduct, markDuplicate } = productCommands;
  const corrected = { code: 'error_correction', text: 'The vendor asked for it by phone' };

  it('is live at once, and overtakes a change of the same field that waits', async () => {
    const live = await liveProduct(api, shop);
    const waiting = shapedAs(editWaiting, await hands.edit(live, { price: '40000.00' }), 202);
    const now = waiting.product.version;
    await runAs(api, as('admin'), editPrice, { input: { id: live.id, price: '1200' }, reason: corrected, expectedVersion: now });
    await runAs(api, as('admin'), editStock, { input: { id: live.id, stockQty: '4' }, reason: corrected, expectedVersion: now + 1 });
    expect(await hands.read(live.id)).toMatchObject({ price: '1200.00', stockQty: 4, pendingRevisionId: null });
    expect(await eventsOf(waiting.revisionId, 'catalog.revision.superseded')).toHaveLength(1);
    expect((await eventsOf(live.id, 'catalog.product.changed_by_staff')).length).toBe(2);
    const stale = { input: { id: live.id, price: '1.999' }, reason: corrected, expectedVersion: now + 2 };
    expect(await codeOf(runAs(api, as('admin'), editPrice, stale))).toBe('price_invalid');
    expect(await codeOf(runAs(api, as('admin'), editPrice, { ...stale, expectedVersion: now }))).toBe('version_conflict');
  });

  it('is the price that later changes of the owner are measured from, in one step or in many', async () => {
    const live = await liveProduct(api, shop);
    const envelope = { input: { id: live.id, price: '1000' }, reason: corrected, expectedVersion: live.version };
    await runAs(api, as('admin'), editPrice, envelope);
    const small = shapedAs(ownProduct, await hands.edit(await hands.read(live.id), { price: '1250.00' }));
    expect(small.price).toBe('1250.00');
    const again = shapedAs(editWaiting, await hands.edit(small, { price: '1500.00' }), 202);
    expect(again.product.price).toBe('1250.00');
    const back = shapedAs(ownProduct, await hands.edit(again.product, { price: '1300.00' }));
    expect(back).toMatchObject({ price: '1300.00', pendingRevisionId: null });
  });

  it('deletes what is not published, and brings it back', async () => {
    const live = await liveProduct(api, shop);
    const envelope = { input: { id: live.id }, reason: corrected };
    expect(await codeOf(runAs(api, as('admin'), deleteProduct, { ...envelope, expectedVersion: live.version }))).toBe(
      'transition_not_allowed',
    );
    const archived = shapedAs(ownProduct, await hands.step(live, 'archive'));
    await runAs(api, as('admin'), deleteProduct, { ...envelope, expectedVersion: archived.version });
    expect((await hands.get(`/${live.id}`)).status).toBe(404);
    await runAs(api, as('admin'), restoreProduct, { ...envelope, expectedVersion: archived.version + 1 });
    expect((await hands.read(live.id)).status).toBe('archived');
  });

  it('lists a duplicate by what it repeats', async () => {
    const [one, other] = [await draftOf(api, shop), await draftOf(api, shop)];
    await runAs(api, as('assistant'), markDuplicate, { input: { id: other.id, of: one.slug } });
    expect((await rowOf(other.id)).duplicateOfId).toBe(one.id);
    expect(await codeOf(runAs(api, as('assistant'), markDuplicate, { input: { id: other.id, of: other.id } }))).toBe('invalid_value');
    await runAs(api, as('assistant'), markDuplicate, { input: { id: other.id, of: null } });
    expect((await rowOf(other.id)).duplicateOfId).toBeNull();
  });
});
