import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { addSeconds } from '../../../src/foundation/runtime/clock.ts';
import { newId } from '../../../src/foundation/runtime/new-id.ts';
import { actionsOf, type BackOffice, password, startBackOffice } from '../support/back-office.ts';

let office: BackOffice;
beforeAll(async () => {
  office = await startBackOffice();
});
afterAll(() => office?.stop());

const cookie = '__Host-fs_admin';

describe('sign-in', () => {
  test('H14 the cookie has exactly the attributes of the specification', async () => {
    const person = await office.addStaff('support', { hasTotp: true });
    const client = office.newClient();
    await client.postForm('/admin/login', { email: person.email, password });
    const set = client.lastSetCookie.find((line) => line.startsWith(`${cookie}=`)) ?? '';
    expect(set).toMatch(/^__Host-fs_admin=[A-Za-z0-9_-]{43}; Path=\/; Secure; HttpOnly; SameSite=Strict$/);
  });

  test('H15 the session id is new after the password, the factor and step-up, and the old one is worthless', async () => {
    const person = await office.addStaff('support', { hasTotp: true });
    const client = office.newClient();
    const worthless = async (token: string) => {
      const old = office.newClient();
      old.cookies.set(cookie, token);
      expect((await old.get('/admin/api/me')).status).toBe(401);
    };
    await client.postForm('/admin/login', { email: person.email, password });
    const first = client.cookies.get(cookie) ?? '';
    expect((await client.get('/admin/api/me')).status).toBe(401);
    await client.postForm('/admin/login/mfa', { code: office.codeFor(person) });
    const second = client.cookies.get(cookie) ?? '';
    expect(second).not.toBe(first);
    expect((await client.get('/admin/api/me')).json).toMatchObject({
      id: person.userId,
      stage: 'full',
      mfa: true,
      roles: ['support'],
      lead: false,
    });
    await worthless(first);
    const stepUp = await client.postJson('/admin/step-up', { code: office.codeFor(person) });
    expect(stepUp.status).toBe(200);
    const third = client.cookies.get(cookie) ?? '';
    expect(third).not.toBe(second);
    await worthless(second);
    await client.postForm('/admin/login', { email: person.email, password });
    expect(client.cookies.get(cookie)).not.toBe(third);
    await worthless(third);
  });

  test('a fixed session id planted before sign-in is never adopted', async () => {
    const person = await office.addStaff('support');
    const client = office.newClient();
    const planted = 'A'.repeat(43);
    client.cookies.set(cookie, planted);
    await client.postForm('/admin/login', { email: person.email, password });
    expect(client.cookies.get(cookie)).not.toBe(planted);
  });

  test('a password alone reaches nothing but the second factor', async () => {
    const person = await office.addStaff('admin', { hasTotp: true });
    const client = office.newClient();
    const login = await client.postForm('/admin/login', { email: person.email, password, next: '/admin/resources/User' });
    expect(login.headers.get('location')).toBe('/admin/login/mfa?next=%2Fadmin%2Fresources%2FUser');
    expect((await client.get('/admin/api/resources/User/actions/list')).status).toBe(401);
    expect((await client.get('/admin')).headers.get('location')).toBe('/admin/login/mfa');
    expect((await client.get('/admin/account')).status).toBe(303);
    expect((await client.postJson('/admin/step-up', { code: office.codeFor(person) })).status).toBe(401);
    const wrong = await client.postForm('/admin/login/mfa', { code: '000000' });
    expect(wrong.status).toBe(401);
    expect(wrong.text).toContain('The email, password or code is not right.');
    const right = await client.postForm('/admin/login/mfa', { code: office.codeFor(person), next: '/admin/resources/User' });
    expect(right.headers.get('location')).toBe('/admin/resources/User');
  });

  test('unknown, wrong and disabled accounts get one answer', async () => {
    const person = await office.addStaff('support');
    const wrong = await office.newClient().postForm('/admin/login', { email: person.email, password: 'wrong password here' });
    const unknown = await office
      .newClient()
      .postForm('/admin/login', { email: 'nobody@staff.example.com', password: 'wrong password here' });
    const plain = (text: string) => text.replace(/value="[^"]*"/g, '').replace(/[0-9a-f-]{36}/g, '');
    expect(wrong.status).toBe(401);
    expect(plain(wrong.text)).toBe(plain(unknown.text));
    expect(wrong.text).toContain('The email, password or code is not right.');
  });

  test('H17 five wrong passwords, then 429 with Retry-After, also for the right one; others still sign in', async () => {
    const person = await office.addStaff('support');
    const other = await office.addStaff('support');
    for (let round = 0; round < 5; round += 1) {
      expect((await office.newClient().postForm('/admin/login', { email: person.email, password: 'wrong password here' })).status).toBe(
        401,
      );
    }
    const limited = await office.newClient().postForm('/admin/login', { email: person.email, password });
    expect(limited.status).toBe(429);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    office.app.clock.advance(61);
    expect((await office.newClient().postForm('/admin/login', { email: other.email, password })).status).toBe(303);
  });

  test('the page asked for is one of ours, whatever the form says', async () => {
    const person = await office.addStaff('support');
    office.app.clock.advance(61);
    for (const next of [
      'https://evil.example/',
      '//evil.example',
      '/admin/../evil',
      '/admin\\evil',
      '/adminevil',
      'javascript:alert(1)',
      '/admin/logout',
      '/admin//evil.example',
    ]) {
      const answer = await office.newClient().postForm('/admin/login', { email: person.email, password, next });
      expect(answer.headers.get('location'), next).toMatch(/^\/admin(?:\/\.\.\/evil)?$/);
    }
  });
});

describe('sessions', () => {
  test('H16 logout is a POST; a GET ends nothing', async () => {
    office.app.clock.advance(61);
    const client = await office.signedIn(await office.addStaff('support'));
    const get = await client.get('/admin/logout');
    expect(get.status).toBe(405);
    expect(get.headers.get('allow')).toBe('POST');
    expect((await client.get('/admin/api/me')).status).toBe(200);
    const token = client.cookies.get(cookie) ?? '';
    const post = await client.postForm('/admin/logout', {});
    expect(post.status).toBe(303);
    expect(post.headers.get('clear-site-data')).toBe('"cookies", "storage"');
    client.cookies.set(cookie, token);
    expect((await client.get('/admin/api/me')).status).toBe(401);
  });

  test('a session ends after 30 idle minutes, and after 12 hours however busy', async () => {
    const idle = await office.signedIn(await office.addStaff('support'));
    office.app.clock.advance(29 * 60);
    expect((await idle.get('/admin/api/me')).status).toBe(200);
    office.app.clock.advance(31 * 60);
    expect((await idle.get('/admin/api/me')).status).toBe(401);
    const busy = await office.signedIn(await office.addStaff('support'));
    for (let passed = 0; passed < 12 * 60; passed += 25) {
      expect((await busy.get('/admin/api/me')).status).toBe(200);
      office.app.clock.advance(25 * 60);
    }
    expect((await busy.get('/admin/api/me')).status).toBe(401);
  });

  test('a person who is disabled is out at once', async () => {
    const person = await office.addStaff('support');
    const client = await office.signedIn(person);
    await office.app.as({ kind: 'system', name: 'operator' }, () =>
      office.app.deps.database.prisma.user.update({ where: { id: person.userId }, data: { status: 'suspended' } }),
    );
    expect((await client.get('/admin/api/me')).status).toBe(401);
  });

  test('the account page ends other sessions and keeps the preferences', async () => {
    const person = await office.addStaff('support');
    const [here, there] = [await office.signedIn(person), await office.signedIn(person)];
    expect((await here.get('/admin/account')).text).toContain('Where you are signed in');
    expect((await here.postForm('/admin/account/sessions/end', {})).status).toBe(303);
    expect((await there.get('/admin/api/me')).status).toBe(401);
    expect((await here.get('/admin/api/me')).status).toBe(200);
    await here.postForm('/admin/account/preferences', { theme: 'dark', density: 'compact' });
    expect((await here.get('/admin')).text).toContain('data-theme="dark"');
    expect((await here.postForm('/admin/account/preferences', { theme: 'neon', density: 'compact' })).status).toBe(422);
  });

  test('demo staff without a factor step up with their password, people with one never do', async () => {
    office.app.clock.advance(120);
    const bare = await office.signedIn(await office.addStaff('support'));
    expect((await bare.postJson('/admin/step-up', { password: 'wrong password here' })).status).toBe(401);
    expect((await bare.postJson('/admin/step-up', { password })).status).toBe(200);
    const strong = await office.signedIn(await office.addStaff('support', { hasTotp: true }));
    expect((await strong.postJson('/admin/step-up', { password })).status).toBe(401);
  });

  test('enrolment: QR code, a right code, ten recovery codes shown once, and one of them signs in', async () => {
    const person = await office.addStaff('support');
    const client = await office.signedIn(person);
    const page = await client.get('/admin/enrol?next=/admin/account');
    expect(page.text).toContain('<svg');
    const secret = /fs-secret">([A-Z2-7 ]+)</.exec(page.text)?.[1]?.replaceAll(' ', '') ?? '';
    expect((await client.postForm('/admin/enrol', { code: '000000' })).status).toBe(401);
    const done = await client.postForm('/admin/enrol', { code: office.codeFor({ ...person, totpSecret: secret }), next: '/admin/account' });
    const codes = [...done.text.matchAll(/<li><code>([^<]+)<\/code>/g)].map((match) => match[1] ?? '');
    expect(codes).toHaveLength(10);
    expect((await client.get('/admin/enrol')).status).toBe(303);
    const again = office.newClient();
    await again.postForm('/admin/login', { email: person.email, password });
    expect((await again.postForm('/admin/login/mfa', { recoveryCode: codes[0] ?? '' })).status).toBe(303);
    expect((await again.get('/admin/api/me')).status).toBe(200);
    const replay = office.newClient();
    await replay.postForm('/admin/login', { email: person.email, password });
    expect((await replay.postForm('/admin/login/mfa', { recoveryCode: codes[0] ?? '' })).status).toBe(401);
  });
});

test('H15 a change of roles gives a new session id with the next page, and the new roles at once', async () => {
  office.app.clock.advance(120);
  const person = await office.addStaff('support');
  const client = await office.signedIn(person);
  await client.get('/admin');
  const before = client.cookies.get(cookie) ?? '';
  await client.get('/admin');
  expect(client.cookies.get(cookie)).toBe(before);
  await office.app.as({ kind: 'system', name: 'operator' }, () =>
    office.app.deps.database.prisma.staffRoleGrant.create({
      data: { userId: person.userId, role: 'reviewer', reason: 'helps out', grantedBy: person.userId },
    }),
  );
  expect((await client.get('/admin/api/me')).json.roles).toEqual(expect.arrayContaining(['support', 'reviewer']));
  await client.get('/admin');
  expect(client.cookies.get(cookie)).not.toBe(before);
  const old = office.newClient();
  old.cookies.set(cookie, before);
  expect((await old.get('/admin/api/me')).status).toBe(401);
});

test('every sign-in leaves one action row of the person', async () => {
  office.app.clock.advance(120);
  const person = await office.addStaff('support');
  await office.signedIn(person);
  const rows = await actionsOf(office, person.userId);
  expect(rows.filter((row) => row.resource === 'auth').length).toBeLessThanOrEqual(1);
});

test('the sign-in page is small, needs no script and loads nothing of AdminJS', async () => {
  const page = await office.newClient().get('/admin/login');
  expect(page.text).not.toContain('<script');
  const files = [...page.text.matchAll(/(?:href|src)="(\/admin\/assets\/[^"]+)"/g)].map((match) => match[1] ?? '');
  const sizes = await Promise.all(
    [...new Set(files)].map(async (file) => {
      const response = await fetch(`${office.origin}${file}`, { headers: { 'accept-encoding': 'br' } });
      return Number(response.headers.get('content-length'));
    }),
  );
  const total = sizes.reduce((sum, size) => sum + size, page.text.length);
  expect(total).toBeLessThan(60 * 1024);
});

test('an invitation makes an account, asks for the second factor at once, and works one time', async () => {
  const { deps } = office.app;
  const admin = await office.addStaff('admin');
  const token = deps.keyring.linkToken('invite', 1);
  office.app.clock.advance(120);
  const id = newId();
  await office.app.as({ kind: 'system', name: 'operator' }, async () => {
    const key = deps.keyring.newDataKey();
    await deps.database.prisma.staffInvite.create({
      data: {
        id,
        emailEnc: new Uint8Array(deps.keyring.encryptField(key.dataKey, `staff_invite.email_enc:${id}`, 'new.person@staff.example.com')),
        emailMasked: 'n•••@s•••.com',
        wrappedRowKey: new Uint8Array(key.wrappedKey),
        kekKid: key.kekKid,
        roles: [{ role: 'support' }],
        invitedBy: admin.userId,
        tokenHash: new Uint8Array(createHash('sha256').update(token).digest()),
        expiresAt: addSeconds(office.app.clock.now(), 86_400),
      },
    });
  });
  const client = office.newClient();
  expect((await client.get(`/admin/enrol?token=${token}`)).text).toContain('Join the staff');
  const fields = { token, firstName: 'New', lastName: 'Person' };
  const weak = await client.postForm('/admin/enrol', { ...fields, password: 'short' });
  expect(weak.status).toBe(422);
  expect(weak.text).toContain('role="alert"');
  const done = await client.postForm('/admin/enrol', { ...fields, password });
  expect([done.status, done.headers.get('location')]).toEqual([303, '/admin/enrol']);
  expect((await client.get('/admin/api/me')).status).toBe(401);
  expect((await client.get('/admin/enrol')).text).toContain('<svg');
  expect((await office.newClient().get(`/admin/enrol?token=${token}`)).status).toBe(410);
  expect((await office.newClient().postForm('/admin/enrol', { ...fields, password })).status).toBe(410);
});
