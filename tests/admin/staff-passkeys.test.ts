import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Made, makePasskey, type SoftPasskey, usePasskey } from '../support/authenticator.ts';
import type { AdminClient } from './support/admin-client.ts';
import { type BackOffice, type Person, password, startBackOffice } from './support/back-office.ts';

const origin = 'http://localhost:0';
let office: BackOffice;
beforeAll(async () => {
  office = await startBackOffice();
}, 180_000);
afterAll(() => office?.stop());

const optionsFor = async (client: AdminClient, purpose: 'get' | 'create') =>
  client.postForm('/admin/passkey/options', { purpose }, { accept: 'application/json' });

/** Adds a passkey as the page would, and gives the page that follows. */
async function enrol(
  client: AdminClient,
  more: Record<string, string> = {},
): Promise<{ made: Made; answer: Awaited<ReturnType<AdminClient['get']>> }> {
  const { json } = await optionsFor(client, 'create');
  const made = makePasskey(json as Parameters<typeof makePasskey>[0], { origin });
  const answer = await client.postForm('/admin/enrol', { response: JSON.stringify(made.response), next: '/admin/account', ...more });
  return { made, answer };
}

async function assertion(client: AdminClient, passkey: SoftPasskey, mischief: object = {}): Promise<string> {
  const { json } = await optionsFor(client, 'get');
  return JSON.stringify(usePasskey(passkey, json as Parameters<typeof usePasskey>[1], { origin, ...mischief }));
}

/** Past the password; the second step is still asked. */
async function halfWay(person: Person): Promise<AdminClient> {
  const client = office.newClient();
  await client.postForm('/admin/login', { email: person.email, password });
  return client;
}

const isIn = async (client: AdminClient) => (await client.get('/admin/api/me')).status === 200;

describe('a passkey of staff', () => {
  let person: Person;
  let passkey: SoftPasskey;

  beforeAll(async () => {
    person = await office.addStaff('support', { firstName: 'Chioma' });
    const client = await office.signedIn(person);
    const { made, answer } = await enrol(client, { name: 'Work laptop' });
    passkey = made.passkey;
    expect(answer.status).toBe(200);
    expect(answer.text.match(/<li><code>/g)).toHaveLength(10);
    expect((await client.get('/admin/api/me')).json).toMatchObject({ mfa: true });
  });

  test('is offered at the second step, and signs in under a new session id', async () => {
    const client = await halfWay(person);
    const page = await client.get('/admin/login/mfa');
    expect(page.text).toContain('data-passkey="get"');
    expect(page.text).toMatch(/<script src="\/admin\/assets\/passkey\.[0-9a-f]{12}\.js" nonce="[^"]+" defer>/);
    expect(page.text).not.toContain('id="code"');
    const before = client.cookieHeader;
    const answer = await client.postForm('/admin/login/mfa', { response: await assertion(client, passkey), next: '/admin/account' });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/admin/account']);
    expect(client.cookieHeader).not.toBe(before);
    expect(await isIn(client)).toBe(true);
    const account = await client.get('/admin/account');
    expect(account.text).toContain('Work laptop');
    const events = await office.app.deps.database.prisma.loginEvent.findMany({
      where: { userId: person.userId },
      orderBy: { at: 'desc' },
      take: 1,
    });
    expect(events[0]).toMatchObject({ outcome: 'success' });
  });

  test('is refused for a replayed, foreign, over-age or altered answer, and without user verification', async () => {
    const refused = async (make: (client: AdminClient) => Promise<string>) => {
      const client = await halfWay(person);
      const answer = await client.postForm('/admin/login/mfa', { response: await make(client) });
      expect(answer.status).toBe(401);
      expect(answer.text).toContain('The email, password or code is not right.');
      expect(await isIn(client)).toBe(false);
    };
    const used = await halfWay(person);
    const response = await assertion(used, passkey);
    expect((await used.postForm('/admin/login/mfa', { response })).status).toBe(303);
    await refused(async () => response);
    await refused((client) => assertion(client, passkey, { isVerified: false }));
    await refused((client) => assertion(client, passkey, { origin: 'https://evil.example' }));
    await refused((client) => assertion(client, passkey, { rpId: 'evil.example' }));
    await refused((client) => assertion(client, passkey, { challenge: 'bm90IG91cnM' }));
    // Five tries of one password; the person starts anew after a good one.
    office.app.clock.advance(901);
    await refused(async () => '{"id":"x"}');
    await refused(async () => 'not json');
    await refused(async (client) => {
      const late = await assertion(client, passkey);
      office.app.clock.advance(301);
      return late;
    });
    const other = await office.addStaff('support');
    const stranger = await enrol(await office.signedIn(other));
    await refused((client) => assertion(client, stranger.made.passkey));
  });

  test('opens one session of twenty replays at once', async () => {
    office.app.clock.advance(3600);
    const client = await halfWay(person);
    const response = await assertion(client, passkey);
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => {
        const copy = office.newClient();
        for (const [name, value] of client.cookies) copy.cookies.set(name, value);
        return copy.postForm('/admin/login/mfa', { response });
      }),
    );
    expect(answers.filter(({ status }) => status === 303)).toHaveLength(1);
  });

  test('steps up in the dialog and on the page', async () => {
    office.app.clock.advance(3600);
    const client = await halfWay(person);
    await client.postForm('/admin/login/mfa', { response: await assertion(client, passkey) });
    office.app.clock.advance(960);
    expect((await client.get('/admin/step-up?next=/admin/account')).text).toContain('data-passkey="get"');
    const dialog = await client.postJson('/admin/step-up', { response: JSON.parse(await assertion(client, passkey)) });
    expect(dialog.json).toMatchObject({ stage: 'full' });
    office.app.clock.advance(960);
    const page = await client.postForm('/admin/step-up', { response: await assertion(client, passkey), next: '/admin/account' });
    expect([page.status, page.headers.get('location')]).toEqual([303, '/admin/account']);
    expect((await client.postJson('/admin/step-up', { password })).status).toBe(401);
  });
});

describe('own factors', () => {
  const factorId = async (userId: string, kind: 'passkey' | 'totp') => {
    const { prisma } = office.app.deps.database;
    const where = { where: { userId }, select: { id: true } };
    const row = kind === 'passkey' ? await prisma.passkey.findFirst(where) : await prisma.totp.findFirst(where);
    return row?.id ?? '';
  };

  test('are added, renamed and removed behind a fresh factor, and the last one stays', async () => {
    const person = await office.addStaff('support', { hasTotp: true });
    const client = await office.signedIn(person);
    const { answer } = await enrol(client, { name: 'Phone' });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/admin/account']);
    const id = await factorId(person.userId, 'passkey');
    expect((await client.postForm('/admin/account/factors/rename', { id, name: 'Old phone' })).status).toBe(303);
    expect((await client.get('/admin/account')).text).toContain('Old phone');
    expect((await client.postForm('/admin/account/factors/rename', { id, name: ' ' })).status).toBe(422);
    const codes = await client.postForm('/admin/account/factors/codes', {});
    expect(codes.text.match(/<li><code>/g)).toHaveLength(10);
    const totp = await factorId(person.userId, 'totp');
    expect((await client.postForm('/admin/account/factors/remove', { id: totp })).status).toBe(303);
    const last = await client.postForm('/admin/account/factors/remove', { id });
    expect([last.status, last.text.includes('This is your last way to sign in.')]).toEqual([409, true]);
    expect((await client.postForm('/admin/account/factors/remove', { id: totp })).status).toBe(404);
    expect((await client.postForm('/admin/account/factors/remove', { id: 'x' })).status).toBe(404);
    office.app.clock.advance(960);
    const stale = await client.postForm('/admin/account/factors/remove', { id });
    expect([stale.status, stale.headers.get('location')]).toEqual([303, '/admin/step-up?next=/admin/account']);
    expect((await client.get('/admin/account')).text).toContain('confirm it is you first');
    expect((await client.get('/admin/enrol?factor=passkey')).headers.get('location')).toBe('/admin/step-up?next=/admin/account');
    expect((await optionsFor(client, 'create')).json).toMatchObject({ code: 'step_up_required' });
  });

  test("are one's own: another person's factor is not found", async () => {
    const [one, two] = [await office.addStaff('support', { hasTotp: true }), await office.addStaff('support', { hasTotp: true })];
    await enrol(await office.signedIn(two));
    const client = await office.signedIn(one);
    const id = await factorId(two.userId, 'passkey');
    for (const path of ['rename', 'remove'])
      expect((await client.postForm(`/admin/account/factors/${path}`, { id, name: 'Mine' })).status, path).toBe(404);
  });

  test('a passkey that exists, or an answer to another ceremony, adds nothing', async () => {
    const person = await office.addStaff('support', { hasTotp: true });
    const client = await office.signedIn(person);
    const { made } = await enrol(client);
    const again = await optionsFor(client, 'create');
    const options = again.json as Parameters<typeof makePasskey>[0];
    const same = makePasskey(options, { origin, credentialId: made.passkey.credentialId });
    expect((await client.postForm('/admin/enrol', { response: JSON.stringify(same.response) })).status).toBe(401);
    expect((await client.postForm('/admin/enrol', { response: JSON.stringify(made.response) })).status).toBe(401);
    expect((await client.postForm('/admin/enrol', { response: '{}' })).text).toContain('That passkey was not accepted.');
    expect(await office.app.deps.database.prisma.passkey.count({ where: { userId: person.userId } })).toBe(1);
  });

  test('an authenticator beside a passkey is set up once', async () => {
    const person = await office.addStaff('support', { hasTotp: true });
    const client = await office.signedIn(person);
    const page = await client.get('/admin/enrol?factor=totp');
    expect([page.status, page.headers.get('location')]).toEqual([303, '/admin/account']);
    const wrong = await client.postForm('/admin/enrol', { code: '000000' });
    expect([wrong.status, wrong.text.includes('data-passkey="create"')]).toEqual([409, true]);
  });
});

describe('the options for a passkey', () => {
  test('are for who is signing in or signed in, by POST from a page of ours', async () => {
    const stranger = office.newClient();
    expect((await optionsFor(stranger, 'get')).status).toBe(401);
    expect((await stranger.get('/admin/passkey/options')).status).toBe(405);
    const person = await office.addStaff('support', { hasTotp: true });
    const half = await halfWay(person);
    expect((await optionsFor(half, 'get')).json).toMatchObject({ code: 'method_not_available' });
    expect((await optionsFor(half, 'create')).json).toMatchObject({ code: 'step_up_required' });
    expect((await half.postForm('/admin/passkey/options', { purpose: 'steal' })).status).toBe(400);
    const foreign = await half.postForm('/admin/passkey/options', { purpose: 'get' }, { origin: 'https://evil.example' });
    expect(foreign.status).toBe(403);
  });

  test('name the host of PUBLIC_URL, ask for user verification, and leave out what is registered', async () => {
    const person = await office.addStaff('support', { hasTotp: true });
    const client = await office.signedIn(person);
    const { made } = await enrol(client);
    expect((await optionsFor(client, 'create')).json).toMatchObject({
      rp: { id: 'localhost', name: 'Fashionistar' },
      authenticatorSelection: { userVerification: 'required' },
      excludeCredentials: [{ id: made.passkey.credentialId.toString('base64url') }],
    });
    expect((await optionsFor(client, 'get')).json).toMatchObject({ rpId: 'localhost', userVerification: 'required' });
  });
});
