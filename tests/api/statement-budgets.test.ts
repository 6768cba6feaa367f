import { afterAll, beforeAll, expect, it } from 'vitest';
import { apiRoutes } from '../../src/api/routes/index.ts';
import { openStatementMeter, type StatementMeter } from '../support/statement-meter.ts';
import { type Api, bearer, newClient, startApi } from './support/api.ts';

let api: Api;
let meter: StatementMeter;
let shopper: Awaited<ReturnType<typeof newClient>>;
beforeAll(async () => {
  api = await startApi({ RATE_LIMIT_SCALE: '1000' });
  meter = await openStatementMeter(api.app.database.adminUrl);
  shopper = await newClient(api);
});
afterAll(async () => {
  await meter?.close();
  await api?.stop();
});

/** Statements of one read: the limit, the session and what is shown. Raising one is a decision. */
const mostStatements = 7;
/** Milliseconds in the database; measured are 0.1 to 3. */
const mostMs = 250;

/** Every read that needs nothing but a sign-in, or not even that. */
const reads = apiRoutes.filter(({ method, path, auth }) => method === 'GET' && !path.includes('{') && ['none', 'session'].includes(auth));

it.each(reads.map(({ path }) => path))('GET %s stays within its statements and milliseconds', async (path) => {
  const read = () => api.get(path, bearer(shopper.tokens.accessToken));
  await read();
  const { statements, ms } = await meter.costOf(read);
  expect(statements).toBeLessThanOrEqual(mostStatements);
  expect(ms).toBeLessThanOrEqual(mostMs);
});

it('a sign-in and a refresh stay within theirs', async () => {
  const signIn = () => api.post('/auth/login', { email: shopper.email, password: shopper.password });
  const { refreshToken } = (await newClient(api)).tokens;
  const refresh = () => api.post('/auth/token/refresh', { refreshToken });
  for (const [work, most] of [
    [signIn, 20],
    [refresh, 9],
  ] as const) {
    const cost = await meter.costOf(async () => expect((await work()).status).toBe(200));
    expect(cost.statements).toBeLessThanOrEqual(most);
    expect(cost.ms).toBeLessThanOrEqual(mostMs);
  }
});
