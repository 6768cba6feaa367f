import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { catalogJobs, forgetProductsOf, productCommands } from '../../src/modules/catalog/index.ts';
import { system } from '../audit/support/staff.ts';
import { staffActor } from '../support/app.ts';
import { type Api, startApi } from './support/api.ts';
import { asSystem, liveProduct, newShop, runAs } from './support/products.ts';
import { addCategory, newProduct } from './support/shop.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi({ RATE_LIMIT_SCALE: '100' });
  await addCategory(api, 'adire');
});
afterAll(() => api.stop());

async function runJob(queue: string, payload: object): Promise<void> {
  const job = catalogJobs.find((candidate) => candidate.queue === queue);
  if (!job) throw new Error(`No job ${queue}`);
  const run = { id: 'test', attempt: 0, isLastAttempt: true, signal: new AbortController().signal, send: async () => undefined };
  await api.app.as(system, () => job.handle(payload, api.app.deps, run));
}

describe('the medians', () => {
  const median = async (code: string) =>
    (await asSystem(api, (prisma) => prisma.category.findUniqueOrThrow({ where: { code } }))).medianPrice?.toFixed(2) ?? null;

  it('follow what is live, need three prices, and leave a quiet hour without a trace', async () => {
    await addCategory(api, 'hats');
    const shop = await newShop(api);
    for (const price of ['100.00', '400.00']) await newProduct(api, shop, { categoryCodes: ['hats'], price });
    await newProduct(api, shop, { categoryCodes: ['hats'], price: '9999.00', status: 'draft', publishedAt: null, liveRevision: 0 });
    await runJob('catalog.refresh-medians', {});
    expect(await median('hats')).toBeNull();
    await newProduct(api, shop, { categoryCodes: ['hats', 'adire'], price: '200.00' });
    await runJob('catalog.refresh-medians', {});
    expect(await median('hats')).toBe('200.00');
    const { version, updatedAt } = await asSystem(api, (prisma) => prisma.category.findUniqueOrThrow({ where: { code: 'hats' } }));
    await runJob('catalog.refresh-medians', {});
    expect(await asSystem(api, (prisma) => prisma.category.findUniqueOrThrow({ where: { code: 'hats' } }))).toMatchObject({
      version,
      updatedAt,
    });
  });
});

describe('a store that closes', () => {
  it('has its products archived, once', async () => {
    const shop = await newShop(api);
    const [one, other] = [await newProduct(api, shop), await newProduct(api, shop)];
    await shop.arrange({ status: 'closed' });
    const event = {
      event: {
        ...{ eventId: one.id, name: 'identity.vendor.closed', aggregateId: shop.id, actionId: null },
        ...{ occurredAt: api.app.clock.now().toISOString(), payload: { vendorId: shop.id, code: 'close' } },
      },
    };
    await runJob('catalog.on-vendor-closed', event);
    await runJob('catalog.on-vendor-closed', event);
    const rows = await asSystem(api, (prisma) => prisma.product.findMany({ where: { id: { in: [one.id, other.id] } } }));
    expect(rows.map(({ status, version }) => [status, version])).toEqual([
      ['archived', 2],
      ['archived', 2],
    ]);
  });
});

describe('an erased vendor', () => {
  it('leaves products without a word or a picture, and nobody sees them', async () => {
    const shop = await newShop(api);
    const live = await liveProduct(api, shop);
    const enhancer = staffActor({ role: 'enhancer', isLead: false }, api.app.clock.now());
    const changes = { title: 'Planted words of a suggestion that waits' };
    await runAs(api, enhancer, productCommands.suggestChange, { input: { id: live.id, changes }, expectedVersion: live.version });
    const forget = () => api.app.as(system, () => forgetProductsOf(api.app.deps, { userId: shop.userId }));
    const first = await forget();
    expect(first.rows).toEqual({ 'catalog.product': 1, 'catalog.product_media': 1, 'catalog.product_revision': 1 });
    const rows = await asSystem(api, (prisma) =>
      prisma.product.findMany({ where: { ownerUserId: shop.userId }, include: { media: true, revisions: true } }),
    );
    const text = JSON.stringify(rows);
    for (const word of [live.title, live.description ?? '-', live.slug, 'Planted']) expect(text).not.toContain(word);
    expect(rows).toEqual([expect.objectContaining({ status: 'archived', deletedAt: expect.any(Date) })]);
    expect((await forget()).records).toEqual([]);
  });
});
