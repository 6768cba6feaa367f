import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { account, clientProfile, consent, vendorProfile } from '../../src/api/shapes.ts';
import { runInContext, systemContext } from '../../src/foundation/runtime/request-context.ts';
import { fillCountries } from '../../src/modules/reference/index.ts';
import { type Api, bearer, fieldsOf, freshEmail, newClient, problemOf, refusal, shaped, startApi } from './support/api.ts';
import { newVendor } from './support/privacy.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi({ RATE_LIMIT_SCALE: '1000' });
  await runInContext(systemContext('test', 'cli'), () => fillCountries(api.app.deps));
});
afterAll(() => api.stop());

const send = (method: string, path: string, token: string, body?: unknown, etag?: string) =>
  api.call(method, `/api/v1/account${path}`, {
    ...(body === undefined ? {} : { body }),
    headers: { ...bearer(token), ...(etag === undefined ? {} : { 'If-Match': etag }) },
  });

const store = {
  storeName: 'Adire House',
  tagline: 'Indigo by hand',
  description: 'Hand-dyed cloth from Abeokuta, made to order.',
  businessType: 'designer',
  countryCode: 'NG',
  state: 'Ogun',
  city: 'Abeokuta',
  address: '12 Itoku Market',
  taxId: '12345678-0001',
  collections: ['indigo', 'bridal'],
  websiteUrl: 'https://adire.example.com/shop',
  instagramUrl: 'https://instagram.com/adire',
  tiktokUrl: null,
  businessHours: { mon: { open: '09:00', close: '17:30' }, sun: null },
};
let serial = 0;
const named = () => {
  serial += 1;
  return { ...store, storeName: `Adire House ${serial + 20}` };
};

/** What a submission needs of a store that nobody has written yet; companies also need a tax id. */
const everything = [
  ...['storeName', 'description', 'businessType', 'countryCode', 'state', 'city', 'address', 'collections'],
  ...['terms', 'kyc'],
];

describe('/account/client', () => {
  const read = async (token: string) => shaped(clientProfile, await send('GET', '/client', token));

  it('starts empty, changes what is sent by the version that was read, and keeps the rest', async () => {
    const { accessToken } = (await newClient(api)).tokens;
    const first = await send('GET', '/client', accessToken);
    expect(shaped(clientProfile, first)).toMatchObject({
      preferredSize: null,
      bodyType: null,
      stylePreferences: [],
      loyaltyTier: 'standard',
      defaultShippingAddress: null,
    });
    const { etag = '' } = first.headers;
    const changed = await send(
      'PATCH',
      '/client',
      accessToken,
      {
        preferredSize: 'XXL',
        bodyType: ' pear ',
        stylePreferences: ['lace', 'lace', 'ankara'],
        favouriteColours: ['indigo'],
        occasionPreferences: ['wedding'],
        smsNotificationsEnabled: true,
        defaultShippingAddress: '4 Marina, Lagos',
      },
      etag,
    );
    expect(shaped(clientProfile, changed)).toMatchObject({
      preferredSize: 'XXL',
      bodyType: 'pear',
      stylePreferences: ['lace', 'ankara'],
      favouriteColours: ['indigo'],
      occasionPreferences: ['wedding'],
      smsNotificationsEnabled: true,
      emailNotificationsEnabled: true,
      defaultShippingAddress: '4 Marina, Lagos',
    });
    expect(refusal(await send('PATCH', '/client', accessToken, { bodyType: null }, etag))).toBe('412 version_conflict');
    const cleared = await send(
      'PATCH',
      '/client',
      accessToken,
      { bodyType: null, preferredSize: null, defaultShippingAddress: '' },
      changed.headers.etag,
    );
    expect(shaped(clientProfile, cleared)).toMatchObject({
      bodyType: null,
      preferredSize: null,
      defaultShippingAddress: null,
      favouriteColours: ['indigo'],
    });
  });

  it('what changes nothing keeps its version', async () => {
    const { accessToken } = (await newClient(api)).tokens;
    const { version } = await read(accessToken);
    const same = await send('PATCH', '/client', accessToken, { stylePreferences: [], bodyType: null }, `"${version}"`);
    expect(shaped(clientProfile, same).version).toBe(version);
  });

  it('keeps the address encrypted, and the columns hold no clear text', async () => {
    const {
      tokens: { accessToken, user },
    } = await newClient(api);
    await send('PATCH', '/client', accessToken, { defaultShippingAddress: 'Plot 77 Zaria Road' }, '"1"');
    const row = await api.app.deps.database.prisma.client.findUniqueOrThrow({ where: { userId: user.id } });
    expect(Buffer.from(row.defaultAddressEnc ?? []).toString('latin1')).not.toContain('Zaria');
  });

  it('belongs to clients: a vendor is told so, with or without a version, and it is recorded', async () => {
    const { accessToken, user } = await newVendor(api);
    expect(refusal(await send('GET', '/client', accessToken))).toBe('403 role_required');
    expect(refusal(await send('PATCH', '/client', accessToken, { bodyType: 'x' }))).toBe('403 role_required');
    const rows = await api.app.deps.database.pool.query(
      "SELECT outcome FROM audit.action WHERE actor_id = $1 AND action = 'update-client'",
      [user.id],
    );
    expect(rows.rows).toEqual([{ outcome: 'denied' }]);
  });

  it('needs If-Match, and one that we gave out', async () => {
    const { accessToken } = (await newClient(api)).tokens;
    expect(refusal(await send('PATCH', '/client', accessToken, { bodyType: 'x' }))).toBe('428 if_match_required');
    for (const tag of ['"999"', '*', 'W/"1"', '1'])
      expect(refusal(await send('PATCH', '/client', accessToken, { bodyType: 'x' }, tag))).toBe('412 version_conflict');
  });

  it.each([
    [{ preferredSize: 'XXXXL' }, 'preferredSize: invalid_value'],
    [{ bodyType: 'x'.repeat(61) }, 'bodyType: too_long'],
    [{ stylePreferences: Array.from({ length: 21 }, (_, i) => `s${i}`) }, 'stylePreferences: too_long'],
    [{ favouriteColours: ['x'.repeat(61)] }, 'favouriteColours.0: too_long'],
    [{ occasionPreferences: [''] }, 'occasionPreferences.0: too_short'],
    [{ occasionPreferences: 'party' }, 'occasionPreferences: invalid_type'],
    [{ emailNotificationsEnabled: 'yes' }, 'emailNotificationsEnabled: invalid_type'],
    [{ defaultShippingAddress: 'x'.repeat(501) }, 'defaultShippingAddress: too_long'],
    [{ loyaltyTier: 'gold' }, 'loyaltyTier: unknown_field'],
    [{ version: 9 }, 'version: unknown_field'],
  ])('refuses %j', async (body, field) => {
    const { accessToken } = (await newClient(api)).tokens;
    const answer = await send('PATCH', '/client', accessToken, body, '"1"');
    expect(answer.status).toBe(422);
    expect(fieldsOf(answer)).toEqual([field]);
  });
});

describe('/account/vendor', () => {
  it('starts as an empty draft and is replaced as a whole; the tax id is masked', async () => {
    const { accessToken } = await newVendor(api);
    const first = await send('GET', '/vendor', accessToken);
    expect(shaped(vendorProfile, first)).toMatchObject({
      status: 'draft',
      storeName: null,
      review: null,
      completeness: { percent: 0, missing: everything },
    });
    const given = named();
    const saved = await send('PUT', '/vendor', accessToken, given, first.headers.etag);
    expect(shaped(vendorProfile, saved)).toMatchObject({
      ...given,
      taxId: '••••0001',
      storeSlug: given.storeName.toLowerCase().replaceAll(' ', '-'),
      status: 'draft',
      completeness: { percent: 80, missing: ['terms', 'kyc'] },
      submittedAt: null,
      reviewedAt: null,
    });
    const { taxId: _, tagline: __, collections: ___, ...fewer } = given;
    const again = await send('PUT', '/vendor', accessToken, fewer, saved.headers.etag);
    expect(shaped(vendorProfile, again)).toMatchObject({ taxId: '••••0001', tagline: null, collections: [] });
    const without = await send('PUT', '/vendor', accessToken, { ...fewer, taxId: null, businessHours: null }, again.headers.etag);
    expect(shaped(vendorProfile, without)).toMatchObject({ taxId: null, businessHours: null });
    expect(refusal(await send('PUT', '/vendor', accessToken, given, first.headers.etag))).toBe('412 version_conflict');
  });

  it('belongs to vendors', async () => {
    const { accessToken } = (await newClient(api)).tokens;
    expect(refusal(await send('GET', '/vendor', accessToken))).toBe('403 role_required');
    expect(refusal(await send('PUT', '/vendor', accessToken, named()))).toBe('403 role_required');
    expect(refusal(await send('POST', '/vendor/submit', accessToken, {}))).toBe('403 role_required');
  });

  it('leaves one denied row for each refusal, of a look as of a change', async () => {
    const { tokens } = await newClient(api);
    await send('GET', '/vendor', tokens.accessToken);
    await send('PUT', '/vendor', tokens.accessToken, named());
    const { rows } = await api.app.deps.database.pool.query(
      `SELECT resource, action, outcome, error_code FROM audit.action WHERE actor_id = $1 AND outcome = 'denied' ORDER BY occurred_at`,
      [tokens.user.id],
    );
    expect(rows).toMatchObject([
      { resource: 'route', action: 'read', error_code: 'role_required' },
      { resource: 'vendor', error_code: 'role_required' },
    ]);
  });

  it('needs If-Match', async () => {
    const { accessToken } = await newVendor(api);
    expect(refusal(await send('PUT', '/vendor', accessToken, named()))).toBe('428 if_match_required');
    expect(refusal(await send('POST', '/vendor/submit', accessToken, {}))).toBe('428 if_match_required');
    expect(refusal(await send('POST', '/vendor/submit', accessToken, {}, '"7"'))).toBe('412 version_conflict');
  });

  it('one name, one store: case, accents, blanks and look-alikes do not make another, also in parallel', async () => {
    const [a, b] = [await newVendor(api), await newVendor(api)];
    const given = { ...store, storeName: 'Òkè Ọ̀run Couture' };
    expect((await send('PUT', '/vendor', a.accessToken, given, '"1"')).status).toBe(200);
    for (const storeName of ['oke orun couture', 'OKE-ORUN COUTURE', '0KE 0RUN COUTURE'])
      expect(refusal(await send('PUT', '/vendor', b.accessToken, { ...given, storeName }, '"1"'))).toBe('409 store_name_taken');
    const cyrillic = { ...given, storeName: 'оke orun cоuture' };
    expect(refusal(await send('PUT', '/vendor', b.accessToken, cyrillic, '"1"'))).toBe('409 store_name_taken');
    const rivals = await Promise.all(Array.from({ length: 6 }, () => newVendor(api)));
    const answers = await Promise.all(
      rivals.map((rival) => send('PUT', '/vendor', rival.accessToken, { ...store, storeName: 'Only One Of These' }, '"1"')),
    );
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409, 409, 409, 409, 409]);
    expect(new Set(answers.filter((answer) => answer.status === 409).map(refusal))).toEqual(new Set(['409 store_name_taken']));
  });

  it('keeps text and no markup', async () => {
    const { accessToken } = await newVendor(api);
    const typed = {
      ...named(),
      tagline: '<b></b>',
      description: 'Cloth<script>alert(1)</script> for <scr<b>ipt>less than ₦5,000: 3 < 5 & 7 > 2',
      city: '<i>Abeokuta</i>',
      collections: ['<u>indigo</u>'],
    };
    const kept = shaped(vendorProfile, await send('PUT', '/vendor', accessToken, typed, '"1"'));
    expect(kept).toMatchObject({ tagline: null, city: 'Abeokuta', collections: ['indigo'] });
    expect(kept.description).toBe('Cloth for less than ₦5,000: 3 < 5 & 7 > 2');
    const empty = await send('PUT', '/vendor', accessToken, { ...typed, description: '<p></p>' }, '"2"');
    expect(fieldsOf(empty)).toEqual(['description: too_short']);
    expect(fieldsOf(await send('PUT', '/vendor', accessToken, { ...typed, storeName: 'A <b>bold</b> store' }, '"2"'))).toEqual([
      'storeName: invalid_value',
    ]);
  });

  it('two names that give one slug get two', async () => {
    const [a, b, c] = [await newVendor(api), await newVendor(api), await newVendor(api)];
    const slugOf = async (who: { accessToken: string }, storeName: string) =>
      shaped(vendorProfile, await send('PUT', '/vendor', who.accessToken, { ...store, storeName }, '"1"')).storeSlug ?? '';
    expect(await slugOf(a, 'Kente & Co')).toBe('kente-co');
    // Nothing of these names is a letter of an address.
    expect(await slugOf(b, 'Админка')).toBe('store');
    expect(await slugOf(c, 'Базар')).toMatch(/^store-[0-9a-f]{8}$/);
  });

  it.each([
    [{ storeName: 'ab' }, 'storeName: too_short'],
    [{ storeName: 'x'.repeat(151) }, 'storeName: too_long'],
    [{ storeName: '\ufb03'.repeat(100) }, 'storeName: too_long'],
    [{ storeName: 'Fashionistar' }, 'storeName: store_name_reserved'],
    [{ storeName: 'Adirе Ноuѕе' }, 'storeName: invalid_value'],
    [{ storeName: undefined }, 'storeName: required'],
    [{ tagline: 'x'.repeat(201) }, 'tagline: too_long'],
    [{ description: '' }, 'description: too_short'],
    [{ description: 'x'.repeat(2001) }, 'description: too_long'],
    [{ businessType: 'bank' }, 'businessType: invalid_value'],
    [{ countryCode: 'XX' }, 'countryCode: country_unknown'],
    [{ state: 'x'.repeat(101) }, 'state: too_long'],
    [{ city: ' ' }, 'city: too_short'],
    [{ address: 'x'.repeat(256) }, 'address: too_long'],
    [{ taxId: 'abc' }, 'taxId: tax_id_invalid'],
    [{ taxId: '123456789' }, 'taxId: tax_id_invalid'],
    [{ taxId: '••••0001' }, 'taxId: tax_id_invalid'],
    [{ collections: Array.from({ length: 16 }, (_, i) => `c${i}`) }, 'collections: too_long'],
    [{ websiteUrl: 'http://adire.example.com' }, 'websiteUrl: url_invalid'],
    [{ websiteUrl: 'javascript:alert(1)' }, 'websiteUrl: url_invalid'],
    [{ instagramUrl: 'https://127.0.0.1/x' }, 'instagramUrl: url_invalid'],
    [{ instagramUrl: 'https://localhost/x' }, 'instagramUrl: url_invalid'],
    [{ instagramUrl: 'https://[::1]/x' }, 'instagramUrl: url_invalid'],
    [{ tiktokUrl: 'https://me:secret@tiktok.com/x' }, 'tiktokUrl: url_invalid'],
    [{ businessHours: { mon: { open: '9:00', close: '17:00' } } }, 'businessHours.mon: hours_invalid'],
    [{ businessHours: { tue: { open: '18:00', close: '17:00' } } }, 'businessHours.tue: hours_invalid'],
    [{ businessHours: { wed: { open: '25:00', close: '26:00' } } }, 'businessHours.wed: hours_invalid'],
    [{ businessHours: { monday: null } }, 'businessHours.monday: unknown_field'],
    [{ businessHours: { mon: '09:00-17:00' } }, 'businessHours.mon: invalid_type'],
    [{ status: 'approved' }, 'status: unknown_field'],
    [{ commissionBps: 0 }, 'commissionBps: unknown_field'],
  ])('refuses %j', async (part, field) => {
    const { accessToken } = await newVendor(api);
    const answer = await send('PUT', '/vendor', accessToken, { ...named(), ...part }, '"1"');
    expect(answer.status).toBe(422);
    expect(fieldsOf(answer)).toEqual([field]);
  });

  it.each(['submitted', 'in_review', 'rejected', 'closed'] as const)('is locked while %s', async (status) => {
    const vendor = await newVendor(api);
    await vendor.arrange({ status });
    expect(refusal(await send('PUT', '/vendor', vendor.accessToken, named(), '"1"'))).toBe('409 vendor_locked');
    expect(refusal(await send('POST', '/vendor/submit', vendor.accessToken, {}, '"1"'))).toBe('409 transition_not_allowed');
  });

  it('an approved store keeps what it was approved for, and its address in links', async () => {
    const vendor = await newVendor(api);
    const given = named();
    const saved = shaped(vendorProfile, await send('PUT', '/vendor', vendor.accessToken, given, '"1"'));
    await vendor.arrange({ status: 'approved', verifiedAt: api.app.clock.now() });
    for (const part of [
      { storeName: 'Another Name 99' },
      { businessType: 'tailor' },
      { taxId: '12345678-0002' },
      { taxId: null },
      { countryCode: 'GH' },
    ])
      expect(refusal(await send('PUT', '/vendor', vendor.accessToken, { ...given, ...part }, '"2"'))).toBe('409 vendor_locked');
    const kept = await send('PUT', '/vendor', vendor.accessToken, { ...given, description: 'New words about the cloth.' }, '"2"');
    expect(shaped(vendorProfile, kept)).toMatchObject({
      description: 'New words about the cloth.',
      storeSlug: saved.storeSlug,
      taxId: '••••0001',
    });
    const { taxId: _, ...silent } = given;
    expect((await send('PUT', '/vendor', vendor.accessToken, silent, kept.headers.etag)).status).toBe(200);
  });

  it('tells the last decision to its owner, field by field', async () => {
    const vendor = await newVendor(api);
    const decisionNotes = [{ field: 'logo', note: 'It is somebody else’s' }];
    const decision = { decisionCode: 'incomplete', decisionReason: 'The description says nothing.', decisionNotes };
    await vendor.arrange({ status: 'changes_requested', ...decision });
    expect(shaped(vendorProfile, await send('GET', '/vendor', vendor.accessToken)).review).toEqual({
      reasonCode: 'incomplete',
      reasonText: 'The description says nothing.',
      notes: decisionNotes,
    });
  });
});

describe('POST /account/vendor/submit', () => {
  async function complete() {
    const vendor = await newVendor(api);
    const saved = await send('PUT', '/vendor', vendor.accessToken, named(), '"1"');
    expect(saved.status).toBe(200);
    await send('POST', '/consents', vendor.accessToken, { purpose: 'terms', granted: true });
    await vendor.sendKyc();
    return vendor;
  }

  it('lists what is missing, KYC among it', async () => {
    const vendor = await newVendor(api);
    const empty = await send('POST', '/vendor/submit', vendor.accessToken, {}, '"1"');
    expect(refusal(empty)).toBe('409 vendor_incomplete');
    expect(fieldsOf(empty)).toEqual(everything.map((path) => `${path}: required`));
    await send('PUT', '/vendor', vendor.accessToken, named(), '"1"');
    await send('POST', '/consents', vendor.accessToken, { purpose: 'terms', granted: true });
    expect(fieldsOf(await send('POST', '/vendor/submit', vendor.accessToken, {}, '"2"'))).toEqual(['kyc: required']);
    await send('POST', '/consents', vendor.accessToken, { purpose: 'terms', granted: false });
    expect(fieldsOf(await send('POST', '/vendor/submit', vendor.accessToken, {}, '"2"'))).toEqual(['terms: required', 'kyc: required']);
  });

  it.each([
    ['a fashion house', { businessType: 'fashion_house', taxId: null }, ['taxId']],
    ['a registered business', { businessType: 'registered_business', taxId: null }, ['taxId']],
    ['a tailor', { businessType: 'tailor', taxId: null }, []],
    ['few words', { description: 'Cloth, by hand, blue' }, []],
    ['too few words', { description: 'Cloth by hand, blue' }, ['description']],
    ['no collections', { collections: [] }, ['collections']],
  ])('of %s it asks what product.md 4.2 says', async (_, part, missing) => {
    const vendor = await newVendor(api);
    await send('PUT', '/vendor', vendor.accessToken, { ...named(), ...part }, '"1"');
    await send('POST', '/consents', vendor.accessToken, { purpose: 'terms', granted: true });
    await vendor.sendKyc();
    const answer = await send('POST', '/vendor/submit', vendor.accessToken, {}, '"2"');
    expect([answer.status, answer.status === 202 ? [] : fieldsOf(answer)]).toEqual([
      missing.length === 0 ? 202 : 409,
      missing.map((path) => `${path}: required`),
    ]);
  });

  it('hands the store in once, queues its event, and the replay of the key says the same', async () => {
    const vendor = await complete();
    const headers = { ...bearer(vendor.accessToken), 'If-Match': '"2"', 'Idempotency-Key': 'submit-once-1' };
    const post = () => api.call('POST', '/api/v1/account/vendor/submit', { body: {}, headers });
    const first = await post();
    expect(first.status).toBe(202);
    expect(shaped(vendorProfile, first)).toMatchObject({
      status: 'submitted',
      submittedAt: api.app.clock.now().toISOString(),
      completeness: { percent: 100, missing: [] },
    });
    const replay = await post();
    expect([replay.status, replay.text, replay.headers['idempotency-replayed']]).toEqual([202, first.text, 'true']);
    const events = await api.app.deps.database.prisma.outboxEvent.findMany({
      where: { name: 'identity.vendor.submitted', aggregateId: shaped(vendorProfile, first).id },
    });
    expect(events).toHaveLength(1);
    expect(refusal(await send('POST', '/vendor/submit', vendor.accessToken, {}, '"3"'))).toBe('409 transition_not_allowed');
  });

  it('of twenty parallel submissions one is taken', async () => {
    const vendor = await complete();
    const answers = await Promise.all(Array.from({ length: 20 }, () => send('POST', '/vendor/submit', vendor.accessToken, {}, '"2"')));
    expect(answers.filter((answer) => answer.status === 202)).toHaveLength(1);
    expect(new Set(answers.filter((answer) => answer.status !== 202).map(refusal))).toEqual(new Set(['412 version_conflict']));
  });

  it('wants a sign-in of the last fifteen minutes', async () => {
    const vendor = await complete();
    api.app.clock.advance(901);
    const { accessToken } = await vendor.refresh();
    const stale = await send('POST', '/vendor/submit', accessToken, {}, '"2"');
    expect(refusal(stale)).toBe('403 reauth_required');
    expect(problemOf(stale).methods).toContain('password');
  });

  it('may be handed in again after changes were asked for', async () => {
    const vendor = await complete();
    await vendor.arrange({ status: 'changes_requested' });
    expect((await send('POST', '/vendor/submit', vendor.accessToken, {}, '"2"')).status).toBe(202);
  });
});

describe('/account/consents', () => {
  const list = async (token: string) => (await send('GET', '/consents', token)).json;

  it('keeps every yes and no, newest first, and the account follows', async () => {
    const { accessToken } = (await newClient(api)).tokens;
    expect(await list(accessToken)).toEqual({ items: [] });
    const yes = await send('POST', '/consents', accessToken, { purpose: 'marketing', granted: true });
    expect(yes.status).toBe(201);
    expect(shaped(consent, yes)).toMatchObject({ purpose: 'marketing', version: '2026-01', granted: true });
    api.app.clock.advance(1);
    await send('POST', '/consents', accessToken, { purpose: 'marketing', granted: false });
    api.app.clock.advance(1);
    await send('POST', '/consents', accessToken, { purpose: 'terms', version: '2026-01', granted: true });
    api.app.clock.advance(1);
    await send('POST', '/consents', accessToken, { purpose: 'analytics', granted: true, version: 'a1' });
    expect(await list(accessToken)).toMatchObject({
      items: [
        { purpose: 'analytics', version: 'a1' },
        { purpose: 'terms', granted: true },
        { purpose: 'marketing', granted: false },
        { purpose: 'marketing', granted: true },
      ],
    });
    expect(shaped(account, await send('GET', '', accessToken))).toMatchObject({ marketingConsent: false, termsVersion: '2026-01' });
  });

  it.each([
    [{ purpose: 'terms', version: '2019-01', granted: true }, 'version: terms_version_unknown'],
    [{ purpose: 'spying', granted: true }, 'purpose: invalid_value'],
    [{ purpose: 'terms' }, 'granted: required'],
    [{ purpose: 'terms', granted: 'yes' }, 'granted: invalid_type'],
    [{ purpose: 'marketing', version: 'x'.repeat(21), granted: true }, 'version: too_long'],
    [{ purpose: 'marketing', granted: true, at: 'now' }, 'at: unknown_field'],
  ])('refuses %j', async (body, field) => {
    const { accessToken } = (await newClient(api)).tokens;
    const answer = await send('POST', '/consents', accessToken, body);
    expect([answer.status, fieldsOf(answer)]).toEqual([422, [field]]);
  });

  it('another person’s words are not shown', async () => {
    const [a, b] = [await newClient(api), await newClient(api, { email: freshEmail() })];
    await send('POST', '/consents', a.tokens.accessToken, { purpose: 'analytics', granted: true });
    expect(await list(b.tokens.accessToken)).toEqual({ items: [] });
  });
});

describe('PATCH /account', () => {
  it('a changed consent alone is a new version, the same answer again is none', async () => {
    const { accessToken } = (await newClient(api)).tokens;
    const yes = await send('PATCH', '', accessToken, { marketingConsent: true }, '"1"');
    expect(shaped(account, yes)).toMatchObject({ marketingConsent: true, version: 2 });
    expect(shaped(account, await send('PATCH', '', accessToken, { marketingConsent: true }, '"2"')).version).toBe(2);
  });

  it.each(['Europe/Kyiv', 'Asia/Calcutta', 'America/Argentina/Buenos_Aires', 'UTC'])('takes the IANA name %s', async (timezone) => {
    const { accessToken } = (await newClient(api)).tokens;
    expect(shaped(account, await send('PATCH', '', accessToken, { timezone }, '"1"')).timezone).toBe(timezone);
  });

  it.each(['+01:00', 'africa/lagos', 'Mars/Olympus', '', `A${'b'.repeat(70)}`])('refuses the time zone %j', async (timezone) => {
    const { accessToken } = (await newClient(api)).tokens;
    expect(fieldsOf(await send('PATCH', '', accessToken, { timezone }, '"1"'))).toEqual(['timezone: invalid_value']);
  });
});
