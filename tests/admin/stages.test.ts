import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { commandAction, type ResourceDefinition } from '../../src/admin/index.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { staffCommands, staffIdentity } from '../../src/modules/identity/index.ts';
import { setCountryActive } from '../../src/modules/reference/index.ts';
import type { AdminClient, Answer } from './support/admin-client.ts';
import { type BackOffice, type Person, password, startBackOffice } from './support/back-office.ts';
import { country, dashboard, failing, grant, user } from './support/composition.ts';
import { assetsWith } from './support/test-assets.ts';

const reason = { code: 'policy', text: 'asked for by the board' };
const api = '/admin/api/resources';

const countries: ResourceDefinition = {
  ...country,
  actions: [
    commandAction(setCountryActive, {
      name: 'open',
      label: 'Change sign-up',
      effect: 'Opens or closes the country',
      placement: ['record', 'resource', 'bulk'],
      group: 'careful',
      isVisible: (row) => row.name !== 'Fiji',
      message: (_output, row) => `Changed ${String(row?.name ?? 'the one named')}.`,
      shown: (output) => ({ output }),
      undo: { action: 'open', seconds: 60 },
      bulkLimit: 3,
    }),
  ],
  components: { list: country.components.show ?? new URL('../../src/admin/components/dashboard.component.tsx', import.meta.url).pathname },
};

const users: ResourceDefinition = {
  ...user,
  hidden: ['kind'],
  actions: [
    commandAction(staffCommands.suspendUser, {
      name: 'suspend',
      label: 'Suspend account',
      effect: 'Ends all sessions',
      placement: ['record', 'bulk'],
      group: 'careful',
      message: () => 'Suspended.',
    }),
  ],
};

/** Own grants only for leads, and no scope that would find them. */
const grants: ResourceDefinition = { ...grant, scope: null };

const assetsDirectory = assetsWith(['PageFailing', 'ListCountry']);
let office: BackOffice;
let admin: Person;
let client: AdminClient;
/** What a test puts in the way of the next enrolment. */
let beforeConfirming: () => Promise<unknown> = async () => undefined;
/** And before the next refusal of a command is answered. */
let afterRefusal: () => Promise<unknown> = async () => undefined;
/** And in the way of the next page, once the person is known. */
let afterLoading: () => Promise<unknown> = async () => undefined;

beforeAll(async () => {
  const real = () => staffIdentity(office.app.deps);
  office = await startBackOffice({
    resources: [countries, users, grants],
    pages: [failing],
    dashboard,
    assetsDirectory,
    runCommand: async (...given) => {
      try {
        return await runCommand(...given);
      } catch (error) {
        await afterRefusal();
        throw error;
      }
    },
    identity: {
      signInWithPassword: (attempt) => real().signInWithPassword(attempt),
      verifyFactor: (...given) => real().verifyFactor(...given),
      beginTotpEnrolment: (userId) => real().beginTotpEnrolment(userId),
      confirmTotpEnrolment: async (...given) => {
        const confirmed = await real().confirmTotpEnrolment(...given);
        await beforeConfirming();
        return confirmed;
      },
      loadStaff: async (userId) => {
        const profile = await real().loadStaff(userId);
        await afterLoading();
        return profile;
      },
      listFactors: (userId) => real().listFactors(userId),
      challengePasskey: (userId) => real().challengePasskey(userId),
      beginPasskeyEnrolment: (userId) => real().beginPasskeyEnrolment(userId),
      confirmPasskeyEnrolment: (...given) => real().confirmPasskeyEnrolment(...given),
      renamePasskey: (...given) => real().renamePasskey(...given),
      removeFactor: (...given) => real().removeFactor(...given),
      renewRecoveryCodes: (userId) => real().renewRecoveryCodes(userId),
      savePreferences: (...given) => real().savePreferences(...given),
    },
  });
  admin = await office.addStaff('admin', { hasTotp: true });
  client = await office.signedIn(admin);
});
afterAll(async () => {
  await office?.stop();
  rmSync(assetsDirectory, { recursive: true, force: true });
});

function endSessions({ userId }: Person): Promise<unknown> {
  return office.app.as({ kind: 'system', name: 'operator' }, async () =>
    office.app.deps.database.prisma.adminSession.updateMany({ where: { userId }, data: { revokedAt: office.app.clock.now() } }),
  );
}

async function idOf(name: string): Promise<string> {
  return (await office.app.deps.database.prisma.country.findFirstOrThrow({ where: { name } })).id;
}
const isActive = async (name: string) => (await office.app.deps.database.prisma.country.findFirstOrThrow({ where: { name } })).isActive;
const post = (path: string, body: object, as = client) =>
  as.postJson(`${api}/${path}`, { idempotencyKey: randomUUID(), reason, input: { isActive: false }, ...body });
const resultsOf = (answer: Answer) => answer.json.results;

describe('a command', () => {
  test('on no record takes its target from the form and shows what it found; the way back is offered on a record only', async () => {
    const id = await idOf('Peru');
    const answer = await post('Country/actions/open', { input: { id, isActive: false } });
    expect(answer.json).toMatchObject({
      message: 'Changed the one named.',
      receipt: { actionId: expect.any(String) },
      shown: { output: { name: 'Peru', isActive: false } },
    });
    expect(answer.json).not.toHaveProperty('receipt.undo');
    expect(answer.json).not.toHaveProperty('record');
    expect(await isActive('Peru')).toBe(false);
  });

  test('H28 on an old version tells the version of now, also where the screen reads none', async () => {
    const id = await office.addCustomer('Ngozi', 'Stale');
    const answer = await post(`User/records/${id}/suspend`, { input: {}, expectedVersion: 7 });
    expect([answer.status, answer.json]).toMatchObject([
      409,
      { code: 'version_conflict', currentVersion: 1, current: { displayName: 'Ngozi Stale' } },
    ]);
  });

  test('H28 on a record that went meanwhile answers that it is gone', async () => {
    const { prisma } = office.app.deps.database;
    const as = <T>(work: () => Promise<T>) => office.app.as({ kind: 'system', name: 'test' }, work);
    const { id } = await as(async () => await prisma.country.create({ data: { iso2: 'QQ', iso3: 'QQQ', name: 'Qq' } }));
    afterRefusal = () => as(async () => await prisma.country.delete({ where: { id } }));
    const answer = await post(`Country/records/${id}/open`, { expectedVersion: 7 });
    afterRefusal = async () => undefined;
    expect([answer.status, answer.json.code]).toEqual([404, 'not_found']);
  });

  test('in bulk takes as many records as it says, and no more', async () => {
    const recordIds = await Promise.all(['Chad', 'Mali', 'Togo', 'Niger'].map(idOf));
    const answer = await post('Country/bulk/open', { recordIds });
    expect([answer.status, answer.json.code]).toEqual([422, 'too_long']);
    expect(await isActive('Chad')).toBe(true);
  });

  test('H8 in bulk passes by what it is not offered for, in the dry run and in the run', async () => {
    const recordIds = [await idOf('Fiji'), await idOf('Gabon')];
    const dry = await client.postJson(`${api}/Country/bulk/open`, { recordIds, dryRun: true, input: { isActive: false } });
    expect(resultsOf(dry)).toMatchObject([
      { outcome: 'refused' },
      { outcome: 'changed', effects: [expect.any(String), expect.any(String)] },
    ]);
    expect(resultsOf(await post('Country/bulk/open', { recordIds }))).toMatchObject([
      { outcome: 'refused', reason: expect.any(String) },
      { outcome: 'changed' },
    ]);
    expect([await isActive('Fiji'), await isActive('Gabon')]).toEqual([true, false]);
  });

  test('H29 in bulk tells row by row what the command refused, and changes the rest', async () => {
    const [ada, obi] = [await office.addCustomer('Ada', 'Bulk'), await office.addCustomer('Obi', 'Bulk')];
    expect(resultsOf(await post('User/bulk/suspend', { recordIds: [ada], input: {} }))).toMatchObject([{ outcome: 'changed' }]);
    expect(resultsOf(await post('User/bulk/suspend', { recordIds: [ada, obi], input: {} }))).toMatchObject([
      { id: ada, outcome: 'refused', code: 'transition_not_allowed', reason: expect.any(String) },
      { id: obi, outcome: 'changed' },
    ]);
  });

  test('in bulk asks for a fresh factor once, before any row', async () => {
    const id = await office.addCustomer('Uche', 'Bulk');
    office.app.clock.advance(1000);
    const answer = await post('User/bulk/suspend', { recordIds: [id], input: {} });
    expect([answer.status, answer.json.code]).toEqual([403, 'step_up_required']);
    expect((await client.postJson('/admin/step-up', { code: office.codeFor(admin) })).status).toBe(200);
    expect(resultsOf(await post('User/bulk/suspend', { recordIds: [id], input: {} }))).toMatchObject([{ outcome: 'changed' }]);
  });
});

describe('a route', () => {
  test('has one method: pages are got, commands are posted, data is read', async () => {
    const id = await idOf('Kenya');
    const allow = async (method: string, path: string) => {
      const answer = await client.send(path, {
        method,
        ...(method === 'POST' ? { headers: { origin: office.origin, 'content-type': 'application/json' }, body: '{}' } : {}),
      });
      return [answer.status, answer.headers.get('allow')];
    };
    for (const path of ['/admin', '/admin/resources/Country', '/admin/api/me', '/admin/api/pages/failing', '/admin/api/dashboard'])
      expect(await allow('POST', path), path).toEqual([405, 'GET, HEAD']);
    for (const path of [`/admin/resources/Country/records/${id}/open`, `${api}/Country/actions/open`, `${api}/Country/records/${id}/open`])
      expect(await allow('GET', path), path).toEqual([405, 'POST']);
    expect((await allow('POST', '/admin/assets/app.css'))[0]).toBe(405);
  });

  test('that is one step too long, or names no action, does not exist', async () => {
    const id = await idOf('Kenya');
    for (const path of [
      `${api}/Country/actions/list/more`,
      `${api}/Country/actions/open/more`,
      `${api}/Country/bulk/open/more`,
      `${api}/Country`,
      `/admin/resources/Country/records/${id}/nope`,
      `/admin/resources/Country/records/nope/show`,
      '/admin/resources',
      '/admin/resources/Nope',
      '/admin/pages/nope',
      '/admin/%',
      '/admin/login%',
      '/admin/enrol/%E0%A4%A',
    ])
      expect((await client.get(path)).status, path).toBe(404);
    expect((await client.get(`/admin/resources/Country/records/${id}/show/`)).status).toBe(200);
    expect((await client.get('/admin/resources/Country/actions/list')).text).toContain('<title>Countries');
  });

  test('of a search without a text finds nothing, and a long one is refused', async () => {
    expect((await client.get(`${api}/Country/actions/search`)).json.records).toEqual([]);
    expect((await client.get(`${api}/Country/actions/search?q=${'a'.repeat(201)}`)).status).toBe(400);
  });

  test('of a cursor stands alone: no page beside it, no endless text', async () => {
    for (const query of ['after=WzEsIngiXQ&page=2', `after=${'a'.repeat(401)}`])
      expect((await client.get(`${api}/Country/actions/list?${query}`)).json.code).toBe('invalid_paging');
  });
});

describe('a body', () => {
  const send = (type: string, body: string, headers: Record<string, string> = {}) =>
    client.send(`${api}/Country/actions/open`, {
      method: 'POST',
      headers: { origin: office.origin, 'content-type': type, ...headers },
      body,
    });

  test('that is packed, not JSON, not an object or hides a prototype is refused or stripped', async () => {
    expect((await send('application/json', '{}', { 'content-encoding': 'gzip' })).status).toBe(415);
    for (const text of ['{', '[]', '"x"', 'null']) expect((await send('application/json', text)).json.code, text).toBe('malformed_json');
    const stripped = await send('application/json', '{"__proto__":{"dryRun":true},"input":{"__proto__":1}}');
    expect([stripped.status, stripped.json.code]).toEqual([422, 'required']);
  });

  test('of a form names each field once, and not five hundred and one', async () => {
    const form = 'application/x-www-form-urlencoded';
    expect((await send(form, 'a=1&a=2')).status).toBe(400);
    expect((await send(form, '__proto__=1')).status).toBe(400);
    expect((await send(form, Array.from({ length: 501 }, (_, index) => `f${index}=1`).join('&'))).status).toBe(413);
    expect((await send('Application/X-WWW-Form-Urlencoded; charset=utf-8', 'dryRun=false')).json.code).toBe('required');
  });

  test('may be absent, also without a length, and no length is too long to be refused', async () => {
    const raw = (lines: string) =>
      new Promise<string>((resolve) => {
        let answer = '';
        const socket = connect(office.port, '127.0.0.1', () =>
          socket.write(`${lines}\r\nHost: x\r\nOrigin: ${office.origin}\r\nConnection: close\r\n\r\n`),
        );
        socket.on('data', (chunk) => (answer += chunk.toString('latin1')));
        socket.on('error', () => undefined);
        socket.on('close', () => resolve(answer));
      });
    expect(await raw('POST /admin/logout HTTP/1.1')).toMatch(/^HTTP\/1\.1 303 /);
    for (const length of ['99999999999', '9007199254740993', '-1', '1e3', 'x'])
      expect(
        await raw(`POST /admin/logout HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: ${length}`),
      ).toMatch(/^HTTP\/1\.1 4(?:00|13) /);
  });
});

describe('reading', () => {
  test('own records only, where nothing says which are own, reaches none', async () => {
    const lead = await office.signedIn(await office.addStaff('support', { isLead: true, hasTotp: true }));
    expect((await lead.get(`${api}/Grant/actions/list`)).json.records).toEqual([]);
    expect((await client.get(`${api}/Grant/actions/list`)).json.records).not.toEqual([]);
  });

  test('what waits is counted beside its page', async () => {
    expect((await client.get('/admin/api/waiting')).json).toEqual({ failing: 3 });
  });

  test('a list of its own is named to the browser, and the account page says who leads', async () => {
    expect((await client.get('/admin')).text).toContain('"listComponent":"ListCountry"');
    const lead = await office.signedIn(await office.addStaff('reviewer', { isLead: true, hasTotp: true }));
    expect((await lead.get('/admin/account')).text).toContain('reviewer lead');
  });
});

describe('around sign-in', () => {
  test('a cookie that cannot be one of ours counts as none', async () => {
    for (const value of ['"quoted value"', 'a b', 'x'.repeat(3000), '']) {
      const stranger = office.newClient();
      const answer = await stranger.get('/admin', { cookie: `other; __Host-fs_admin=${value}` });
      expect([answer.status, answer.headers.get('location')]).toEqual([303, '/admin/login']);
    }
  });

  test('a page asked for that is too long to keep is forgotten, a normal one is kept', async () => {
    const at = async (path: string) => (await office.newClient().get(path)).headers.get('location');
    expect(await at(`/admin/resources/Country?q=${'a'.repeat(2000)}`)).toBe('/admin/login');
    expect(await at('/admin/')).toBe('/admin/login');
    expect(await at('/admin/account')).toBe('/admin/login?next=%2Fadmin%2Faccount');
  });

  test('an empty form of the second factor is refused, and so is one after too many wrong ones', async () => {
    office.app.clock.advance(120);
    const person = await office.addStaff('support', { hasTotp: true });
    const stranger = office.newClient();
    await stranger.postForm('/admin/login', { email: person.email, password });
    for (const fields of [{}, { password }] as Record<string, string>[]) {
      const answer = await stranger.postForm('/admin/login/mfa', fields);
      expect([answer.status, answer.text.includes('not right')]).toEqual([401, true]);
    }
    let last = await stranger.postForm('/admin/login/mfa', { code: '000000' });
    for (let tried = 0; tried < 12 && last.status !== 429; tried += 1)
      last = await stranger.postForm('/admin/login/mfa', { recoveryCode: 'aaaaa-aaaaa' });
    expect(last.status).toBe(429);
    expect(Number(last.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(last.text).toContain('Too many attempts');
    office.app.clock.advance(3600);
  });

  test('an empty step-up is refused as a page, and signing out works for whoever is not signed in', async () => {
    client = await office.signedIn(admin);
    const answer = await client.send('/admin/step-up', { method: 'POST', headers: { origin: office.origin } });
    expect([answer.status, answer.headers.get('content-type')]).toEqual([401, 'text/html; charset=utf-8']);
    const out = await office.newClient().postForm('/admin/logout', {});
    expect([out.status, out.headers.get('location')]).toEqual([303, '/admin/login']);
  });

  test('whoever still has to enrol is led there from every page', async () => {
    office.app.clock.advance(120);
    const inviteId = newId();
    const { deps } = office.app;
    const actor = { kind: 'staff', id: admin.userId, displayName: 'Ada', grants: [{ role: 'admin', isLead: false }] } as const;
    const invite = await office.app.as(
      { ...actor, sessionHash: Buffer.alloc(32), hasMfa: true, factorAt: office.app.clock.now() },
      async () =>
        await runCommand(deps, staffCommands.inviteStaff, {
          input: { email: `${inviteId}@staff.example.com`, roles: [{ role: 'support' }] },
          reason: { code: 'other', text: 'The team grows by one' },
        }),
    );
    const token = deps.keyring.linkToken(invite.output.inviteId, 1);
    const stranger = office.newClient();
    expect((await stranger.get(`/admin/enrol?token=${'a'.repeat(201)}`)).status).toBe(410);
    await stranger.postForm('/admin/enrol', { token, firstName: 'New', lastName: 'Person', password });
    for (const path of ['/admin', '/admin/account']) expect((await stranger.get(path)).headers.get('location')).toMatch(/^\/admin\/enrol/);
  });

  test('an enrolment whose session ended meanwhile does not sign in', async () => {
    office.app.clock.advance(120);
    const person = await office.addStaff('support');
    const stranger = await office.signedIn(person);
    const secret = /<code class="fs-secret">([^<]+)</.exec((await stranger.get('/admin/enrol')).text)?.[1]?.replaceAll(' ', '') ?? '';
    beforeConfirming = () => endSessions(person);
    const answer = await stranger.postForm('/admin/enrol', { code: office.codeFor({ ...person, totpSecret: secret }) });
    beforeConfirming = async () => undefined;
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/admin/login']);
    expect((await stranger.get('/admin/api/me')).status).toBe(401);
  });

  test('a page that is being made while its session ends gets no new one', async () => {
    office.app.clock.advance(120);
    const person = await office.addStaff('support');
    const stranger = await office.signedIn(person);
    await stranger.get('/admin');
    await office.app.as({ kind: 'system', name: 'operator' }, async () =>
      office.app.deps.database.prisma.staffRoleGrant.create({
        data: { userId: person.userId, role: 'reviewer', reason: 'helps out', grantedBy: person.userId },
      }),
    );
    afterLoading = () => endSessions(person);
    const answer = await stranger.get('/admin');
    afterLoading = async () => undefined;
    expect([answer.status, stranger.lastSetCookie]).toEqual([200, []]);
    expect((await stranger.get('/admin')).headers.get('location')).toBe('/admin/login');
  });
});
