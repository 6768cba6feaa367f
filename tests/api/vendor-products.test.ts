import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { editWaiting, ownProduct, ownProductPage } from '../../src/api/product-shapes.ts';
import { type Api, bearer, fieldsOf, newClient, refusal, startApi } from './support/api.ts';
import {
  asSystem,
  draftOf,
  liveProduct,
  newShop,
  productsPath,
  shapedAs,
  uploadPicture,
  type VendorHands,
  vendorHands,
} from './support/products.ts';
import { addCategory, type Shop } from './support/shop.ts';

let api: Api;
let shop: Shop;
let hands: VendorHands;
let stranger: Shop;
beforeAll(async () => {
  api = await startApi({ RATE_LIMIT_SCALE: '100' });
  shop = await newShop(api);
  stranger = await newShop(api);
  hands = vendorHands(api, shop);
  await addCategory(api, 'adire');
  await addCategory(api, 'dresses');
  const closed = await addCategory(api, 'closed');
  await asSystem(api, (prisma) => prisma.category.update({ where: { id: closed.id }, data: { isActive: false } }));
});
afterAll(() => api.stop());

const least = { title: 'Blue wrapper', price: '15000.00' };

describe('writing a product', () => {
  it('keeps a draft with what it was told, and what it was not told by default', async () => {
    const made = shapedAs(ownProduct, await hands.create(least), 201);
    expect(made).toMatchObject({ status: 'draft', slug: 'blue-wrapper', price: '15000.00', currency: 'NGN', condition: 'new', version: 1 });
    const read = await hands.get(`/${made.id}`);
    expect(read.headers.etag).toBe('"1"');
    expect(read.json).toEqual(made);
  });

  it('gives two of one title two addresses, also at once', async () => {
    const made = await Promise.all([1, 2, 3, 4].map(() => hands.create({ title: 'Ọ̀ṣun dress!', price: 1 })));
    const slugs = made.map((answer) => shapedAs(ownProduct, answer, 201).slug);
    expect(new Set(slugs).size).toBe(4);
    expect(slugs).toContain('osun-dress');
    expect(shapedAs(ownProduct, await hands.create({ title: '绣花长裙', price: 1 }), 201).slug).toMatch(/^product/);
  });

  it('keeps text as text: markup goes, lines and letters of every script stay', async () => {
    const description = `Ẹ̀wù àdìrẹ\n绣花 \u{1F457}<script>alert(1)</script> <b>bold</b> 3 < 5`;
    const made = shapedAs(ownProduct, await hands.create({ ...least, title: '<i>Fine</i> cloth', description }), 201);
    expect(made.title).toBe('Fine cloth');
    expect(made.description).toBe(`Ẹ̀wù àdìrẹ\n绣花 \u{1F457} bold 3 < 5`.normalize('NFC'));
    const long = 'ẹ'.repeat(5000);
    expect(shapedAs(ownProduct, await hands.create({ ...least, description: long }), 201).description).toBe(long);
  });

  it.each([
    [{ price: '1.999' }, 'price: price_invalid'],
    [{ price: '0' }, 'price: price_invalid'],
    [{ price: 0 }, 'price: price_invalid'],
    [{ price: '-1' }, 'price: price_invalid'],
    [{ price: -1 }, 'price: price_invalid'],
    [{ price: '100000000.01' }, 'price: price_invalid'],
    [{ price: '1e3' }, 'price: price_invalid'],
    [{ oldPrice: '15000.00' }, 'oldPrice: price_invalid'],
    [{ title: '' }, 'title: required'],
    [{ title: 'n'.repeat(256) }, 'title: too_long'],
    [{ description: 'n'.repeat(5001) }, 'description: too_long'],
    [{ description: 'a\u0000b' }, 'description: invalid_value'],
    [{ categoryCodes: [] }, 'categoryCodes: too_short'],
    [{ categoryCodes: ['nowhere'] }, 'categoryCodes.0: invalid_value'],
    [{ categoryCodes: ['adire', 'closed'] }, 'categoryCodes.1: invalid_value'],
    [{ categoryCodes: Array.from({ length: 16 }, (_, n) => `c${n}`) }, 'categoryCodes: too_long'],
    [{ tags: Array.from({ length: 31 }, (_, n) => `t${n}`) }, 'tags: too_long'],
    [{ stockQty: -1 }, 'stockQty: too_short'],
    [{ isPreOrder: true }, 'preOrderDate: required'],
    [{ isPreOrder: true, preOrderDate: '2020-01-01' }, 'preOrderDate: invalid_value'],
    [{ isPreOrder: true, preOrderDate: '2030-02-30' }, 'preOrderDate: invalid_value'],
    [{ preOrderDate: '2030-01-01' }, 'preOrderDate: invalid_value'],
    [{ currency: 'XYZ' }, 'currency: invalid_value'],
    [{ status: 'published' }, 'status: unknown_field'],
    [{ price: true }, 'price: invalid_type'],
  ])('refuses %j with %s', async (body, problem) => {
    const answer = await hands.create({ ...least, ...body });
    expect(answer.status).toBe(422);
    expect(fieldsOf(answer)).toEqual([problem]);
  });

  it("takes pictures of one's own only, and never one that proves who somebody is", async () => {
    const mine = await uploadPicture(api, shop.userId);
    const theirs = await uploadPicture(api, stranger.userId);
    const proof = await uploadPicture(api, shop.userId);
    await asSystem(api, (prisma) => prisma.privateFile.update({ where: { id: proof }, data: { purpose: 'kyc' } }));
    const images = [{ fileId: mine, alt: 'Mine' }, { fileId: theirs }, { fileId: proof }];
    const refused = await hands.create({ ...least, images });
    expect(fieldsOf(refused)).toEqual(['images.1.fileId: invalid_value', 'images.2.fileId: invalid_value']);
    const made = shapedAs(ownProduct, await hands.create({ ...least, images: images.slice(0, 1) }), 201);
    expect(made.images).toEqual([{ fileId: mine, alt: 'Mine', isCover: true }]);
    expect(fieldsOf(await hands.create({ ...least, images: [images[0], images[0]] }))).toEqual(['images.1.fileId: invalid_value']);
  });

  it('needs a title and a price, and says so of both', async () => {
    expect(fieldsOf(await hands.create({}))).toEqual(['title: required', 'price: required']);
    expect(fieldsOf(await hands.create({ title: null, price: [] }))).toEqual(['title: invalid_type', 'price: invalid_type']);
  });

  it('is for vendors', async () => {
    const client = bearer((await newClient(api)).tokens.accessToken);
    expect(refusal(await api.call('POST', productsPath, { body: least, headers: client }))).toBe('403 role_required');
    const { id } = await draftOf(api, stranger);
    for (const path of ['', `/${id}`, `/${id}/revisions`, `/${id}/revisions/${id}`])
      expect(refusal(await api.get(`${productsPath}${path}`, client)), path).toBe('403 role_required');
    expect((await api.get(productsPath)).status).toBe(401);
  });

  it('is over with the store', async () => {
    const closed = vendorHands(api, await newShop(api, { status: 'closed' }));
    expect(refusal(await closed.create(least))).toBe('409 transition_not_allowed');
    expect(shapedAs(ownProductPage, await closed.get()).items).toEqual([]);
  });
});

describe("another's product", () => {
  it('is 404, whatever is tried', async () => {
    const { id, version } = await draftOf(api, stranger);
    const tries = [
      await hands.get(`/${id}`),
      await hands.send('PATCH', `/${id}`, { body: { title: 'Mine' }, version }),
      await hands.send('DELETE', `/${id}`, { version }),
      ...(await Promise.all(['submit', 'archive', 'withdraw'].map((step) => hands.send('POST', `/${id}/${step}`, { body: {}, version })))),
      await hands.get(`/${id}/revisions`),
      await hands.get('/not-an-id'),
    ];
    expect(tries.map(({ status }) => status)).toEqual(tries.map(() => 404));
    expect(shapedAs(ownProductPage, await hands.get('?limit=100')).items.map((item) => item.id)).not.toContain(id);
  });
});

describe('changing a product', () => {
  it('asks for the version, and refuses a stale one', async () => {
    const draft = await draftOf(api, shop);
    expect(refusal(await hands.send('PATCH', `/${draft.id}`, { body: { stockQty: 2 } }))).toBe('428 if_match_required');
    const changed = shapedAs(ownProduct, await hands.edit(draft, { stockQty: 2, title: 'Another title' }));
    expect(changed).toMatchObject({ stockQty: 2, slug: 'another-title', version: draft.version + 1 });
    expect(refusal(await hands.edit(draft, { stockQty: 3 }))).toBe('412 version_conflict');
    expect(shapedAs(ownProduct, await hands.edit(changed, { stockQty: 2 })).version).toBe(changed.version);
  });

  it('pages newest first, with a cursor, by state', async () => {
    const first = shapedAs(ownProductPage, await hands.get('?limit=2&status=draft'));
    const second = shapedAs(ownProductPage, await hands.get(`?limit=2&status=draft&cursor=${first.nextCursor}`));
    const ids = [...first.items, ...second.items].map(({ id }) => id);
    expect(ids).toEqual(ids.toSorted().reverse());
    expect(refusal(await hands.get('?cursor=nonsense'))).toBe('422 invalid_value');
  });

  it('deletes a draft, and nothing else', async () => {
    const draft = await draftOf(api, shop);
    expect((await hands.send('DELETE', `/${draft.id}`, { version: draft.version })).status).toBe(204);
    expect((await hands.get(`/${draft.id}`)).status).toBe(404);
    const live = await liveProduct(api, shop);
    expect(refusal(await hands.send('DELETE', `/${live.id}`, { version: live.version }))).toBe('409 transition_not_allowed');
  });
});

describe('changing a live product', () => {
  it('lets what is not material through at once', async () => {
    const live = await liveProduct(api, shop);
    const changed = shapedAs(ownProduct, await hands.edit(live, { stockQty: 9, price: '19000.00', tags: ['Indigo'], metaTitle: 'Indigo' }));
    expect(changed).toMatchObject({ stockQty: 9, price: '19000.00', tags: ['Indigo'], status: 'published', pendingRevisionId: null });
  });

  it('keeps the live one while title, description, category, images, condition or a price that jumps wait', async () => {
    const live = await liveProduct(api, shop);
    const material: object[] = [
      { title: 'Quite another cloth' },
      { description: 'Something else altogether, and more than before.' },
      { categoryCodes: ['dresses'] },
      { condition: 'used' },
      { price: '20000.00' },
      { images: [{ ...live.images[0], alt: 'Another text' }] },
    ];
    let version = live.version;
    for (const change of material) {
      const waiting = shapedAs(editWaiting, await hands.send('PATCH', `/${live.id}`, { body: change, version }), 202);
      expect(waiting.product).toMatchObject({ title: live.title, price: live.price, pendingRevisionId: waiting.revisionId });
      version = waiting.product.version;
    }
    const open = await asSystem(api, (prisma) => prisma.productRevision.findMany({ where: { productId: live.id, status: 'proposed' } }));
    expect(open).toHaveLength(1);
    const fields = JSON.stringify(open[0]?.changes);
    for (const change of material) expect(fields).toContain(Object.keys(change)[0]);
  });

  it('does both of a change that is both, and forgets what goes back to how it is', async () => {
    const live = await liveProduct(api, shop);
    const waiting = shapedAs(editWaiting, await hands.edit(live, { title: 'A new title of it', stockQty: 7 }), 202);
    expect(waiting.product).toMatchObject({ title: live.title, stockQty: 7 });
    const back = shapedAs(ownProduct, await hands.edit(waiting.product, { title: live.title }));
    expect(back.pendingRevisionId).toBeNull();
    const old = await asSystem(api, (prisma) => prisma.productRevision.findUniqueOrThrow({ where: { id: waiting.revisionId } }));
    expect(old.status).toBe('superseded');
  });

  it('keeps a waiting change, and its place, where the same is asked again', async () => {
    const live = await liveProduct(api, shop);
    const first = shapedAs(editWaiting, await hands.edit(live, { title: 'Asked for twice' }), 202);
    const again = shapedAs(editWaiting, await hands.edit(first.product, { title: 'Asked for twice' }), 202);
    expect(again.revisionId).toBe(first.revisionId);
  });

  it('lets an old price wait with the price it belongs to', async () => {
    const live = await liveProduct(api, shop);
    const waiting = shapedAs(editWaiting, await hands.edit(live, { price: '9000.00', oldPrice: '12000.00' }), 202);
    expect(waiting.product).toMatchObject({ price: '15000.00', oldPrice: null });
  });
});
