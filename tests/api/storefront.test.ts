import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { storefrontCategories, storefrontProduct, storefrontProductPage, storefrontVendor } from '../../src/api/storefront-shapes.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { type Api, fieldsOf, refusal, shaped, startApi } from './support/api.ts';
import { addCategory, addImage, asSystem, newProduct, newShop, type Shop } from './support/shop.ts';

let api: Api;
let shop: Shop;
beforeAll(async () => {
  api = await startApi({ RATE_LIMIT_SCALE: '1000' });
  await addCategory(api, 'clothing');
  await addCategory(api, 'adire', 'clothing');
  await addCategory(api, 'shoes');
  shop = await newShop(api);
});
afterAll(() => api.stop());

const get = (path: string, headers: Record<string, string> = {}) => api.get(`/api/v1/catalog${path}`, headers);
const titles = async (query: string) => shaped(storefrontProductPage, await get(`/products?${query}`)).items.map(({ title }) => title);

describe('GET /catalog/vendors/{slug}', () => {
  it('shows the shop and nothing of whose it is', async () => {
    const answer = await get(`/vendors/${shop.slug}`);
    const { json } = answer;
    expect(shaped(storefrontVendor, answer)).toMatchObject({ slug: shop.slug, countryCode: 'NG', city: 'Abeokuta', productCount: 0 });
    expect(JSON.stringify(json)).not.toContain(shop.userId);
    expect(JSON.stringify(json)).not.toMatch(/Itoku|status|commission|risk|tax|email|phone|userId/i);
  });

  it('answers 304 to who has it, and asks everybody to come back', async () => {
    const { headers } = await get(`/vendors/${shop.slug}`);
    expect(headers['cache-control']).toBe('public, no-cache');
    const again = await get(`/vendors/${shop.slug}`, { 'If-None-Match': headers.etag ?? '' });
    expect([again.status, again.text]).toEqual([304, '']);
  });

  it.each(['nobody', 'UPPER', 'a--b', '%2e%2e', 'x'.repeat(280)])('knows no shop named %s', async (slug) => {
    expect(refusal(await get(`/vendors/${slug}`))).toBe('404 not_found');
  });

  it('hides every state but approved', async () => {
    for (const status of ['draft', 'submitted', 'in_review', 'changes_requested', 'rejected', 'suspended', 'closed'] as const) {
      const other = await newShop(api, { status });
      expect(refusal(await get(`/vendors/${other.slug}`)), status).toBe('404 not_found');
    }
  });
});

describe('GET /catalog/products/{slug}', () => {
  it('shows the listing with its pictures', async () => {
    const product = await newProduct(api, shop, { oldPrice: '20000', tags: ['cotton'], metaTitle: 'Indigo' });
    const fileId = await addImage(api, product);
    const answer = await get(`/products/${product.slug}`);
    expect(shaped(storefrontProduct, answer)).toMatchObject({
      title: product.title,
      price: '15000.00',
      oldPrice: '20000.00',
      categories: [{ code: 'adire', name: 'adire' }],
      images: [{ url: `${api.app.deps.config.publicUrl}/api/v1/catalog/images/${fileId}`, alt: 'The cloth', isCover: true }],
      vendor: { slug: shop.slug },
      inStock: true,
    });
    expect(answer.text).not.toContain(shop.userId);
    expect(answer.text).not.toMatch(/status|reviewed|riskScore|stockQty|ownerUserId|liveRevision/);
  });

  it('hides what is not published, what is deleted and what a shop that does not sell offers', async () => {
    for (const status of ['draft', 'pending', 'in_review', 'changes_requested', 'rejected', 'suspended', 'archived'] as const) {
      const { slug } = await newProduct(api, shop, { status });
      expect(refusal(await get(`/products/${slug}`)), status).toBe('404 not_found');
    }
    const deleted = await newProduct(api, shop, { status: 'archived', deletedAt: api.app.clock.now() });
    expect(refusal(await get(`/products/${deleted.slug}`))).toBe('404 not_found');
    const closed = await newShop(api, { status: 'closed' });
    const theirs = await newProduct(api, closed);
    expect(refusal(await get(`/products/${theirs.slug}`))).toBe('404 not_found');
    expect(await titles(`vendor=${closed.slug}`)).toEqual([]);
  });
});

describe('GET /catalog/products', () => {
  let store: Shop;
  beforeAll(async () => {
    store = await newShop(api);
    const goods = [
      { title: 'Adire maxi dress', price: '30000', categoryCodes: ['adire'], genderTarget: 'women' as const },
      { title: 'Adire shirt 100% cotton', price: '12000', categoryCodes: ['adire'], genderTarget: 'men' as const },
      { title: 'Leather sandals', price: '18000', categoryCodes: ['shoes'], condition: 'used' as const },
      { title: 'Kaftan of aso-oke', price: '30000', categoryCodes: ['clothing'] },
    ];
    for (const each of goods) await newProduct(api, store, each);
  });
  const own = (query: string) => titles(`vendor=${store.slug}${query}`);

  it('lists the newest first, and by price up and down', async () => {
    expect(await own('')).toEqual(['Kaftan of aso-oke', 'Leather sandals', 'Adire shirt 100% cotton', 'Adire maxi dress']);
    expect((await own('&sort=price')).slice(0, 2)).toEqual(['Adire shirt 100% cotton', 'Leather sandals']);
    expect((await own('&sort=-price')).at(-1)).toBe('Adire shirt 100% cotton');
  });

  it('walks every page once, in each order', async () => {
    for (const sort of ['newest', 'price', '-price', 'relevance&q=adire+dress']) {
      const seen: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const page = await get(`/products?vendor=${store.slug}&limit=1&sort=${sort}${cursor ? `&cursor=${cursor}` : ''}`);
        const { items, nextCursor } = shaped(storefrontProductPage, page);
        seen.push(...items.map(({ id }) => id));
        cursor = nextCursor;
      }
      expect(new Set(seen).size, sort).toBe(seen.length);
      if (!sort.startsWith('relevance')) expect(seen, sort).toHaveLength(4);
    }
  });

  it('filters by category with those below it, price, condition and gender', async () => {
    expect(await own('&category=clothing')).toEqual(['Kaftan of aso-oke', 'Adire shirt 100% cotton', 'Adire maxi dress']);
    expect(await own('&category=shoes')).toEqual(['Leather sandals']);
    expect(await own('&category=unheard-of')).toEqual([]);
    expect(await own('&minPrice=12000.01&maxPrice=18000')).toEqual(['Leather sandals']);
    expect(await own('&condition=used')).toEqual(['Leather sandals']);
    expect(await own('&gender=women')).toEqual(['Adire maxi dress']);
  });

  it('finds words of the title, mistyped ones too, and takes % for what it is', async () => {
    expect(await own('&q=sandals')).toEqual(['Leather sandals']);
    expect(await own('&q=adira')).toEqual(expect.arrayContaining(['Adire maxi dress', 'Adire shirt 100% cotton']));
    expect(await own('&q=100%25')).toEqual(['Adire shirt 100% cotton']);
    expect(await own('&q=%25%25')).toEqual([]);
    expect(await own("&q=';--")).toEqual([]);
  });

  it.each([
    ['colour=red', 'colour: unknown_field'],
    ['limit=0', 'limit: invalid_value'],
    ['limit=101', 'limit: invalid_value'],
    ['sort=stock', 'sort: invalid_value'],
    ['sort=relevance', 'sort: invalid_value'],
    ['condition=broken', 'condition: invalid_value'],
    ['gender=MEN', 'gender: invalid_value'],
    ['minPrice=-1', 'minPrice: invalid_value'],
    ['minPrice=1e9', 'minPrice: invalid_value'],
    ['minPrice=20&maxPrice=10', 'maxPrice: invalid_value'],
    ['vendor=No+One', 'vendor: invalid_value'],
    ['q=a', 'q: too_short'],
    ['q=%00ab', 'q: invalid_value'],
    ['cursor=abc', 'cursor: invalid_value'],
    [`cursor=${Buffer.from(`newest|2026-99-99T99:99:99.000000Z|${newId()}`).toString('base64url')}`, 'cursor: invalid_value'],
    [`cursor=${Buffer.from(`price|10.00|${newId()}`).toString('base64url')}`, 'cursor: invalid_value'],
    ['limit=1&limit=2', 'limit: invalid_value'],
  ])('refuses %s', async (query, fault) => {
    const answer = await get(`/products?${query}`);
    expect([answer.status, ...fieldsOf(answer)]).toEqual([422, fault]);
  });
});

describe('GET /catalog/categories', () => {
  it('lists what is open, by name, with where it hangs', async () => {
    const shut = await addCategory(api, 'capes', 'clothing');
    await asSystem(api, (prisma) => prisma.category.update({ where: { id: shut.id }, data: { isActive: false } }));
    const answer = await get('/categories');
    expect(shaped(storefrontCategories, answer).items).toEqual([
      { code: 'adire', name: 'adire', parentCode: 'clothing' },
      { code: 'clothing', name: 'clothing', parentCode: null },
      { code: 'shoes', name: 'shoes', parentCode: null },
    ]);
    expect(answer.headers['cache-control']).toBe('public, no-cache');
    expect((await get('/categories', { 'If-None-Match': answer.headers.etag ?? '' })).status).toBe(304);
    expect(fieldsOf(await get('/categories?page=1'))).toEqual(['page: unknown_field']);
  });
});

describe('GET /catalog/images/{fileId}', () => {
  it('gives the picture of a product that is sold, and 304 to who has it', async () => {
    const product = await newProduct(api, shop);
    const fileId = await addImage(api, product);
    const answer = await get(`/images/${fileId}`);
    expect([answer.status, answer.headers['content-type'], answer.headers['cache-control']]).toEqual([
      200,
      'image/jpeg',
      'public, no-cache',
    ]);
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect((await get(`/images/${fileId}`, { 'If-None-Match': answer.headers.etag ?? '' })).status).toBe(304);
  });

  it('knows no other file: of a draft, of a shop that does not sell, of nobody, or of no such form', async () => {
    const draft = await newProduct(api, shop, { status: 'draft' });
    const suspended = await newShop(api, { status: 'suspended' });
    const theirs = await newProduct(api, suspended);
    const hidden = [await addImage(api, draft), await addImage(api, theirs), newId(), 'cover.jpg', '..%2f..%2fetc%2fpasswd'];
    for (const id of hidden) expect(refusal(await get(`/images/${id}`)), id).toBe('404 not_found');
  });
});

describe('the document', () => {
  it('names the five routes, and what their work is limited by', async () => {
    const document = z
      .looseObject({ paths: z.record(z.string(), z.looseObject({ get: z.looseObject({}).optional() })) })
      .parse((await api.get('/openapi.json')).json);
    const paths = Object.entries(document.paths).filter(([path]) => path.startsWith('/api/v1/catalog/'));
    expect(paths).toHaveLength(5);
    for (const [, { get: operation }] of paths) expect(operation).toMatchObject({ 'x-rate-limits': [{ name: 'catalog' }], security: [] });
  });
});
