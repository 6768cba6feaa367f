import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { fillBannedWords } from '../../src/modules/catalog/index.ts';

import type { AdminClient } from '../admin/support/admin-client.ts';
import type { BackOffice, Person } from '../admin/support/back-office.ts';
import { startWholeOffice } from '../admin/support/whole-office.ts';

let office: BackOffice;
let enhancer: Seat;
let admin: Seat;
let moderator: Seat;
let vendorId: string;
let ownerUserId: string;

type Seat = { person: Person; client: AdminClient };

const system = { kind: 'system', name: 'seed' } as const;
const prisma = () => office.app.deps.database.prisma;
const asSystem = <T>(work: () => Promise<T>) => office.app.as(system, work);

async function seat(role: Parameters<BackOffice['addStaff']>[0]): Promise<Seat> {
  const person = await office.addStaff(role, { hasTotp: true });
  return { person, client: await office.signedIn(person) };
}

beforeAll(async () => {
  office = await startWholeOffice();
  await asSystem(() => fillBannedWords(office.app.deps));
  enhancer = await seat('enhancer');
  admin = await seat('admin');
  moderator = await seat('moderator');
  ownerUserId = await office.addCustomer('Bisi', 'Ade');
  vendorId = newId();
  await asSystem(() => prisma().category.create({ data: { id: newId(), code: 'gowns', name: 'Gowns' } }));
}, 180_000);
afterAll(() => office?.stop());

let serial = 0;
async function product(more: object = {}) {
  serial += 1;
  const data = {
    ...{ vendorId, ownerUserId, title: `Gown number ${serial}`, slug: `gown-${serial}`, description: 'A gown.', price: '15000.00' },
    ...{ categoryCodes: ['gowns'], status: 'published' as const, publishedAt: office.app.clock.now(), liveRevision: 1, missingQuality: 60 },
    ...more,
  };
  return asSystem(() => prisma().product.create({ data }));
}

const base = '/admin/api/resources/Product';
const show = (by: Seat, id: string) => by.client.get(`${base}/records/${id}/show`);
const post = (by: Seat, id: string, action: string, body: object, resource = 'Product') =>
  by.client.postJson(`/admin/api/resources/${resource}/records/${id}/${action}`, { idempotencyKey: randomUUID(), ...body });
const reason = { code: 'policy', text: 'It names a brand that is not theirs' };
const proveAgain = ({ person, client }: Seat) => client.postJson('/admin/step-up', { code: office.codeFor(person) });

describe('the list of products', () => {
  it('is filtered by state, store, category and price, and sorted by what lacks', async () => {
    const [one, other] = [await product({ missingQuality: 95 }), await product({ status: 'pending', price: '99.00', missingQuality: 5 })];
    const list = async (query: string) => {
      const answer = await enhancer.client.get(`${base}/actions/list?${query}`);
      expect(answer.status, answer.text).toBe(200);
      return (answer.json.records as { id: string; params: Record<string, unknown> }[]).map(({ id }) => id);
    };
    expect(await list('filters.status=pending')).toContain(other.id);
    expect(await list(`filters.vendorId=${vendorId}&filters.categoryCodes=gowns&filters.price~~from=90&filters.price~~to=100`)).toEqual([
      other.id,
    ]);
    expect((await list('sortBy=missingQuality&direction=desc'))[0]).toBe(one.id);
    expect(await list('filters.title~~contains=GOWN%20NUM')).toContain(one.id);
    expect((await enhancer.client.get(`${base}/actions/list?filters.categoryCodes=a'b`)).status).toBe(400);
  });

  it('hides deleted products from whoever cannot restore them', async () => {
    const gone = await product({ status: 'draft', deletedAt: office.app.clock.now() });
    expect((await show(enhancer, gone.id)).status).toBe(404);
    expect((await show(admin, gone.id)).status).toBe(200);
  });
});

describe('the page of a product', () => {
  it('shows the listing, what it lacks, its signals and its search preview', async () => {
    const { id } = await product({ title: 'Emerald lace gown with long sleeves' });
    await product({ title: 'Emerald lace gown with long sleeve' });
    const answer = await show(enhancer, id);
    expect(answer.status, answer.text).toBe(200);
    const { extra } = answer.json as { extra: Record<string, Record<string, unknown>> };
    expect(extra.listing).toMatchObject({
      lacking: ['Short text, 7 characters', 'No image', 'No tags', 'No search title', 'No search description'],
      preview: { title: 'Emerald lace gown with long sleeves', url: expect.stringMatching(/\/products\/gown-\d+$/) },
    });
    expect(extra.signals?.duplicates).toEqual([expect.objectContaining({ isSameStore: true })]);
    expect(extra.suggesting).toMatchObject({ draft: null, categories: [expect.objectContaining({ code: 'gowns' })] });
    expect((await show(moderator, id)).json).toMatchObject({ extra: { suggesting: null } });
  });

  it('takes a suggestion, keeps the live text, and says which checks failed', async () => {
    const { id, version } = await product();
    const failing = await post(enhancer, id, 'suggest', {
      input: { changes: { title: 'Replica gown of a brand' } },
      expectedVersion: version,
    });
    expect(failing.json).toMatchObject({ message: 'Kept as your draft: look at the checks that failed.' });
    const good = await post(enhancer, id, 'suggest', {
      input: { changes: { title: 'Lace gown with long sleeves' } },
      expectedVersion: version,
    });
    expect(good.json).toMatchObject({ message: 'Proposed. The vendor or a reviewer decides.', shown: { outcome: { status: 'proposed' } } });
    expect((await show(moderator, id)).json).toMatchObject({ record: { title: expect.stringMatching(/^Gown number/) } });
    const bad = await post(enhancer, id, 'suggest', { input: { changes: { price: '1' } }, expectedVersion: version });
    expect(bad.json).toMatchObject({ code: 'unknown_field', errors: [expect.objectContaining({ path: 'changes.price' })] });
    expect((await post(moderator, id, 'suggest', { input: { changes: { title: 'x' } }, expectedVersion: version })).status).toBe(403);
    const { extra } = (await show(admin, id)).json as { extra: { revisions: { id: string; status: string }[] } };
    expect(extra.revisions).toEqual([expect.objectContaining({ kind: 'suggestion', status: 'proposed', isMine: false })]);
  });

  it('takes it down with a reason, and offers to put it back', async () => {
    const { id } = await product();
    const done = await post(moderator, id, 'takeDown', { reason });
    expect(done.json).toMatchObject({ receipt: { undo: { action: 'putBack', expectedVersion: 2 } } });
    const states = (await show(admin, id)).json.actions as { name: string; refusal: string | null }[];
    expect(states.find(({ name }) => name === 'takeDown')?.refusal).toBe('Published products only: this one is taken down.');
    expect(states.find(({ name }) => name === 'putBack')?.refusal).toMatch(/^Whoever took it off the shop/);
    expect((await post(moderator, id, 'putBack', { reason, expectedVersion: 2 })).status).toBe(200);
    expect((await post(enhancer, id, 'takeDown', { reason })).status).toBe(403);
  });
});

describe('a proposal', () => {
  it('shows its fields, and an administrator accepts some of them', async () => {
    const { id, version } = await product();
    const changes = { title: 'Lace gown with a train', tags: ['lace', 'bridal'] };
    const made = await post(enhancer, id, 'suggest', { input: { changes }, expectedVersion: version });
    const { revisionId } = (made.json.shown as { outcome: { revisionId: string } }).outcome;
    const open = await admin.client.get(`/admin/api/resources/ProductRevision/records/${revisionId}/show`);
    expect(open.json).toMatchObject({
      record: { title: expect.stringMatching(/^Suggestion for Gown number/) },
      extra: { revision: { isMine: false, changes: [{ field: 'title', diff: { label: 'Title' } }, { field: 'tags' }] } },
    });
    await proveAgain(admin);
    const accept = { input: { fields: ['tags'] }, expectedVersion: 2 };
    expect((await post(enhancer, revisionId, 'accept', accept, 'ProductRevision')).status).toBe(403);
    const done = await post(admin, revisionId, 'accept', accept, 'ProductRevision');
    expect(done.json).toMatchObject({ message: 'Accepted in part. What was chosen is live.' });
    expect(await asSystem(() => prisma().product.findUniqueOrThrow({ where: { id } }))).toMatchObject({
      tags: ['lace', 'bridal'],
      title: expect.stringMatching(/^Gown/),
    });
  });
});

describe('the work list of the enhancers', () => {
  it('stands by what lacks most, pages, and counts how suggestions fared', async () => {
    const worst = await product({ missingQuality: 100 });
    await Promise.all(Array.from({ length: 30 }, () => product({ missingQuality: 40 })));
    const first = await enhancer.client.get('/admin/api/pages/improve-listings');
    const items = first.json.items as { id: string; quality: number }[];
    expect(items[0]?.id).toBe(worst.id);
    const second = await enhancer.client.get(`/admin/api/pages/improve-listings?after=${String(first.json.next)}`);
    const all = [...items, ...(second.json.items as { id: string; quality: number }[])];
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    expect(all.map(({ quality }) => quality)).toEqual(all.map(({ quality }) => quality).toSorted((a, b) => a - b));
    expect(first.json.figures).toMatchObject({ decided: 1, accepted: 1, acceptanceRate: 100 });
    expect((await moderator.client.get('/admin/api/pages/improve-listings')).status).toBe(403);
  });
});

describe('categories', () => {
  it('are closed, renamed, and their medians refreshed by administrators', async () => {
    const { id } = await asSystem(() => prisma().category.create({ data: { id: newId(), code: 'hats', name: 'Hats' } }));
    for (const price of ['100.00', '300.00', '200.00']) await product({ categoryCodes: ['hats'], price });
    await proveAgain(admin);
    const quality = { code: 'quality', text: 'The season has changed' };
    const refreshed = await admin.client.postJson('/admin/api/resources/Category/actions/refreshMedians', {
      reason: quality,
      idempotencyKey: randomUUID(),
    });
    expect(refreshed.status, refreshed.text).toBe(200);
    expect((await post(admin, id, 'closeCategory', { reason: quality }, 'Category')).status).toBe(200);
    expect((await post(admin, id, 'rename', { input: { name: 'Head wear' }, reason: quality }, 'Category')).status).toBe(200);
    const row = await asSystem(() => prisma().category.findUniqueOrThrow({ where: { id } }));
    expect({ ...row, medianPrice: row.medianPrice?.toFixed(2) }).toMatchObject({
      name: 'Head wear',
      isActive: false,
      medianPrice: '200.00',
    });
    expect((await post(enhancer, id, 'rename', { input: { name: 'x' }, reason: quality }, 'Category')).status).toBe(403);
  });
});
