import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AdminClient } from '../support/admin-client.ts';
import type { BackOffice } from '../support/back-office.ts';
import { getPage, postPage, signedInLead, startListOffice } from './list-office.ts';

let office: BackOffice;
let client: AdminClient;

beforeAll(async () => {
  office = await startListOffice();
  ({ client } = await signedInLead(office));
  await office.addCustomer('Chioma', 'Eze');
}, 180_000);
afterAll(() => office?.stop());

const ask = (who: AdminClient, action: string, input: object) => postPage(who, 'saved-views', action, input);
const viewsOf = async (who: AdminClient, resource = 'User') =>
  (await getPage(who, `/admin/api/pages/saved-views?resource=${resource}`)).json;
const active = {
  filters: { status: 'active' },
  sortBy: 'createdAt',
  direction: 'desc',
  columns: ['displayName', 'status'],
  density: 'compact',
};
const keep = async (who: AdminClient, name: string, query: object = active, more: object = {}) =>
  ask(who, 'keepView', { resource: 'User', name, query, ...more });
const idOf = (answer: Awaited<ReturnType<typeof keep>>) => answer.json.shown.output['viewId'] ?? '';

describe('a view', () => {
  test('keeps filters, order, columns and row height, and tells how many rows it shows', async () => {
    const answer = await keep(client, 'Active people');
    expect(answer.status, answer.text).toBe(200);
    const { views } = await viewsOf(client);
    expect(views).toMatchObject([{ name: 'Active people', isOwn: true, query: active, dropped: [], countText: '1' }]);
  });

  test('is one of a name: a second one is refused, and so is renaming to it', async () => {
    const other = await keep(client, 'Another');
    expect((await keep(client, 'Active people')).json.code).toBe('view_name_taken');
    expect((await ask(client, 'renameView', { id: idOf(other), name: 'Active people' })).json.code).toBe('view_name_taken');
    expect((await ask(client, 'renameView', { id: idOf(other), name: 'Renamed' })).status).toBe(200);
    expect((await viewsOf(client)).views.map((view: { name: string }) => view.name)).toEqual(['Active people', 'Renamed']);
  });

  test('of two kept at the same time under one name one is kept', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => keep(client, 'At once')));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(new Set(answers.filter((answer) => answer.status !== 200).map((answer) => answer.json.code))).toEqual(
      new Set(['view_name_taken']),
    );
  });

  test.each([
    [{ filters: { email: 'ada@example.com' } }, 'view_names_person'],
    [{ filters: { 'displayName~~contains': 'Chioma' } }, 'view_names_person'],
    [{ filters: { passwordHash: 'x' } }, 'unknown_filter'],
    [{ filters: { status: 'nonsense' } }, 'invalid_filter'],
    [{ sortBy: 'passwordHash' }, 'unknown_sort'],
    [{ columns: ['passwordHash'] }, 'unknown_filter'],
  ])('never keeps %o', async (query, code) => {
    expect((await keep(client, `Never ${code}`, query)).json.code).toBe(code);
  });

  test('belongs to its owner: nobody else changes, shares or deletes it', async () => {
    const made = idOf(await keep(client, 'Mine'));
    const { client: other } = await signedInLead(office);
    for (const [action, input] of [
      ['renameView', { id: made, name: 'Yours' }],
      ['shareView', { id: made, role: 'support' }],
      ['forgetView', { id: made }],
      ['keepView', { id: made, resource: 'User', name: 'Yours', query: active }],
      ['arrangeList', { resource: 'User', defaultViewId: made }],
    ] as const)
      expect((await ask(other, action, input)).status, action).toBe(404);
    expect((await viewsOf(other)).views).toEqual([]);
    expect(
      (await ask(client, 'keepView', { id: made, resource: 'User', name: 'Mine', query: { filters: { kind: 'vendor' } } })).status,
    ).toBe(200);
    expect((await viewsOf(client)).views.find((view: { id: string }) => view.id === made)?.query.filters).toEqual({ kind: 'vendor' });
    expect((await ask(client, 'forgetView', { id: made })).status).toBe(200);
    expect((await ask(client, 'forgetView', { id: made })).status).toBe(404);
  });

  test('stands where its owner put it', async () => {
    const before = (await viewsOf(client)).views.map((view: { id: string }) => view.id);
    expect((await ask(client, 'orderViews', { resource: 'User', ids: before.toReversed() })).status).toBe(200);
    expect((await viewsOf(client)).views.map((view: { id: string }) => view.id)).toEqual(before.toReversed());
    expect((await ask(client, 'orderViews', { resource: 'User', ids: [...before.slice(1), randomUUID()] })).status).toBe(404);
    expect((await getPage(client, '/admin/api/pages/saved-views')).json.views).toHaveLength(before.length);
  });
});

describe('a shared view', () => {
  test('is for leads and admins to share, with a role they hold', async () => {
    const id = idOf(await keep(client, 'For the team'));
    expect((await ask(client, 'shareView', { id, role: 'finance' })).status).toBe(403);
    expect((await ask(client, 'shareView', { id, role: 'support' })).status).toBe(200);
    expect((await ask(client, 'shareView', { id, role: 'support' })).json.code).toBe('transition_not_allowed');
    const member = await office.signedIn(await office.addStaff('support', { hasTotp: true }));
    expect((await viewsOf(member)).views).toMatchObject([{ id, isOwn: false, sharedRole: 'support' }]);
    expect((await ask(member, 'arrangeList', { resource: 'User', defaultViewId: id })).status).toBe(200);
    expect((await viewsOf(member)).arrangement).toMatchObject({ defaultViewId: id });
    const own = idOf(await keep(member, 'Own one'));
    expect((await ask(member, 'shareView', { id: own, role: 'support' })).status).toBe(403);
    const finance = await office.signedIn(await office.addStaff('finance', { hasTotp: true }));
    expect((await viewsOf(finance)).views).toEqual([]);
    expect((await ask(client, 'shareView', { id, role: null })).status).toBe(200);
    expect((await viewsOf(member)).views.map((view: { id: string }) => view.id)).toEqual([own]);
  });

  test('never widens rights: what its reader may not use is left out, and said', async () => {
    const admin = await office.signedIn(await office.addStaff('admin', { hasTotp: true }));
    const query = { filters: { isActive: 'true', region: 'Africa' }, columns: ['name', 'capital'] };
    const id = (await ask(admin, 'keepView', { resource: 'Country', name: 'Open', query })).json.shown.output['viewId'] ?? '';
    expect((await ask(admin, 'shareView', { id, role: 'admin' })).status).toBe(200);
    // As it was kept before the list lost a filter and the reader a column.
    await office.app.as({ kind: 'system', name: 'test' }, async () => {
      await office.app.deps.database.prisma.savedView.update({
        where: { id },
        data: { sharedRole: 'support', query: { ...query, filters: { ...query.filters, secret: 'x' }, sortBy: 'gone' } },
      });
    });
    const [view] = (await viewsOf(client, 'Country')).views;
    expect(view).toMatchObject({
      query: { filters: { isActive: 'true', region: 'Africa' }, columns: ['name'] },
      dropped: ['secret', 'the order'],
    });
    expect(view?.query).not.toHaveProperty('sortBy');
  });
});

test('a list is arranged by each person for themselves', async () => {
  expect((await ask(client, 'arrangeList', { resource: 'User', columns: ['status', 'displayName'] })).status).toBe(200);
  expect((await viewsOf(client)).arrangement.columns).toEqual(['status', 'displayName']);
  const { client: other } = await signedInLead(office);
  expect((await viewsOf(other)).arrangement.columns).toEqual([]);
  expect((await ask(client, 'arrangeList', { resource: 'User', columns: ['nonsense'] })).json.code).toBe('unknown_filter');
  expect((await ask(client, 'arrangeList', { resource: 'Nope', columns: [] })).status).toBe(404);
});

test('a list that one may not open has no views for one', async () => {
  const enhancer = await office.signedIn(await office.addStaff('enhancer', { hasTotp: true }));
  expect((await getPage(enhancer, '/admin/api/pages/saved-views?resource=User')).status).toBe(404);
  expect((await ask(enhancer, 'keepView', { resource: 'User', name: 'Peeping', query: active })).status).toBe(404);
});

test('thirty views of one list are enough', async () => {
  const member = await office.signedIn(await office.addStaff('finance', { hasTotp: true }));
  for (let at = 0; at < 30; at += 1) expect((await keep(member, `View ${at}`)).status).toBe(200);
  expect((await keep(member, 'One more')).json.code).toBe('view_limit');
});
