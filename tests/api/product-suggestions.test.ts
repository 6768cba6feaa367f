import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { editWaiting, ownRevision, ownRevisionPage } from '../../src/api/product-shapes.ts';
import type { StaffActor } from '../../src/foundation/runtime/actor.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { fillBannedWords, productAuthors, productCommands, revisionStates } from '../../src/modules/catalog/index.ts';
import { staffActor } from '../support/app.ts';
import { type Api, refusal, startApi } from './support/api.ts';
import {
  asSystem,
  liveProduct,
  newShop,
  type OwnProduct,
  reviewerOf,
  runAs,
  shapedAs,
  takeRevisionStep,
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
  await api.app.as({ kind: 'system', name: 'test' }, () => fillBannedWords(api.app.deps));
});
afterAll(() => api.stop());

const as = (role: 'enhancer' | 'admin' | 'reviewer'): StaffActor => staffActor({ role, isLead: false }, api.app.clock.now());
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'ok',
    (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : 'thrown'),
  );
const eventsOf = async (aggregateId: string, name: string) => {
  const rows = await asSystem(api, (prisma) => prisma.outboxEvent.findMany({ where: { aggregateId, name } }));
  return rows.map(({ payload }) => payload);
};

describe('suggestions', () => {
  const better = {
    title: 'Indigo adire wrapper of two yards, dyed by hand',
    description:
      'Two yards of soft cotton, dyed with indigo in Abeokuta. It keeps its colour in the wash and comes with a scarf of the same cloth.',
    tags: ['indigo', 'adire', 'cotton'],
    'media.0.alt': 'Folded blue wrapper on a table',
  };
  const suggest = async (product: OwnProduct, changes: object = better, enhancer = as('enhancer')) => {
    const envelope = { input: { id: product.id, changes }, expectedVersion: product.version };
    const { output } = await runAs(api, enhancer, productCommands.suggestChange, envelope);
    return { ...output, enhancer };
  };
  const read = async (productId: string, id: string) => shapedAs(ownRevision, await hands.get(`/${productId}/revisions/${id}`));
  const send = (productId: string, id: string, step: string, ask: { body: object; version: number }) =>
    hands.send('POST', `/${productId}/revisions/${id}/${step}`, ask);

  it('are accepted field by field by the owner, and the rest stays as it is', async () => {
    const live = await liveProduct(api, shop);
    const { revisionId } = await suggest(live);
    expect(await hands.read(live.id)).toMatchObject({ title: live.title, suggestions: 1, version: live.version });
    const waiting = await read(live.id, revisionId);
    const body = { fields: ['title', 'media.0.alt'] };
    const decided = shapedAs(ownRevision, await send(live.id, revisionId, 'accept', { body, version: waiting.version }));
    expect(decided).toMatchObject({ status: 'partly_accepted', acceptedFields: body.fields });
    expect(await hands.read(live.id)).toMatchObject({
      title: better.title,
      description: live.description,
      tags: live.tags,
      slug: live.slug,
      liveRevision: 2,
      images: [expect.objectContaining({ alt: better['media.0.alt'] })],
    });
    expect(await eventsOf(revisionId, 'catalog.revision.accepted')).toEqual([
      expect.objectContaining({ revisionId, productId: live.id, kind: 'suggestion' }),
    ]);
    expect(refusal(await send(live.id, revisionId, 'accept', { body, version: decided.version }))).toBe('409 transition_not_allowed');
  });

  it('never touch the price, and no field that is not open to them', async () => {
    const live = await liveProduct(api, shop);
    for (const changes of [
      { price: '1' },
      { condition: 'used' },
      { images: [] },
      { 'media.9.alt': 'Nowhere' },
      { __proto__: null, slug: 'x' },
    ])
      expect(await codeOf(suggest(live, changes))).toBe('unknown_field');
    expect(await codeOf(suggest(live, { title: live.title }))).toBe('required');
    expect(await codeOf(suggest(live, { categoryCodes: ['nowhere'] }))).toBe('invalid_value');
  });

  it('stay a draft of their author while a check fails, unseen by others, and are proposed once it passes', async () => {
    const live = await liveProduct(api, shop);
    const first = await suggest(live, {
      description: 'First copy of a brand. WhatsApp us, only ₦900 for you and for all of your friends today!',
    });
    expect(first.status).toBe('draft');
    const failed = first.checks.filter(({ ok }: { ok: boolean }) => !ok).map(({ rule }: { rule: string }) => rule);
    expect(failed).toEqual(['banned_words', 'price']);
    expect((await hands.get(`/${live.id}/revisions/${first.revisionId}`)).status).toBe(404);
    expect(await eventsOf(first.revisionId, 'catalog.revision.proposed')).toEqual([]);
    const again = await suggest(live, better, first.enhancer);
    expect(again).toMatchObject({ revisionId: first.revisionId, status: 'proposed' });
    expect(await codeOf(suggest(live, better, first.enhancer))).toBe('transition_not_allowed');
    const withdraw = (who: StaffActor) =>
      codeOf(runAs(api, who, productCommands.withdrawSuggestion, { input: { id: again.revisionId }, expectedVersion: 3 }));
    expect(await withdraw(as('enhancer'))).toBe('forbidden');
    expect(await withdraw(first.enhancer)).toBe('ok');
  });

  it('are never accepted by whoever wrote them, nor own changes by the owner', async () => {
    const live = await liveProduct(api, shop);
    const { revisionId, enhancer } = await suggest(live);
    expect(await codeOf(takeRevisionStep(api, { revisionId, step: 'accept', by: enhancer.id }))).toBe('four_eyes');
    const edit = shapedAs(editWaiting, await hands.edit(live, { condition: 'refurbished' }), 202);
    const own = await read(live.id, edit.revisionId);
    expect(refusal(await send(live.id, own.id, 'accept', { body: {}, version: own.version }))).toBe('403 four_eyes');
    expect(shapedAs(ownRevision, await send(live.id, own.id, 'withdraw', { body: {}, version: own.version })).status).toBe('withdrawn');
    const by = reviewerOf(api).id;
    await takeRevisionStep(api, { revisionId, step: 'accept', by });
    expect(await asSystem(api, (prisma) => productAuthors(prisma, live.id))).toEqual([shop.userId, enhancer.id]);
  });

  it('are declined with a note, and overtaken where the text they were written for is gone', async () => {
    const live = await liveProduct(api, shop);
    const [one, other] = [await suggest(live), await suggest(live, { title: 'Another title for the same cloth' })];
    const untouched = await suggest(live, { metaTitle: 'Indigo adire wrapper' });
    const { version } = await read(live.id, one.revisionId);
    expect((await send(live.id, one.revisionId, 'reject', { body: { note: '' }, version })).status).toBe(422);
    await takeRevisionStep(api, { revisionId: other.revisionId, step: 'accept', by: newId() });
    expect((await read(live.id, one.revisionId)).status).toBe('superseded');
    expect((await read(live.id, untouched.revisionId)).status).toBe('proposed');
    const declined = await send(live.id, untouched.revisionId, 'reject', { body: { note: 'Not how we speak' }, version: 2 });
    expect(shapedAs(ownRevision, declined)).toMatchObject({ status: 'rejected', note: 'Not how we speak' });
    const page = shapedAs(ownRevisionPage, await hands.get(`/${live.id}/revisions?limit=2`));
    expect(page.items).toHaveLength(2);
    expect(page.nextCursor).not.toBeNull();
  });

  it('are decided once by twenty who decide at once', async () => {
    const live = await liveProduct(api, shop);
    const { revisionId } = await suggest(live);
    const tries = await Promise.all(
      Array.from({ length: 20 }, () => codeOf(takeRevisionStep(api, { revisionId, step: 'accept', by: newId() }))),
    );
    expect(tries.filter((code) => code === 'ok')).toHaveLength(1);
    expect((await hands.read(live.id)).liveRevision).toBe(2);
  });

  it('are decided from "proposed" and from nowhere else', async () => {
    const live = await liveProduct(api, shop);
    const { revisionId } = await suggest(live);
    for (const status of revisionStates.statuses) {
      if (status === 'proposed') continue;
      await asSystem(api, (prisma) =>
        prisma.productRevision.update({ where: { id: revisionId }, data: { status, decidedAt: api.app.clock.now() } }),
      );
      for (const step of ['accept', 'accept_partly', 'reject'] as const)
        expect(await codeOf(takeRevisionStep(api, { revisionId, step, by: newId() })), `${step} ${status}`).toBe('transition_not_allowed');
    }
  });

  it('and an administrator decides outside of a case, a reviewer only in one', async () => {
    const live = await liveProduct(api, shop);
    const { revisionId } = await suggest(live);
    const envelope = { input: { id: revisionId, fields: ['tags'] }, expectedVersion: 2 };
    expect(await codeOf(runAs(api, as('reviewer'), productCommands.acceptRevision, envelope))).toBe('forbidden');
    expect(await codeOf(runAs(api, as('admin'), productCommands.acceptRevision, envelope))).toBe('ok');
    expect((await hands.read(live.id)).tags).toEqual(better.tags);
  });
});
