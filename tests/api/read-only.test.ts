import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { runInContext, systemContext } from '../../src/foundation/runtime/request-context.ts';
import { switchReadOnlyByOperator } from '../../src/foundation/settings/switch-read-only.ts';
import { password, registerPerson } from '../modules/identity/people.ts';
import { type Api, startApi } from './support/api.ts';

let api: Api;

beforeAll(async () => {
  api = await startApi();
}, 120_000);
afterAll(() => api?.stop());

function switchBy(isOn: boolean) {
  const input = isOn ? { isOn, message: 'Maintenance' } : { isOn };
  return runInContext(systemContext('operator', 'cli'), () => runCommand(api.app.deps, switchReadOnlyByOperator, { input }));
}

describe('read-only mode at the public API', { timeout: 60_000 }, () => {
  it('refuses writes with 503 read_only and Retry-After, lets people read, sign in, refresh and sign out, and opens again', async () => {
    const person = await registerPerson(api.app);
    await switchBy(true);
    const register = { email: `new-${randomUUID()}@example.com`, password: 'Adire-lantern-29-cloth' };
    const refused = await api.post('/auth/register', register);
    expect([refused.status, refused.headers['retry-after']], refused.text).toEqual([503, '60']);
    expect(refused.headers['content-type']).toContain('application/problem+json');
    expect(refused.json).toMatchObject({ code: 'read_only', status: 503 });
    // Why the staff closed it is none of the public's business.
    expect(refused.text).not.toContain('Maintenance');
    const signedIn = await api.post('/auth/login', { email: person.email, password });
    expect(signedIn.status, signedIn.text).toBe(200);
    const tokens = signedIn.json as { accessToken: string; refreshToken: string };
    const bearer = { Authorization: `Bearer ${tokens.accessToken}` };
    expect((await api.get('/api/v1/account', bearer)).status).toBe(200);
    const changed = await api.call('PATCH', '/api/v1/account', { body: { firstName: 'Ada' }, headers: { ...bearer, 'If-Match': '"1"' } });
    expect([changed.status, changed.json], changed.text).toMatchObject([503, { code: 'read_only' }]);
    expect((await api.post('/auth/password/forgot', { email: person.email })).status).toBe(503);
    const refreshed = await api.post('/auth/token/refresh', { refreshToken: tokens.refreshToken });
    expect(refreshed.status, refreshed.text).toBe(200);
    expect((await api.get('/api/v1/reference/countries')).status).toBe(200);
    expect(
      (await api.post('/auth/logout', { refreshToken: (refreshed.json as { refreshToken: string }).refreshToken }, bearer)).status,
    ).toBeLessThan(300);
    await switchBy(false);
    const registered = await api.post('/auth/register', register);
    expect(registered.status, registered.text).toBe(202);
  });

  it('keeps a key free for the repeated call, which succeeds once it is open', async () => {
    const key = { 'Idempotency-Key': `read-only-${randomUUID()}` };
    const body = { email: `again-${randomUUID()}@example.com`, password: 'Adire-lantern-29-cloth' };
    await switchBy(true);
    expect((await api.post('/auth/register', body, key)).status).toBe(503);
    await switchBy(false);
    expect((await api.post('/auth/register', body, key)).status).toBe(202);
  });
});
