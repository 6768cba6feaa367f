import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bankAccountAsked, bankAccountPage, vendorSettings } from '../../src/api/shapes.ts';
import { nuban } from '../modules/identity/vendors.ts';
import { type Api, bearer, fieldsOf, newClient, refusal, shaped, startApi } from './support/api.ts';
import { newVendor } from './support/privacy.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi({ RATE_LIMIT_SCALE: '1000' });
});
afterAll(() => api.stop());

const send = (method: string, path: string, token: string, body?: unknown, etag?: string) =>
  api.call(method, `/api/v1/account/vendor${path}`, {
    ...(body === undefined ? {} : { body }),
    headers: { ...bearer(token), ...(etag === undefined ? {} : { 'If-Match': etag }) },
  });

const given = (bankCode = '058') => ({ bankCode, accountNumber: nuban(bankCode), accountName: 'Ngozi Bello' });
const add = (token: string, body: unknown = given()) => send('POST', '/bank-accounts', token, body);
const list = async (token: string, query = '') => shaped(bankAccountPage, await send('GET', `/bank-accounts${query}`, token));

describe('/account/vendor/bank-accounts', () => {
  it('takes an account as a request for finance and lists it by its end only', async () => {
    const { accessToken } = await newVendor(api);
    const body = given();
    const asked = await add(accessToken, body);
    expect(asked.status).toBe(202);
    expect(shaped(bankAccountAsked, asked)).toMatchObject({ status: 'requested' });
    const answer = await send('GET', '/bank-accounts', accessToken);
    expect(answer.text).not.toContain(body.accountNumber);
    expect(shaped(bankAccountPage, answer)).toMatchObject({
      items: [
        {
          bankName: 'Guaranty Trust Bank',
          accountLast4: body.accountNumber.slice(-4),
          accountName: 'Ngozi Bello',
          isDefault: false,
          verificationStatus: 'pending',
        },
      ],
      nextCursor: null,
    });
    expect(refusal(await add(accessToken, body))).toBe('409 bank_account_exists');
  });

  it('pages, and stops at five', async () => {
    const { accessToken } = await newVendor(api);
    for (let count = 0; count < 5; count += 1) expect((await add(accessToken)).status).toBe(202);
    expect(refusal(await add(accessToken))).toBe('409 bank_account_limit');
    const first = await list(accessToken, '?limit=3');
    const rest = await list(accessToken, `?limit=3&cursor=${first.nextCursor}`);
    expect([first.items.length, rest.items.length, rest.nextCursor]).toEqual([3, 2, null]);
    expect(new Set([...first.items, ...rest.items].map(({ id }) => id)).size).toBe(5);
    expect(refusal(await send('GET', '/bank-accounts?cursor=nope', accessToken))).toBe('422 invalid_value');
    expect(refusal(await send('GET', '/bank-accounts?page=1', accessToken))).toBe('422 unknown_field');
  });

  it.each([
    ['9 digits', { accountNumber: '012345678' }, 'accountNumber: nuban_invalid'],
    ['a wrong check digit', { accountNumber: '0123456780' }, 'accountNumber: nuban_invalid'],
    ['letters', { accountNumber: '01234A6789' }, 'accountNumber: nuban_invalid'],
    ['far too many digits', { accountNumber: '0'.repeat(60) }, 'accountNumber: nuban_invalid'],
    ['no number at all', { accountNumber: '' }, 'accountNumber: nuban_invalid'],
    ['a bank that is none', { bankCode: '999' }, 'bankCode: nuban_invalid'],
    ['a name of digits', { accountName: '12345' }, 'accountName: name_invalid'],
    ['no name', { accountName: ' ' }, 'accountName: too_short'],
    ['a status', { status: 'verified' }, 'status: unknown_field'],
  ])('refuses %s', async (_, part, expected) => {
    const { accessToken } = await newVendor(api);
    const answer = await add(accessToken, { ...given(), ...part });
    expect(answer.status).toBe(422);
    expect(fieldsOf(answer)).toEqual([expected]);
    expect((await list(accessToken)).items).toEqual([]);
  });

  it('belongs to vendors, each with their own', async () => {
    const { accessToken: shopper } = (await newClient(api)).tokens;
    for (const answer of [await send('GET', '/bank-accounts', shopper), await add(shopper)])
      expect(refusal(answer)).toBe('403 role_required');
    const one = await newVendor(api);
    const other = await newVendor(api);
    await add(one.accessToken);
    const [mine] = (await list(one.accessToken)).items;
    expect((await list(other.accessToken)).items).toEqual([]);
    expect(refusal(await send('DELETE', `/bank-accounts/${mine?.id}`, other.accessToken))).toBe('404 not_found');
    expect(refusal(await send('DELETE', '/bank-accounts/not-an-id', one.accessToken))).toBe('404 not_found');
    expect((await send('DELETE', `/bank-accounts/${mine?.id}`, one.accessToken)).status).toBe(204);
    expect((await list(one.accessToken)).items).toEqual([]);
    expect(refusal(await send('DELETE', `/bank-accounts/${mine?.id}`, one.accessToken))).toBe('404 not_found');
    expect((await api.get('/api/v1/account/vendor/bank-accounts')).status).toBe(401);
  });

  it('asks a proof of the last five minutes, and stands still while payouts are held', async () => {
    const { accessToken, user } = await newVendor(api);
    await add(accessToken);
    const [mine] = (await list(accessToken)).items;
    const until = new Date(api.app.clock.now().getTime() + 86_400_000);
    await api.app.as({ kind: 'system', name: 'test' }, () =>
      api.app.deps.database.prisma.user.update({ where: { id: user.id }, data: { payoutHoldUntil: until } }),
    );
    expect(refusal(await add(accessToken))).toBe('403 account_frozen');
    expect(refusal(await send('DELETE', `/bank-accounts/${mine?.id}`, accessToken))).toBe('403 account_frozen');
    api.app.clock.advance(301);
    expect(refusal(await add(accessToken))).toBe('403 reauth_required');
    expect((await list(accessToken)).items).toHaveLength(1);
  });
});

describe('/account/vendor/settings', () => {
  const next = {
    orderMode: 'auto',
    notifyOrders: false,
    notifyReviews: true,
    returnDays: 30,
    holidayFrom: '2026-12-20',
    holidayTo: '2027-01-05',
  };

  it('are read and replaced by their version', async () => {
    const { accessToken } = await newVendor(api);
    const first = await send('GET', '/settings', accessToken);
    expect(shaped(vendorSettings, first)).toEqual({
      orderMode: 'manual',
      notifyOrders: true,
      notifyReviews: true,
      holidayFrom: null,
      holidayTo: null,
      returnDays: 7,
      version: 1,
    });
    const saved = await send('PUT', '/settings', accessToken, next, first.headers.etag);
    expect(shaped(vendorSettings, saved)).toEqual({ ...next, version: 2 });
    expect(saved.headers.etag).toBe('"2"');
    expect(refusal(await send('PUT', '/settings', accessToken, next, first.headers.etag))).toBe('412 version_conflict');
    expect(refusal(await send('PUT', '/settings', accessToken, next))).toBe('428 if_match_required');
    const { holidayFrom: _, holidayTo: __, ...without } = next;
    expect(shaped(vendorSettings, await send('PUT', '/settings', accessToken, without, '"2"'))).toMatchObject({
      holidayFrom: null,
      version: 3,
    });
  });

  it.each([
    [{ returnDays: 31 }, 'returnDays: invalid_value'],
    [{ returnDays: -1 }, 'returnDays: invalid_value'],
    [{ orderMode: 'later' }, 'orderMode: invalid_value'],
    [{ holidayTo: '2026-12-19' }, 'holidayTo: invalid_value'],
    [{ holidayFrom: null }, 'holidayTo: invalid_value'],
    [{ holidayFrom: '2026-13-40' }, 'holidayFrom: invalid_value'],
    [{ notifyOrders: 'yes' }, 'notifyOrders: invalid_type'],
    [{ commissionBps: 0 }, 'commissionBps: unknown_field'],
  ])('refuse %j', async (part, expected) => {
    const { accessToken } = await newVendor(api);
    const answer = await send('PUT', '/settings', accessToken, { ...next, ...part }, '"1"');
    expect([answer.status, fieldsOf(answer)]).toEqual([422, [expected]]);
  });

  it('belong to vendors', async () => {
    const { accessToken } = (await newClient(api)).tokens;
    expect(refusal(await send('GET', '/settings', accessToken))).toBe('403 role_required');
    expect(refusal(await send('PUT', '/settings', accessToken, next))).toBe('403 role_required');
  });
});
