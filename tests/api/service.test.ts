import { once } from 'node:events';
import express from 'express';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { inboxPage } from '../../src/api/inbox-page.ts';
import { apiRoutes } from '../../src/api/routes/index.ts';
import { createApiRouter } from '../../src/api/server.ts';
import { country, countryPage, pending } from '../../src/api/shapes.ts';
import { createMetrics } from '../../src/foundation/runtime/metrics.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { createRequestLog } from '../../src/foundation/runtime/request-log.ts';
import { refreshCountries } from '../../src/modules/reference/index.ts';
import { createInbox } from '../support/inbox.ts';
import { type Api, fieldsOf, freshEmail, goodPassword, refusal, shaped, startApi } from './support/api.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi({ RATE_LIMIT_SCALE: '1000' });
});
afterAll(() => api.stop());

describe('health', () => {
  it('live touches nothing', async () => {
    const answer = await api.get('/health/live');
    expect([answer.status, answer.json]).toEqual([200, { status: 'ok' }]);
  });

  it('ready names parts and nothing else', async () => {
    const answer = await api.get('/health/ready');
    const shape = z.strictObject({
      status: z.enum(['ready', 'not_ready']),
      checks: z.strictObject({
        database: z.literal('ok'),
        migrations: z.literal('ok'),
        queue: z.enum(['ok', 'failed']),
        keys: z.literal('ok'),
      }),
    });
    const { status, checks } = shaped(shape, answer);
    expect([answer.status, status]).toEqual(checks.queue === 'ok' ? [200, 'ready'] : [503, 'not_ready']);
  });
});

describe('discovery', () => {
  it('publishes public keys only', async () => {
    const answer = await api.get('/.well-known/jwks.json');
    const { keys } = z.object({ keys: z.array(z.record(z.string(), z.string())) }).parse(answer.json);
    expect(keys.length).toBeGreaterThan(0);
    for (const key of keys) expect(Object.keys(key).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x']);
    expect(answer.headers['cache-control']).toBe('public, max-age=300');
  });

  it('names only endpoints that exist, the same in both documents', async () => {
    const openid = await api.get('/.well-known/openid-configuration');
    const oauth = await api.get('/.well-known/oauth-authorization-server');
    expect(openid.json).toEqual(oauth.json);
    const { issuer, jwks_uri, introspection_endpoint } = z.record(z.string(), z.unknown()).parse(openid.json);
    expect(issuer).toBe(api.app.deps.config.publicUrl);
    for (const url of [jwks_uri, introspection_endpoint]) {
      const path = String(url).slice(String(issuer).length);
      expect(apiRoutes.some((route) => route.path === path)).toBe(true);
    }
  });

  it('sends password managers to the storefront', async () => {
    const answer = await api.get('/.well-known/change-password');
    expect([answer.status, answer.headers.location]).toEqual([302, 'http://localhost:3001/account/password']);
  });

  it('config says what a sign-in page needs and may be cached', async () => {
    const answer = await api.get('/api/v1/auth/config');
    expect(answer.headers['cache-control']).toBe('public, max-age=300');
    expect(answer.json).toMatchObject({
      methods: ['password', 'otp', 'passkey'],
      roles: ['client', 'vendor'],
      password: { minLength: 12, maxLength: 128 },
      otp: { length: 6, emailTtl: 600, smsTtl: 300, resendIn: 60 },
      google: { enabled: false, clientId: null },
      defaultCountry: 'NG',
      locales: ['en', 'yo', 'ha', 'ig'],
    });
  });
});

describe('openapi.json and docs', () => {
  const document = z.object({
    openapi: z.literal('3.1.0'),
    paths: z.record(z.string(), z.record(z.string(), z.object({ operationId: z.string(), responses: z.record(z.string(), z.unknown()) }))),
    components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
  });

  it('describe every route of the table, each with its own operation id', async () => {
    const answer = await api.get('/openapi.json');
    const { paths, components } = document.parse(answer.json);
    for (const route of apiRoutes) expect(paths[route.path]?.[route.method.toLowerCase()]).toBeDefined();
    const ids = Object.values(paths).flatMap((methods) => Object.values(methods).map((operation) => operation.operationId));
    expect(new Set(ids).size).toBe(ids.length);
    expect(Object.keys(components.schemas)).toEqual(expect.arrayContaining(['Problem', 'Pending', 'TokenSet', 'MfaRequired', 'Account']));
    expect((await api.get('/openapi.json')).text).toBe(answer.text);
  });

  it('the reader comes from here alone: no other host, no inline script', async () => {
    const page = await api.get('/docs');
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    expect(page.text).not.toMatch(/https?:\/\//);
    const files = [...page.text.matchAll(/(?:src|href)="(\/docs\/[^"]+)"/g)].map(([, path = '']) => path);
    expect(files).toHaveLength(4);
    for (const file of files) {
      const answer = await api.get(file);
      expect(answer.status).toBe(200);
      expect(answer.headers['content-encoding']).toBeUndefined();
    }
  });

  it('is compressed for those who can read that, and serves no other file', async () => {
    const plain = await api.get('/docs/swagger-ui-bundle.js');
    const packed = await api.get('/docs/swagger-ui-bundle.js', { 'Accept-Encoding': 'gzip' });
    expect(packed.headers['content-encoding']).toBe('gzip');
    expect(Number(packed.headers['content-length'])).toBeLessThan(Number(plain.headers['content-length']) / 2);
    for (const path of ['/docs/package.json', '/docs/index.js', '/docs/..%2fpackage.json', '/docs/../package.json'])
      expect((await api.get(path)).status).toBe(404);
  });
});

describe('the dev inbox', () => {
  it('shows the message of a registration, by address and by number in any spelling', async () => {
    const { migrateDatabase } = await import('../../src/app.ts');
    await migrateDatabase(api.app.deps.config, api.app.deps.log);
    await api.app.startWorker();
    const email = freshEmail();
    const { flowId } = shaped(pending, await api.post('/auth/register', { email, password: goodPassword }));
    await api.post('/auth/register', { phone: '+2347000009001', password: goodPassword });
    const inbox = createInbox(api.app.deps);
    await inbox.wait(email);
    await inbox.wait('+2347000009001');
    const items = z.object({
      items: z.array(
        z.object({ code: z.string(), link: z.string().nullable(), token: z.string().nullable(), to: z.string(), channel: z.string() }),
      ),
    });
    const mail = items.parse((await api.get(`/dev/inbox?to=${email.toUpperCase()}`)).json).items[0];
    expect(mail).toMatchObject({ code: api.app.deps.keyring.otpCode(flowId, 1), to: email, channel: 'email' });
    expect(mail?.link).toContain(`#t=${mail?.token}`);
    for (const to of ['+2347000009001', '%2B2347000009001', '2347000009001']) {
      expect(items.parse((await api.get(`/dev/inbox?to=${to}`)).json).items[0]).toMatchObject({ to: '+2347000009001', channel: 'sms' });
    }
    const page = await api.get(`/dev/inbox?to=${email}`, { Accept: 'text/html,application/xhtml+xml,*/*;q=0.8' });
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/);
    expect(page.text).toContain(String(mail?.code));
    expect((await api.get('/dev/inbox', { Accept: '*/*' })).headers['content-type']).toContain('application/json');
  });

  it('does not exist in strict production, in openapi.json neither', async () => {
    const { app } = api;
    const config = { ...app.deps.config, mode: 'production' } as const;
    const { pool } = app.deps.database;
    const requestLog = createRequestLog({ pool, clock: app.clock, log: app.deps.log });
    const fine = () => Promise.resolve(true);
    const readiness = { database: fine, migrations: fine, queue: fine, keys: fine };
    const web = express().use(createApiRouter({ ...app.deps, config }, { requestLog, metrics: createMetrics(), readiness }));
    const server = web.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const base = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    expect((await fetch(`${base}/dev/inbox`)).status).toBe(404);
    expect(await (await fetch(`${base}/openapi.json`)).text()).not.toContain('/dev/inbox');
    expect((await (await fetch(`${base}/health/ready`)).json()).status).toBe('ready');
    server.closeAllConnections();
    server.close();
    await requestLog.close();
  });

  it('shows all addresses where none is asked for, and an SMS without subject, code and link', () => {
    const item = { id: newId(), locale: 'en', html: null, token: null, createdAt: '2026-11-22T07:00:00.000Z' };
    const sms = {
      ...item,
      channel: 'sms' as const,
      to: '+2347000009002',
      template: 'contact_changed',
      subject: null,
      text: 'It is <b>changed</b> & "yours"',
    };
    const mail = { ...item, channel: 'email' as const, to: 'a@example.com', template: 'otp_login', subject: "Ada's code", text: 'Hello' };
    const page = inboxPage(
      [
        { ...sms, code: null, link: null },
        { ...mail, code: '123456', link: 'https://shop.example/#t=a&b' },
      ],
      null,
    );
    expect(page).toContain('name="to" value="" ');
    const [first = '', second = ''] = page.split('<article>').slice(1);
    expect(first).toContain('<h2>SMS</h2>\n<pre>It is &lt;b&gt;changed&lt;/b&gt; &amp; &quot;yours&quot;</pre>');
    expect(second).toContain('<h2>Ada&#39;s code</h2>\n<p class="code">123456</p><p><a href="https://shop.example/#t=a&amp;b" rel');
  });

  it('is escaped text on its page', async () => {
    const page = await api.get('/dev/inbox?to=%3Cscript%3E@x', { Accept: 'text/html' });
    expect(page.text).not.toContain('<script>');
  });
});

describe('reference/countries', () => {
  const list = (query = '') => api.get(`/api/v1/reference/countries${query}`);
  const system = { kind: 'system', name: 'test' } as const;

  beforeAll(async () => {
    const { runCommand } = await import('../../src/foundation/command/run-command.ts');
    await api.app.as(system, () => runCommand(api.app.deps, refreshCountries, { input: {} }));
  });

  it('pages, filters and sorts', async () => {
    const page = shaped(countryPage, await list('?region=Africa&sort=-name&pageSize=5'));
    expect(page.items).toHaveLength(5);
    expect(page.total).toBeGreaterThan(40);
    const names = page.items.map((item) => item.name);
    expect(names).toEqual([...names].sort().reverse());
    expect(
      shaped(countryPage, await list('?q=nige'))
        .items.map((item) => item.iso2)
        .sort(),
    ).toEqual(['NE', 'NG']);
    expect(shaped(countryPage, await list('?callingCode=%2B234')).items.map((item) => item.iso2)).toEqual(['NG']);
    expect(shaped(countryPage, await list()).pageSize).toBe(50);
  });

  it.each(['pageSize=301', 'pageSize=0', 'page=0', 'page=x', 'sort=capital'])('%s is 422', async (query) => {
    expect((await list(`?${query}`)).status).toBe(422);
    expect(fieldsOf(await list(`?${query}`))).toHaveLength(1);
  });

  it('answers 304 to the tag it gave', async () => {
    const first = await list('?pageSize=3');
    expect(first.headers['cache-control']).toBe('public, max-age=3600');
    const { etag = '' } = first.headers;
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      const again = await api.get('/api/v1/reference/countries?pageSize=3', { 'If-None-Match': tag });
      expect([again.status, again.text, again.headers.etag]).toEqual([304, '', etag]);
    }
    expect((await api.get('/api/v1/reference/countries?pageSize=3', { 'If-None-Match': '"other"' })).status).toBe(200);
  });

  it('reads one in any case', async () => {
    expect(shaped(country, await api.get('/api/v1/reference/countries/ng'))).toMatchObject({
      iso2: 'NG',
      currency: 'NGN',
      callingCode: '+234',
    });
    expect(refusal(await api.get('/api/v1/reference/countries/ZZ'))).toBe('404 not_found');
    expect(refusal(await api.get('/api/v1/reference/countries/nga'))).toBe('404 not_found');
  });
});
