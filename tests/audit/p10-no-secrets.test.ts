import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { createLogger } from '../../src/foundation/runtime/logger.ts';
import { staffCommands, systemCommands } from '../../src/modules/identity/index.ts';
import { type Api, startApi } from '../api/support/api.ts';
import { staffActor } from '../support/app.ts';
import { createInbox, type Inbox } from '../support/inbox.ts';
import { ticketAbout } from '../support/tickets.ts';

const lines: string[] = [];
const planted = {
  email: 'planted.person.4711@example.com',
  phone: '+2347000004711',
  password: 'planted okra sings late',
  wrongPassword: 'planted-wrong-secret-4712',
  address: '4713 Planted Close, Yaba',
  staffPassword: 'violet harbour 4716 lamp',
};
/** Codes, links and tokens that the run itself brought up. */
const secrets = new Set<string>(Object.values(planted));

let api: Api;
let inbox: Inbox;

beforeAll(async () => {
  // The real logger at its most talkative, into memory.
  const log = createLogger({ logLevel: 'trace', mode: 'demo' }, { write: (line: string) => void lines.push(line) });
  api = await startApi({}, log);
  await api.app.startWorker();
  inbox = createInbox(api.app.deps);
});
afterAll(() => api.stop());

const tokens = z.looseObject({ accessToken: z.string(), refreshToken: z.string() });
const flow = z.looseObject({ flowId: z.string() });

async function register(contact: Record<string, string>, template: string): Promise<z.infer<typeof tokens>> {
  const { flowId } = flow.parse(
    (await api.post('/auth/register', { ...contact, password: planted.password, firstName: 'Ada', lastName: 'Obi' })).json,
  );
  const message = await inbox.wait((contact['email'] ?? contact['phone'] ?? '').toLowerCase(), { template });
  for (const secret of [message.code, message.token]) if (secret) secrets.add(secret);
  const answer = await api.post('/auth/register/verify', { flowId, code: message.code });
  expect(answer.status).toBe(201);
  return keep(tokens.parse(answer.json));
}

function keep(set: z.infer<typeof tokens>): z.infer<typeof tokens> {
  for (const [name, value] of Object.entries(set))
    if (/token/i.test(name) && typeof value === 'string' && value !== 'Bearer') secrets.add(value);
  return set;
}

test('P10: after a day of work no planted secret or contact is in a table, a queue or a log', { timeout: 120_000 }, async () => {
  const byMail = await register({ email: planted.email }, 'otp_register');
  await register({ phone: planted.phone }, 'otp_register');
  await register({ email: planted.email.toUpperCase().replace('PLANTED', 'second') }, 'otp_register');
  // A taken identifier, wrong passwords, a wrong code, a broken body: each names the secrets once more.
  await api.post('/auth/register', { email: planted.email, password: planted.password });
  await api.post('/auth/login', { email: planted.email, password: planted.wrongPassword });
  await api.post('/auth/login', { phone: planted.phone, password: planted.password, [planted.wrongPassword]: 1 });
  await api.call('POST', '/api/v1/auth/login', {
    raw: `{"email":"${planted.email}", "password": ${planted.password}`,
    headers: { 'Content-Type': 'application/json' },
  });
  const signedIn = keep(tokens.parse((await api.post('/auth/login', { email: planted.email, password: planted.password })).json));
  const refreshed = keep(tokens.parse((await api.post('/auth/token/refresh', { refreshToken: signedIn.refreshToken })).json));
  const bearer = { Authorization: `Bearer ${refreshed.accessToken}` };
  const account = await api.get('/api/v1/account', bearer);
  const changed = await api.call('PATCH', '/api/v1/account', {
    body: { address: planted.address },
    headers: { ...bearer, 'If-Match': String(account.headers['etag']) },
  });
  expect(changed.status).toBe(200);
  const enrolment = z.looseObject({ secret: z.string() }).parse((await api.post('/account/mfa/totp', {}, bearer)).json);
  secrets.add(enrolment.secret);
  await actAsStaff();
  await api.post('/auth/logout', { refreshToken: byMail.refreshToken });
  await inbox.wait(planted.email, { atLeast: 3 });
  // The request log is written in batches; the search is worth something only once it holds this run.
  await expect.poll(() => countOf('platform.api_log')).toBeGreaterThan(8);

  const found = await searchDatabase();
  expect(found).toEqual([]);
  const text = lines.join('');
  expect(text.length).toBeGreaterThan(1_000);
  expect([...secrets].filter((secret) => text.includes(secret))).toEqual([]);
});

async function actAsStaff(): Promise<void> {
  const { app } = api;
  const admin = staffActor({ role: 'admin', isLead: false }, app.clock.now());
  const { rows } = await app.deps.database.pool.query<{ id: string }>(`SELECT id FROM identity."user" WHERE kind = 'client' LIMIT 1`);
  const id = rows[0]?.id;
  const reason = { code: 'customer_request', text: 'Asked on the phone to be helped' };
  const ticketId = await ticketAbout(app, id ?? '');
  const revealed = await app.as(admin, () =>
    runCommand(app.deps, staffCommands.revealContact, { input: { id, field: 'email' }, reason, ticketId }),
  );
  expect(JSON.stringify(revealed.output)).toContain('@');
  await app.as({ kind: 'system', name: 'test' }, () =>
    runCommand(app.deps, systemCommands.createStaffAccount, {
      input: {
        email: 'planted.staff.4715@example.com',
        password: planted.staffPassword,
        firstName: 'Kemi',
        lastName: 'Planted',
        grants: [{ role: 'support' }],
      },
    }),
  );
  secrets.add('planted.staff.4715@example.com');
}

async function countOf(table: string): Promise<number> {
  const { rows } = await api.app.deps.database.pool.query<{ n: number }>(`SELECT count(*)::int AS n FROM ${table}`);
  return rows[0]?.n ?? 0;
}

/** Looks into every column of every table, as text and, for bytes, as the text they may hold. The dev inbox is not searched: it is the one exception. */
async function searchDatabase(): Promise<string[]> {
  const admin = new pg.Client({ connectionString: api.app.database.adminUrl });
  await admin.connect();
  const { rows: tables } = await admin.query<{ name: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'r' AND n.nspname NOT IN ('pg_catalog', 'information_schema')`,
  );
  expect(tables.length).toBeGreaterThan(60);
  const found: string[] = [];
  for (const { name } of tables) {
    for (const secret of secrets) {
      const hex = Buffer.from(secret, 'utf8').toString('hex');
      const { rows } = await admin.query<{ n: number }>(
        `SELECT count(*)::int AS n FROM ${name} t WHERE t::text ILIKE $1 OR t::text LIKE $2`,
        [`%${secret.replace(/[\\%_]/g, '\\$&')}%`, `%${hex}%`],
      );
      if ((rows[0]?.n ?? 0) > 0) found.push(`${name}: ${secret.slice(0, 24)}`);
    }
  }
  await admin.end();
  return found;
}
