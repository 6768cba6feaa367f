import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { tidyCountersJob } from '../../src/foundation/jobs/tidy-counters.job.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { openSql } from '../support/sql.ts';
import type { AdminClient, Answer } from './support/admin-client.ts';
import { actionsOf, type BackOffice, type Person } from './support/back-office.ts';
import { startWholeOffice } from './support/whole-office.ts';

let office: BackOffice;
const staff = new Map<string, { person: Person; client: AdminClient }>();
const clientOf = (name: string): AdminClient => staff.get(name)?.client ?? office.newClient();
const idOf = (name: string): string => staff.get(name)?.person.userId ?? '';
let customer: string;

const announce = (name: string, place: object = {}): Promise<Answer> =>
  clientOf(name).postJson('/admin/api/presence', { resource: 'User', recordId: customer, ...place });
const look = (name: string): Promise<Answer> => clientOf(name).get(`/admin/api/presence?resource=User&recordId=${customer}`);
const names = ({ json }: Answer): string[] => (json.viewers as { name: string }[]).map(({ name }) => name);

beforeAll(async () => {
  office = await startWholeOffice();
  const roles = { ada: 'support', bola: 'support', chi: 'assistant', dan: 'enhancer', eve: 'admin' } as const;
  for (const [name, role] of Object.entries(roles)) {
    const person = await office.addStaff(role, { firstName: name.charAt(0).toUpperCase() + name.slice(1), lastName: 'Obi' });
    staff.set(name, { person, client: await office.signedIn(person) });
  }
  customer = await office.addCustomer('Musa', 'Sani');
}, 120_000);
afterAll(() => office.stop());

describe('who has a record open', () => {
  it('is told to the others, by name, with the version of the record, until 45 seconds after the last word', async () => {
    const alone = await announce('ada');
    expect(alone.json).toMatchObject({ viewers: [], version: 1 });
    expect(names(await announce('bola'))).toEqual(['Ada Obi']);
    expect(names(await look('ada'))).toEqual(['Bola Obi']);
    office.app.clock.advance(30);
    await announce('ada');
    office.app.clock.advance(20);
    expect(names(await look('bola'))).toEqual(['Ada Obi']);
    expect(names(await look('ada'))).toEqual([]);
  });

  it('ends at once for whoever closes it', async () => {
    await announce('ada');
    expect(names(await announce('bola'))).toEqual(['Ada Obi']);
    expect((await announce('ada', { isLeaving: true })).json).toEqual({});
    expect(names(await look('bola'))).toEqual([]);
  });

  it('is nothing that a look alone makes', async () => {
    office.app.clock.advance(60);
    await look('ada');
    expect(names(await look('bola'))).toEqual([]);
  });

  it('is only for records within reach; others are as missing as none', async () => {
    for (const name of ['chi', 'dan']) {
      expect((await announce(name)).status).toBe(404);
      expect((await look(name)).status).toBe(404);
    }
    expect((await announce('ada', { recordId: newId() })).status).toBe(404);
    expect((await announce('ada', { resource: 'constructor' })).status).toBe(404);
    expect((await announce('ada', { recordId: 'x' })).status).toBe(404);
    expect((await announce('ada', { more: true })).status).toBe(400);
    expect((await clientOf('ada').get('/admin/api/presence?resource=User')).status).toBe(400);
    expect((await office.newClient().get(`/admin/api/presence?resource=User&recordId=${customer}`)).status).toBe(401);
  });

  it('does not keep a session alive, nor does the bell', async () => {
    const person = await office.addStaff('support');
    const client = await office.signedIn(person);
    office.app.clock.advance(29 * 60);
    for (const path of ['/admin/api/waiting', `/admin/api/presence?resource=User&recordId=${customer}`]) {
      expect((await client.get(path)).status).toBe(200);
    }
    office.app.clock.advance(2 * 60);
    expect((await client.get('/admin/api/me')).status).toBe(401);
    for (const { person: each } of staff.values()) {
      const entry = [...staff.entries()].find(([, { person: other }]) => other === each);
      if (entry) staff.set(entry[0], { person: each, client: await office.signedIn(each) });
    }
  });

  it('is forgotten by the hourly job', async () => {
    await announce('ada');
    office.app.clock.advance(2 * 3_600);
    const run = { id: newId(), attempt: 0, isLastAttempt: false, signal: new AbortController().signal, send: async () => undefined };
    await office.app.as({ kind: 'system', name: 'test' }, () => tidyCountersJob.handle({}, office.app.deps, run));
    const sql = await openSql(office.app.database.adminUrl);
    try {
      expect(await sql.rows('SELECT 1 FROM platform.presence')).toEqual([]);
    } finally {
      await sql.close();
    }
    for (const [name, { person }] of staff) staff.set(name, { person, client: await office.signedIn(person) });
  });
});

describe('whom a note may name', () => {
  const offer = (name: string, q: string) =>
    clientOf(name).get(`/admin/api/mentions?resource=User&recordId=${customer}&q=${encodeURIComponent(q)}`);
  const offered = ({ json }: Answer) => (json.people as { name: string }[]).map(({ name }) => name);

  it('is colleagues who may open the record, without oneself', async () => {
    expect(offered(await offer('ada', ''))).toEqual(expect.arrayContaining(['Bola Obi', 'Eve Obi']));
    for (const name of ['Ada Obi', 'Chi Obi', 'Dan Obi']) expect(offered(await offer('ada', ''))).not.toContain(name);
  });

  it('is found by the beginning of any word of the name, whatever the case', async () => {
    expect(offered(await offer('ada', 'bo'))).toEqual(['Bola Obi']);
    expect(offered(await offer('ada', 'OBI'))).toContain('Bola Obi');
    expect(offered(await offer('ada', 'ola'))).toEqual([]);
  });

  it('is not told to those who may not open the record or write no notes', async () => {
    expect((await offer('chi', '')).status).toBe(404);
    expect((await offer('dan', '')).status).toBe(403);
    expect((await clientOf('ada').get('/admin/api/mentions?resource=Nope&recordId=1')).status).toBe(404);
    expect((await clientOf('ada').get('/admin/api/mentions?resource=User')).status).toBe(400);
    expect((await clientOf('ada').postJson('/admin/api/mentions', {})).status).toBe(405);
  });
});

describe('the page of notices', () => {
  const path = '/admin/api/pages/notifications';

  beforeAll(async () => {
    const createdAt = office.app.clock.now();
    const row = (name: string, kind: string) => ({
      staffUserId: idOf(name),
      eventId: newId(),
      kind,
      title: `A ${kind} for ${name}`,
      createdAt,
    });
    const data = [
      { ...row('ada', 'assigned'), resource: 'Ticket', recordId: newId() },
      { ...row('ada', 'verify_failed'), resource: 'pages', recordId: 'audit-state' },
      row('ada', 'mention'),
      row('bola', 'assigned'),
    ];
    await office.app.as({ kind: 'system', name: 'test' }, async () => office.app.deps.database.prisma.staffNotice.createMany({ data }));
  });

  it('shows own notices with where they lead, and counts the unread ones for the bell', async () => {
    const { json } = await clientOf('ada').get(path);
    expect((json.notices as { href: string }[]).map(({ href }) => href).sort()).toEqual([
      '/admin/pages/audit-state',
      '/admin/pages/notifications',
      expect.stringMatching(/^\/admin\/resources\/Ticket\/records\/.*\/show$/),
    ]);
    expect(json.unread).toBe(3);
    expect((await clientOf('ada').get('/admin/api/waiting')).json).toMatchObject({ notifications: 3 });
  });

  it('filters, and refuses what is no filter', async () => {
    expect((await clientOf('ada').get(`${path}?kind=mention`)).json.notices).toHaveLength(1);
    for (const query of ['kind=nothing', 'state=new', 'limit=1000', 'before=x', 'other=1']) {
      expect((await clientOf('ada').get(`${path}?${query}`)).status, query).toBe(400);
    }
  });

  it('marks own notices as read, once for one key, and never those of others', async () => {
    const { json } = await clientOf('bola').get(path);
    const [foreign] = json.notices as { id: string }[];
    const post = (body: object) => clientOf('ada').postJson(path, { action: 'markRead', idempotencyKey: randomUUID(), ...body });
    expect((await post({ input: { ids: [foreign?.id] } })).json).toMatchObject({ message: 'Marked 0 notices as read.' });
    expect((await clientOf('bola').get(path)).json.unread).toBe(1);
    const own = (await clientOf('ada').get(`${path}?kind=mention`)).json.notices as { id: string }[];
    const body = { input: { ids: [own[0]?.id] }, idempotencyKey: randomUUID() };
    expect((await post(body)).json).toMatchObject({ message: 'Marked 1 notice as read.' });
    expect((await post(body)).json).toMatchObject({ message: 'Marked 1 notice as read.' });
    expect((await clientOf('ada').get(path)).json.unread).toBe(2);
    expect((await post({ input: { ids: [] } })).status).toBe(422);
    expect((await clientOf('ada').get(`${path}?state=unread`)).json.notices).toHaveLength(2);
  });

  it('keeps where the person wants to be told', async () => {
    const input = { kind: 'assigned', inApp: true, email: true };
    const answer = await clientOf('ada').postJson(path, { action: 'setPreference', input, idempotencyKey: randomUUID() });
    expect(answer.status, answer.text).toBe(200);
    const { json } = await clientOf('ada').get(`${path}?tab=settings`);
    const preferences = json.preferences as { kind: string; email: boolean; isFixed: boolean }[];
    expect(preferences.find(({ kind }) => kind === 'assigned')).toMatchObject({ email: true, isFixed: false });
    expect(preferences.find(({ kind }) => kind === 'verify_failed')).toMatchObject({ isFixed: true });
    const bad = { action: 'setPreference', input: { ...input, kind: 'x' }, idempotencyKey: randomUUID() };
    expect((await clientOf('ada').postJson(path, bad)).status).toBe(422);
  });
});

describe('preferences of the account', () => {
  const save = (fields: Record<string, string>) =>
    clientOf('ada').postForm('/admin/account/preferences', { theme: 'dark', density: 'compact', ...fields });

  it('keeps zone and keys, and leaves what is not sent as it is', async () => {
    expect((await save({ timeZone: 'Europe/London', singleKeys: 'off' })).status).toBe(303);
    expect((await save({})).status).toBe(303);
    const page = (await clientOf('ada').get('/admin')).text;
    expect(page).toContain('"timeZone":"Europe/London"');
    expect(page).toContain('"singleKeys":false');
    const account = (await clientOf('ada').get('/admin/account')).text;
    expect(account).toContain('<option value="off" selected>');
    expect(account).toContain('<option value="Europe/London" selected>');
  });

  it('refuses what is none', async () => {
    for (const fields of [{ timeZone: 'Mars/Base' }, { singleKeys: 'maybe' }, { theme: 'pink' }, { locale: 'xx' }] as Record<
      string,
      string
    >[]) {
      expect((await save(fields)).status, JSON.stringify(fields)).toBe(422);
    }
  });
});

describe('how many people somebody opens in a day', () => {
  const open = (id: string, client: AdminClient) => client.get(`/admin/api/resources/User/records/${id}/show`);
  let person: Person;
  let client: AdminClient;
  const day = () => new Date(`${office.app.clock.now().toISOString().slice(0, 10)}T00:00:00Z`);

  beforeAll(async () => {
    person = await office.addStaff('support', { firstName: 'Reader' });
    client = await office.signedIn(person);
  });

  const setUsed = (used: number) =>
    office.app.as({ kind: 'system', name: 'test' }, async () =>
      office.app.deps.database.prisma.revealQuota.upsert({
        where: { staffUserId_day_kind: { staffUserId: person.userId, day: day(), kind: 'people' } },
        create: { staffUserId: person.userId, day: day(), kind: 'people', used },
        update: { used },
      }),
    );
  const events = async (name: string) =>
    office.app.deps.database.prisma.outboxEvent.findMany({ where: { name, aggregateId: person.userId } });

  it('counts a person once, and not for being found', async () => {
    await client.get('/admin/api/search?q=Musa');
    for (let at = 0; at < 3; at += 1) expect((await open(customer, client)).status).toBe(200);
    const row = await office.app.deps.database.prisma.revealQuota.findFirst({ where: { staffUserId: person.userId } });
    expect(row?.used).toBe(1);
  });

  it('four fifths of it are told once', async () => {
    await setUsed(239);
    const other = await office.addCustomer('Ife', 'Bello');
    expect((await open(other, client)).status).toBe(200);
    expect((await open(other, client)).status).toBe(200);
    expect(await events('platform.quota.nearly_used')).toHaveLength(1);
  });

  it('the one after the last is refused, recorded and told; those opened before stay open; parallel ones do not slip by', async () => {
    await setUsed(299);
    const more = await Promise.all(['Ayo', 'Bisi', 'Dayo', 'Efe', 'Femi'].map((name) => office.addCustomer(name, 'Bello')));
    const answers = await Promise.all(more.map((id) => open(id, client)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 403, 403, 403, 403]);
    expect(answers.find(({ status }) => status === 403)?.json.code).toBe('quota_exceeded');
    expect((await open(customer, client)).status).toBe(200);
    expect(await events('platform.quota.exceeded')).toHaveLength(4);
    const denied = (await actionsOf(office, person.userId)).filter(({ outcome }) => outcome === 'denied');
    expect(denied.length).toBeGreaterThanOrEqual(1);
    expect(denied[0]).toMatchObject({ resource: 'user', action: 'show', error_code: 'quota_exceeded' });
  });
});
