import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AdminClient } from '../admin/support/admin-client.ts';
import { actionsOf, type BackOffice, type Person } from '../admin/support/back-office.ts';
import { startWholeOffice } from '../admin/support/whole-office.ts';
import { caseRow, emptyQueue, opened, passed, product, type Store, store, vendorRow, waiting } from '../modules/review/desk.ts';

let office: BackOffice;
let reviewer: { person: Person; client: AdminClient };
let lead: { person: Person; client: AdminClient };
let selling: Store;
const signIn = async (role: Parameters<BackOffice['addStaff']>[0], isLead = false) => {
  const person = await office.addStaff(role, { isLead, hasTotp: true });
  return { person, client: await office.signedIn(person) };
};
beforeAll(async () => {
  office = await startWholeOffice({ RATE_LIMIT_SCALE: '1000' });
  reviewer = await signIn('reviewer');
  lead = await signIn('reviewer', true);
  selling = await store(office.app, { status: 'approved' });
}, 240_000);
afterAll(() => office?.stop());
beforeEach(() => emptyQueue(office.app));

const api = '/admin/api/resources/ReviewCase';
const reason = { code: 'quality', text: 'Somebody asked for it by name' };
const post = (client: AdminClient, path: string, body: object = {}) =>
  client.postJson(`${api}/${path}`, { idempotencyKey: randomUUID(), ...body });
const onCase = async (client: AdminClient, id: string, action: string, body: object = {}) =>
  post(client, `records/${id}/${action}`, { expectedVersion: (await caseRow(office.app, id)).version, ...body });
const take = (client: AdminClient) => post(client, 'actions/takeNext');
const show = (client: AdminClient, id: string) => client.get(`${api}/records/${id}/show`);
type Shown = {
  actions: { name: string; refusal: string | null }[];
  record: { params: Record<string, unknown> };
  extra: { isHistoryClosed: boolean };
};

describe('the queue over HTTP', () => {
  it('gives the next case with its receipt, and says in plain words that nothing waits', async () => {
    const { caseId } = await waiting(office.app);
    const taken = await take(reviewer.client);
    expect([taken.status, taken.json.shown], taken.text).toEqual([200, { caseId, kind: 'vendor', isEmpty: false }]);
    const empty = await take(reviewer.client);
    expect([empty.status, empty.json.message, empty.json.shown]).toEqual([
      200,
      'Nothing waits for you.',
      { caseId: null, kind: null, isEmpty: true },
    ]);
    const rows = await actionsOf(office, reviewer.person.userId);
    expect(rows.filter(({ action }) => action === 'take-next-case').map(({ outcome }) => outcome)).toEqual(['ok', 'ok']);
    expect(rows.find(({ outcome, action }) => outcome === 'read' && action === 'open')?.record_ids).toContain(caseId);
  });

  it('lets nobody open a case they did not claim but leads, administrators and auditors', async () => {
    const { caseId } = await waiting(office.app);
    const closed = await show(reviewer.client, caseId);
    expect([closed.status, closed.json.code]).toEqual([403, 'forbidden']);
    const isLink = async (client: AdminClient) =>
      ((await client.get(`${api}/actions/list`)).json.records as { isClosed?: true }[]).map(({ isClosed }) => !isClosed);
    expect([await isLink(reviewer.client), await isLink(lead.client)]).toEqual([[false], [true]]);
    expect((await show(lead.client, caseId)).status).toBe(200);
    expect((await show((await signIn('auditor')).client, caseId)).status).toBe(200);
    expect((await show((await signIn('enhancer')).client, caseId)).status).toBe(403);
    expect((await show((await signIn('finance')).client, caseId)).status).toBe(403);
    await take(reviewer.client);
    const own = await show(reviewer.client, caseId);
    expect(own.status, own.text).toBe(200);
    expect(await isLink(reviewer.client)).toEqual([true]);
  });

  it('lists cases with filters and says beside each refused button why', async () => {
    const { caseId } = await waiting(office.app);
    await take(reviewer.client);
    const list = await lead.client.get(`${api}/actions/list?filters.status=claimed&filters.kind=vendor&filters.sla=on_track`);
    expect([list.status, (list.json.records as { id: string }[]).map(({ id }) => id)], list.text).toEqual([200, [caseId]]);
    expect((await lead.client.get(`${api}/actions/list?filters.nothing=1`)).json.code).toBe('unknown_filter');
    const shown = (await show(lead.client, caseId)).json as unknown as Shown;
    const refusals = new Map(shown.actions.map(({ name, refusal }) => [name, refusal]));
    expect(refusals.get('pick')).toMatch(/^Claimed by .+ until \d\d:\d\d \(Africa\/Lagos\)\.$/);
    expect(refusals.get('secondApprove')).toBe('There is no first approval yet.');
    expect(refusals.get('reassign')).toBeNull();
  });
});

describe('deciding over HTTP', () => {
  it('approves with two people; the same person is refused and the attempt recorded', async () => {
    const made = await waiting(office.app, { riskScore: 80 });
    const id = made.caseId;
    await onCase(lead.client, id, 'pick', { reason });
    const first = await onCase(lead.client, id, 'approve', { input: { checklist: passed('vendor') } });
    expect([first.status, first.json.shown], first.text).toMatchObject([200, { status: 'pending_second' }]);
    const same = await onCase(lead.client, id, 'secondApprove');
    expect([same.status, same.json.code]).toEqual([403, 'four_eyes']);
    expect((await actionsOf(office, lead.person.userId)).at(-1)).toMatchObject({ outcome: 'denied', action: 'second-approve-case' });
    const other = await signIn('admin');
    const blind = await show(other.client, id);
    const params = (blind.json as unknown as Shown).record.params;
    expect([blind.status, params.decider ?? null, params.decision ?? null]).toEqual([200, null, null]);
    expect(blind.text).not.toContain(lead.person.userId);
    const history = await other.client.get(`/admin/api/pages/history?record=${encodeURIComponent(`review.review_case:${id}`)}`);
    expect([history.status, (blind.json as unknown as Shown).extra.isHistoryClosed]).toEqual([404, true]);
    const second = await onCase(other.client, id, 'secondApprove');
    expect(second.status, second.text).toBe(200);
    expect(await vendorRow(office.app, made.vendorId)).toMatchObject({
      status: 'approved',
      reviewedBy: lead.person.userId,
      secondReviewedBy: other.person.userId,
    });
    const open = await other.client.get(`/admin/api/pages/history?record=${encodeURIComponent(`review.review_case:${id}`)}`);
    const after = (await show(other.client, id)).json as unknown as Shown;
    expect([open.status, after.extra.isHistoryClosed]).toEqual([200, false]);
  });

  it('answers a stale page with 409, a stale subject with 409 and what changed', async () => {
    const { caseId, vendorId } = await waiting(office.app);
    await take(reviewer.client);
    const stale = await post(reviewer.client, `records/${caseId}/approve`, { expectedVersion: 1, input: { checklist: passed('vendor') } });
    expect([stale.status, stale.json.code]).toEqual([409, 'version_conflict']);
    const admin = await signIn('admin');
    const { version } = await vendorRow(office.app, vendorId);
    const edited = await admin.client.postJson(`/admin/api/resources/Vendor/records/${vendorId}/correct`, {
      ...{ idempotencyKey: randomUUID(), reason, expectedVersion: version },
      input: { tagline: 'Dyed by hand since 1974' },
    });
    expect(edited.status, edited.text).toBe(200);
    const changed = await onCase(reviewer.client, caseId, 'approve', { input: { checklist: passed('vendor') } });
    expect([changed.status, changed.json.code]).toEqual([409, 'subject_changed']);
    expect(changed.json.changed).toMatchObject([{ field: 'tagline', before: null, after: 'Dyed by hand since 1974' }]);
  });

  it('previews the message of a decision without deciding', async () => {
    const { caseId } = await waiting(office.app);
    await take(reviewer.client);
    const input = { code: 'quality', text: 'The description says nothing about the goods.' };
    const preview = await onCase(reviewer.client, caseId, 'reject', { dryRun: true, input });
    expect([preview.status, preview.json.effects], preview.text).toEqual([
      200,
      ['The store is rejected; only an administrator can accept an appeal. The vendor is told.', `They read: “${input.text}”`],
    ]);
    expect((await caseRow(office.app, caseId)).status).toBe('claimed');
  });

  it('approves selected products of a trusted store together, each with its own result', async () => {
    const ids = [];
    for (let n = 0; n < 3; n += 1) ids.push(await opened(office.app, 'product', await product(office.app, selling)));
    await take(reviewer.client);
    await onCase(reviewer.client, ids[0] ?? '', 'approve', { input: { checklist: passed('product') } });
    const refused = await post(reviewer.client, 'bulk/bulkApprove', { recordIds: ids, dryRun: true, reason });
    expect(refused.status).toBe(403);
    const rehearsed = await post(lead.client, 'bulk/bulkApprove', { recordIds: ids, dryRun: true, reason });
    expect(rehearsed.status, rehearsed.text).toBe(200);
    expect((await caseRow(office.app, ids[1] ?? '')).status).toBe('queued');
  });
});
