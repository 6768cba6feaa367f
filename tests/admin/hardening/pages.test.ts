import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { AdminClient } from '../support/admin-client.ts';
import { type BackOffice, type Person, password, startBackOffice } from '../support/back-office.ts';

let office: BackOffice;
let admin: Person;
let client: AdminClient;
beforeAll(async () => {
  office = await startBackOffice();
  admin = await office.addStaff('admin', { hasTotp: true });
  client = await office.signedIn(admin);
});
afterAll(() => office?.stop());

const assetPattern = /(?:href|src)="(\/admin\/assets\/[^"]+)"/g;

async function assetsOfPage(): Promise<string[]> {
  const page = await client.get('/admin');
  return [...new Set([...page.text.matchAll(assetPattern)].map((match) => match[1] ?? ''))];
}

test('H2 the components bundle named in the page loads', async () => {
  const file = (await assetsOfPage()).find((name) => name.includes('components'));
  const answer = await office.newClient().get(file ?? '');
  expect(answer.status).toBe(200);
  expect(answer.headers.get('content-type')).toContain('javascript');
  expect(answer.text.length).toBeGreaterThan(1024);
});

test('H18 a sign-in that fails inside shows neither the message nor markup', async () => {
  const broken = await startBackOffice({
    identity: {
      signInWithPassword: async () =>
        Promise.reject(new Error('connect postgres://app:hunter2@10.0.0.5/db </script><script>alert(1)</script>')),
      verifyFactor: async () => ({ kind: 'refused' }),
      beginTotpEnrolment: async () => ({ secret: '', uri: '' }),
      confirmTotpEnrolment: async () => null,
      loadStaff: async () => null,
      listFactors: async () => [],
      challengePasskey: async () => null,
      beginPasskeyEnrolment: async () => ({}),
      confirmPasskeyEnrolment: async () => null,
      renamePasskey: async () => undefined,
      removeFactor: async () => undefined,
      renewRecoveryCodes: async () => ({ recoveryCodes: [] }),
      savePreferences: async () => undefined,
    },
  });
  try {
    const answer = await broken.newClient().postForm('/admin/login', { email: 'a@b.example', password });
    expect(answer.status).toBe(500);
    expect(answer.text).not.toMatch(/hunter2|10\.0\.0\.5|alert|postgres/);
  } finally {
    await broken.stop();
  }
});

test('H19 page state is escaped and holds exactly what section 1 allows of the person', async () => {
  const evil = await office.addStaff('support', { hasTotp: true });
  await office.app.as({ kind: 'system', name: 'operator' }, () =>
    office.app.deps.database.prisma.user.update({
      where: { id: evil.userId },
      data: { displayName: '</script><script>window.hacked=1</script>\u2028' },
    }),
  );
  const page = await (await office.signedIn(evil)).get('/admin');
  const state = /window\.REDUX_STATE = (.*);\n/.exec(page.text)?.[1] ?? '';
  expect(state).not.toContain('<');
  expect(page.text).not.toContain('<script>window.hacked');
  expect(page.text).not.toContain('\u2028');
  const { session } = JSON.parse(state);
  expect(Object.keys(session).sort()).toEqual(['density', 'displayName', 'id', 'lead', 'locale', 'roles', 'theme']);
  expect(page.text).not.toMatch(/sessionHash|idHash|factorAt|staff\.example\.com/);
});

test('H33 the headers are on every answer: page, JSON, asset and errors', async () => {
  const [asset = ''] = await assetsOfPage();
  for (const path of ['/admin', '/admin/login', '/admin/api/me', '/admin/nope', '/admin/api/nope', asset, '/admin/assets/nope.js']) {
    const { headers } = await client.get(path);
    const csp = headers.get('content-security-policy') ?? '';
    const nonce = /'nonce-([A-Za-z0-9+/=]{24})'/.exec(csp)?.[1] ?? '';
    expect(csp.replaceAll(nonce, 'N'), path).toBe(
      "default-src 'none'; script-src 'self' 'nonce-N'; style-src 'self' 'nonce-N'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; object-src 'none'",
    );
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('same-origin');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('cross-origin-opener-policy')).toBe('same-origin');
    expect(headers.get('cross-origin-resource-policy')).toBe('same-origin');
    expect(headers.get('permissions-policy')).toContain('camera=()');
    expect(headers.get('strict-transport-security')).toContain('max-age=');
    expect(headers.get('x-powered-by')).toBeNull();
    if (path !== asset) expect(headers.get('cache-control')).toBe('no-store');
  }
});

test('the nonce is new per response and on every script of the page', async () => {
  const pages = [await client.get('/admin'), await client.get('/admin')];
  const nonces = pages.map((page) => /'nonce-([^']+)'/.exec(page.headers.get('content-security-policy') ?? '')?.[1] ?? '');
  expect(nonces[0]).not.toBe(nonces[1]);
  const [first] = pages;
  const scripts = first?.text.match(/<script\b[^>]*>/g) ?? [];
  expect(scripts.length).toBeGreaterThan(3);
  for (const script of scripts) expect(script).toContain(`nonce="${nonces[0]}"`);
  expect(first?.text).not.toMatch(/https?:\/\/(?!127)/);
  expect(first?.text).not.toMatch(/AdminJS:|Made with|fonts\.googleapis/);
});

describe('H34 assets', () => {
  test('H34 br and gzip by Accept-Encoding, a hash in the name, kept for a year', async () => {
    for (const file of await assetsOfPage()) {
      expect(file).toMatch(/\.[0-9a-f]{12}\./);
      for (const encoding of ['br', 'gzip', 'identity']) {
        const response = await fetch(`${office.origin}${file}`, { headers: { 'accept-encoding': encoding } });
        await response.arrayBuffer();
        expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
        expect(response.headers.get('vary')).toBe('Accept-Encoding');
        const isFont = file.endsWith('.woff2');
        expect(response.headers.get('content-encoding')).toBe(isFont || encoding === 'identity' ? null : encoding);
      }
    }
  });

  test('the first load stays within its budget', async () => {
    const files = await assetsOfPage();
    const sizes = await Promise.all(
      files.map(async (file) =>
        Number(
          (await fetch(`${office.origin}${file}`, { method: 'HEAD', headers: { 'accept-encoding': 'br' } })).headers.get('content-length'),
        ),
      ),
    );
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(1000 * 1024);
    expect(files.length).toBeLessThanOrEqual(15);
  });

  test("AdminJS's own asset routes and paths outside the folder are closed", async () => {
    for (const path of [
      '/admin/frontend/assets/app.bundle.js',
      '/admin/frontend/assets/icomoon.css',
      '/admin/assets/manifest.json',
      '/admin/assets/..%2f..%2fpackage.json',
      '/admin/assets/',
    ]) {
      expect((await client.get(path)).status, path).toBe(404);
    }
  });
});

test('H35 the bundles hold no server module and none of the configured secrets', () => {
  const folder = join(import.meta.dirname, '../../../build/assets');
  const names = readdirSync(folder).filter((name) => name.startsWith('components') && name.endsWith('.js'));
  expect(names).toHaveLength(1);
  const text = names.map((name) => readFileSync(join(folder, name), 'utf8')).join('');
  const forbidden =
    /prisma|postgres:|process\.env|["']node:|PASSWORD_PEPPERS|BLIND_INDEX|COOKIE_SEAL|dev-storefront-secret|runCommand|createKeyring/;
  expect(forbidden.exec(text)?.[0] ?? null).toBeNull();
});

test('every page of the menu opens for the person who sees it, and no answer is empty', async () => {
  for (const path of [
    '/admin',
    '/admin/',
    '/admin/resources/Country',
    '/admin/resources/Country/actions/list',
    '/admin/resources/User',
    '/admin/pages/failing',
  ]) {
    const page = await client.get(path);
    expect(page.status, path).toBe(200);
    expect(page.text).toContain('window.FASHIONISTAR');
  }
  for (const path of [
    '/admin/resources/Nope',
    '/admin/pages/nope',
    '/admin/resources/Country/records/x/show',
    '/admin/resources/Country/bulk/setActive',
    '/admin/%E0%A4%A',
  ]) {
    expect((await client.get(path)).status, path).toBe(404);
  }
});
