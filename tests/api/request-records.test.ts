import { Writable } from 'node:stream';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pending } from '../../src/api/shapes.ts';
import { createLogger } from '../../src/foundation/runtime/logger.ts';
import { requestUuid } from '../../src/foundation/runtime/request-uuid.ts';
import { type Api, basic, bearer, codeOf, freshEmail, goodPassword, newClient, refusal, shaped, startApi } from './support/api.ts';

const lines: string[] = [];
const sink = new Writable({
  write(chunk: Buffer, _encoding, done) {
    lines.push(chunk.toString('utf8'));
    done();
  },
});

let api: Api;
beforeAll(async () => {
  api = await startApi({ RATE_LIMIT_SCALE: '1000' }, createLogger({ logLevel: 'info', mode: 'demo' }, sink));
});
afterAll(() => api.stop());

const rows = async () => (await api.app.deps.database.pool.query('SELECT * FROM platform.api_log ORDER BY occurred_at, id')).rows;
/** The writer is buffered: what is asked for arrives within half a second. */
const lastRow = () => expect.poll(async () => (await rows()).at(-1), { timeout: 5_000 });
const lastLine = () => JSON.parse(lines.findLast((line) => line.includes('"http.request"')) ?? '{}');

describe('what is kept of a request', () => {
  it('is one line and one row with template, status, time, person and code', async () => {
    const { tokens } = await newClient(api);
    await api.call('DELETE', '/api/v1/account/sessions/01890000-0000-7000-8000-000000000000?secret=1', {
      headers: bearer(tokens.accessToken),
    });
    expect(lastLine()).toMatchObject({
      event: 'http.request',
      method: 'DELETE',
      route: '/api/v1/account/sessions/{id}',
      status: 422,
      userId: tokens.user.id,
      errorCode: 'unknown_field',
    });
    await lastRow().toMatchObject({
      method: 'DELETE',
      path_template: '/api/v1/account/sessions/{id}',
      status: 422,
      actor_id: tokens.user.id,
      error_code: 'unknown_field',
      door: 'api',
    });
  });

  it('carries the caller’s request id, and ties it to the one of the audit', async () => {
    await api.post('/auth/login', { email: freshEmail(), password: 'x' }, { 'X-Request-Id': 'trace_87654321' });
    expect(lastLine()).toMatchObject({ requestId: 'trace_87654321', contextId: requestUuid('trace_87654321') });
    await lastRow().toMatchObject({ request_id: 'trace_87654321' });
    const { rows: actions } = await api.app.deps.database.pool.query('SELECT 1 FROM audit.action WHERE request_id = $1', [
      requestUuid('trace_87654321'),
    ]);
    expect(actions).toHaveLength(1);
  });

  it('has a name for paths that do not exist and methods that nobody knows', async () => {
    await api.get('/api/v1/secret-path-4711');
    expect(lastLine()).toMatchObject({ route: '(unmatched)', status: 404, errorCode: 'not_found' });
    await api.call('PROPFIND', '/health/live');
    expect(lastLine()).toMatchObject({ method: 'OTHER', status: 405 });
    expect(lines.join('')).not.toContain('4711');
  });

  it('holds no password, code, token, contact or secret anywhere', async () => {
    const { email, password, tokens } = await newClient(api);
    const { flowId } = shaped(pending, await api.post('/auth/otp/send', { email }));
    const code = codeOf(api, flowId);
    await api.post('/auth/otp/verify', { flowId, code });
    await api.post('/auth/login', { email, password: 'Planted-wrong-password-1' });
    await api.post('/auth/register', { email, password: goodPassword, role: 'owner' });
    await api.post('/auth/register', { phone: '08039998877', password: goodPassword, role: 'client', locale: 'xx' });
    await api.post('/auth/token/refresh', { refreshToken: tokens.refreshToken });
    await api.post('/auth/introspect', { token: tokens.accessToken }, basic('storefront-bff', 'planted-client-secret'));
    await api.get(`/dev/inbox?to=${email}&x=1`);
    const planted = [
      email,
      password,
      code,
      flowId,
      tokens.accessToken,
      tokens.refreshToken ?? '',
      tokens.deviceToken ?? '',
      'Planted-wrong-password-1',
      '8039998877',
      'planted-client-secret',
    ];
    await lastRow().toMatchObject({ path_template: '/dev/inbox', status: 422 });
    const kept = JSON.stringify(await rows()) + lines.join('');
    for (const secret of planted) expect(kept).not.toContain(secret);
    expect((await rows()).some((row) => row.body?.role === 'owner')).toBe(true);
  });

  it('of a failure inside tells the caller nothing and the log the cause', async () => {
    const admin = new pg.Client({ connectionString: api.app.database.adminUrl });
    await admin.connect();
    await admin.query('ALTER TABLE reference.country RENAME TO country_away');
    const answer = await api.get('/api/v1/reference/countries');
    await admin.query('ALTER TABLE reference.country_away RENAME TO country');
    await admin.end();
    expect(refusal(answer)).toBe('500 internal_error');
    expect(answer.text).not.toMatch(/country|prisma|select|stack|\.ts/i);
    expect(lastLine()).toMatchObject({ level: 'error', status: 500, errorCode: 'internal_error' });
    expect(JSON.stringify(lastLine().error)).toMatch(/country/);
  });
});
