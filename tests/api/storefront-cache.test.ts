import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { storefrontProductPage } from '../../src/api/storefront-shapes.ts';
import { createApp } from '../../src/app.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { staffCommands } from '../../src/modules/identity/index.ts';
import { addStaff } from '../audit/support/staff.ts';
import { staffActor } from '../support/app.ts';
import { type Api, refusal, shaped, startApi } from './support/api.ts';
import { addImage, asSystem, newProduct, newShop, type Shop } from './support/shop.ts';

let api: Api;
let shop: Shop;
beforeAll(async () => {
  api = await startApi({ RATE_LIMIT_SCALE: '1000' });
  shop = await newShop(api);
});
afterAll(() => api.stop());
afterEach(() => vi.restoreAllMocks());

const get = (path: string, headers: Record<string, string> = {}) => api.get(`/api/v1/catalog${path}`, headers);

/** The statements of the storefront that the pool is asked for from now on. */
function watchStatements() {
  const { pool } = api.app.deps.database;
  const spy = vi.spyOn(pool, 'query');
  const texts = () =>
    spy.mock.calls.map(([first]) => {
      const asked: unknown = first;
      return typeof asked === 'string' ? asked : typeof asked === 'object' && asked !== null && 'text' in asked ? String(asked.text) : '';
    });
  return (part: string) => texts().filter((text) => text.includes(part)).length;
}

describe('the cache of the storefront', () => {
  it('makes one query for a hundred who miss at once, and none for the next hundred', async () => {
    const product = await newProduct(api, shop);
    await wait(450);
    const count = watchStatements();
    const all = (path: string) => Promise.all(Array.from({ length: 100 }, () => get(path)));
    for (const path of [`/products/${product.slug}`, '/products?sort=price&limit=3']) {
      const before = count('catalog.product');
      expect(new Set((await all(path)).map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
      expect(count('catalog.product') - before, path).toBe(1);
      await all(path);
      expect(count('catalog.product') - before, path).toBe(1);
    }
  });

  it('counts nothing against who is answered from memory, and refuses who makes it work too often', async () => {
    const strict = await startApi({ RATE_LIMIT_SCALE: '0.005' });
    try {
      const statuses: number[] = [];
      for (const n of [1, 2, 3, 4]) statuses.push((await strict.get(`/api/v1/catalog/products?limit=${n}`)).status);
      expect(statuses).toEqual([200, 200, 200, 429]);
      expect((await strict.get('/api/v1/catalog/products?limit=1')).status).toBe(200);
      expect((await strict.get('/api/v1/catalog/products?limit=1')).headers.ratelimit).toBeUndefined();
    } finally {
      await strict.stop();
    }
  });
});

describe('what customers must not see any more', () => {
  /** Everything that shows something of a product, asked twice so that it is kept. */
  async function shown(product: { slug: string }, fileId: string, store: Shop) {
    const paths = [
      `/vendors/${store.slug}`,
      `/products/${product.slug}`,
      `/images/${fileId}`,
      `/products?vendor=${store.slug}`,
      '/products?limit=100',
    ];
    for (const path of [...paths, ...paths]) expect((await get(path)).status, path).toBe(200);
    return {
      statuses: async () => {
        const [vendor, detail, image] = await Promise.all(paths.slice(0, 3).map((path) => get(path)));
        const lists = await Promise.all(paths.slice(3).map(async (path) => shaped(storefrontProductPage, await get(path))));
        return [
          vendor?.status,
          detail?.status,
          image?.status,
          ...lists.map(({ items }) => items.some(({ slug }) => slug === product.slug)),
        ];
      },
    };
  }

  async function sold() {
    const store = await newShop(api);
    const product = await newProduct(api, store);
    const fileId = await addImage(api, product);
    return { store, product, fileId };
  }

  it('is gone at the next request when its owner is suspended by a command, and back when they are reactivated', async () => {
    const { store, product, fileId } = await sold();
    const { statuses } = await shown(product, fileId, store);
    const lead = staffActor({ role: 'support', isLead: true }, api.app.clock.now(), { id: await addStaff(api.app, 'support', true) });
    const reason = { code: 'abuse', text: 'Sold what was not theirs to sell' };
    await api.app.as(lead, () => runCommand(api.app.deps, staffCommands.suspendUser, { input: { id: store.userId }, reason }));
    expect(await statuses()).toEqual([404, 404, 404, false, false]);
    await api.app.as(lead, () => runCommand(api.app.deps, staffCommands.reactivateUser, { input: { id: store.userId }, reason }));
    expect(await statuses()).toEqual([200, 200, 200, true, true]);
  });

  it.each([
    ['the shop is suspended', (store: Shop) => store.arrange({ status: 'suspended', suspendedAt: new Date() })],
    ['the shop is closed', (store: Shop) => store.arrange({ status: 'closed' })],
  ])('is gone within a second, whoever wrote it, when %s', async (_name, change) => {
    const { store, product, fileId } = await sold();
    const { statuses } = await shown(product, fileId, store);
    await change(store);
    await wait(450);
    expect(await statuses()).toEqual([404, 404, 404, false, false]);
  });

  it('is gone when the product is taken down, deleted or loses its picture', async () => {
    const { store, product, fileId } = await sold();
    const { statuses } = await shown(product, fileId, store);
    await asSystem(api, (prisma) => prisma.productMedia.deleteMany({ where: { productId: product.id } }));
    await wait(450);
    expect(await statuses()).toEqual([200, 200, 404, true, true]);
    await asSystem(api, (prisma) => prisma.product.update({ where: { id: product.id }, data: { status: 'suspended' } }));
    await wait(450);
    expect(await statuses()).toEqual([200, 404, 404, false, false]);
  });

  it('changes with its price and title, and lets the shops of other groups keep what they have', async () => {
    const { store, product } = await sold();
    const before = await get(`/products/${product.slug}`);
    await asSystem(api, (prisma) => prisma.product.update({ where: { id: product.id }, data: { price: '9000' } }));
    await wait(450);
    const after = await get(`/products/${product.slug}`, { 'If-None-Match': before.headers.etag ?? '' });
    expect([after.status, after.text.includes('"9000.00"')]).toEqual([200, true]);
    const group = (id: string) => Number.parseInt(id.slice(-2), 16) % 16;
    let other = await newShop(api);
    while (group(other.id) === group(store.id)) other = await newShop(api);
    const theirs = await newProduct(api, other);
    await get(`/products/${theirs.slug}`);
    await wait(450);
    const count = watchStatements();
    await asSystem(api, (prisma) => prisma.product.update({ where: { id: product.id }, data: { price: '9500' } }));
    await wait(450);
    await get(`/products/${theirs.slug}`);
    expect(count('catalog.product AS p')).toBe(0);
    await get(`/products/${product.slug}`);
    expect(count('catalog.product AS p')).toBe(1);
  });

  it('leaves the versions alone for what nobody sees', async () => {
    const versions = () =>
      api.app.deps.database.pool.query('SELECT sum(epoch)::int AS sum FROM platform.cache_namespace').then(({ rows }) => rows);
    const draft = await newProduct(api, shop, { status: 'draft' });
    const before = await versions();
    await asSystem(api, (prisma) => prisma.product.update({ where: { id: draft.id }, data: { title: 'Another title' } }));
    expect(await versions()).toEqual(before);
  });
});

describe('two web processes on one database', () => {
  it('both stop showing it within a second', async () => {
    const other = await createApp({ config: api.app.deps.config, clock: api.app.clock });
    const { createServer } = await import('node:http');
    const server = createServer(await other.handler());
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const origin = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/api/v1/catalog`;
    try {
      const store = await newShop(api);
      const product = await newProduct(api, store);
      const there = async () => (await fetch(`${origin}/products/${product.slug}`)).status;
      expect([await there(), (await get(`/products/${product.slug}`)).status]).toEqual([200, 200]);
      const lead = staffActor({ role: 'support', isLead: true }, api.app.clock.now(), { id: await addStaff(api.app, 'support', true) });
      const reason = { code: 'abuse', text: 'Sold what was not theirs to sell' };
      await api.app.as(lead, () => runCommand(api.app.deps, staffCommands.suspendUser, { input: { id: store.userId }, reason }));
      expect(refusal(await get(`/products/${product.slug}`))).toBe('404 not_found');
      await vi.waitFor(async () => expect(await there()).toBe(404), { timeout: 1_000, interval: 20 });
    } finally {
      server.closeAllConnections();
      server.close();
      await other.stop();
    }
  });
});
