import { spawnSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { freePort } from '../../scripts/free-port.ts';
import { passkeyRequest, passkey as passkeyShape } from '../../src/api/passkey-shapes.ts';
import { mfaRequired, tokenSet } from '../../src/api/shapes.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import { systemCommands } from '../../src/modules/identity/index.ts';
import { openBrowser, whyNoBrowser } from '../support/chromium.ts';
import { type Lab, startLab } from '../support/lab.ts';

const shopper = { email: 'chioma@example.com', password: 'a long enough pass phrase 7', firstName: 'Chioma', lastName: 'Eze' };
const creation = z.object({ challengeId: z.string(), options: z.looseObject({}), expiresIn: z.literal(300) });

type Sent = { status: number; json: unknown };

const missing = whyNoBrowser();

describe.skipIf(missing !== null)(`a shopper uses passkeys in a browser${missing ? ` (${missing})` : ''}`, { timeout: 300_000 }, () => {
  let lab: Lab;
  let shop: Server;
  let browser: Browser;
  let page: Page;
  let device: CDPSession;
  let authenticatorId = '';
  let api = '';
  let accessToken = '';
  let passkeyId = '';

  beforeAll(async () => {
    const port = await freePort();
    const origin = `http://localhost:${port}`;
    shop = await servePage(port);
    lab = await startLab(
      async (app) => {
        await runCommand(app.deps, systemCommands.registerVerified, { input: shopper });
      },
      { CORS_ORIGINS: origin, STOREFRONT_URL: origin, WEBAUTHN_ORIGINS: origin, WEBAUTHN_RP_ID: 'localhost' },
    );
    api = `http://localhost:${new URL(lab.origin).port}/api/v1`;
    browser = await openBrowser();
    page = await browser.newPage();
    page.setDefaultTimeout(45_000);
    await page.goto(origin);
    device = await page.context().newCDPSession(page);
    await device.send('WebAuthn.enable');
    const options = {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
    } as const;
    const added = await device.send('WebAuthn.addVirtualAuthenticator', { options: { ...options, automaticPresenceSimulation: true } });
    authenticatorId = added.authenticatorId;
  }, 400_000);
  afterAll(async () => {
    await browser?.close();
    await new Promise((resolve) => (shop ? shop.close(resolve) : resolve(null)));
    await lab?.stop();
  }, 60_000);

  /** The storefront's own page calls the API: another origin of the same site, with cookies. */
  const send = (method: string, path: string, body?: object, token = ''): Promise<Sent> =>
    page.evaluate(
      async ([url, verb, text, bearer]) => {
        const headers: Record<string, string> = { 'X-Client-Id': 'browser', ...(bearer ? { Authorization: `Bearer ${bearer}` } : {}) };
        if (text) headers['Content-Type'] = 'application/json';
        const answer = await fetch(url, { method: verb, headers, credentials: 'include', ...(text ? { body: text } : {}) });
        const said = await answer.text();
        return { status: answer.status, json: said === '' ? null : JSON.parse(said) };
      },
      [`${api}${path}`, method, body === undefined ? '' : JSON.stringify(body), token] as const,
    );

  const create = (options: unknown): Promise<unknown> =>
    page.evaluate(async (text) => {
      const made = await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(JSON.parse(text)) });
      return made instanceof PublicKeyCredential ? made.toJSON() : null;
    }, JSON.stringify(options));

  const get = (options: unknown): Promise<unknown> =>
    page.evaluate(async (text) => {
      const found = await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(JSON.parse(text)) });
      return found instanceof PublicKeyCredential ? found.toJSON() : null;
    }, JSON.stringify(options));

  test('registers a passkey after signing in with the password', async () => {
    const signedIn = tokenSet.parse((await send('POST', '/auth/login', { email: shopper.email, password: shopper.password })).json);
    const begun = creation.parse((await send('POST', '/account/passkeys/options', {}, signedIn.accessToken)).json);
    const response = await create(begun.options);
    const added = await send(
      'POST',
      '/account/passkeys',
      { challengeId: begun.challengeId, response, name: 'This laptop' },
      signedIn.accessToken,
    );
    expect(added.status).toBe(201);
    const shown = passkeyShape.parse(added.json);
    expect(shown.name).toBe('This laptop');
    passkeyId = shown.id;
  });

  test('signs in without naming anybody, and the challenge serves once', async () => {
    const begun = passkeyRequest.parse((await send('POST', '/auth/passkeys/authenticate/options', {})).json);
    const body = { challengeId: begun.challengeId, response: await get(begun.options) };
    const answer = await send('POST', '/auth/passkeys/authenticate/verify', body);
    const signedIn = tokenSet.parse(answer.json);
    expect(signedIn.user.identifier).toBe('c***@example.com');
    expect(signedIn.session).toMatchObject({ acr: 'aal2', amr: ['hwk', 'user'] });
    expect(signedIn.refreshToken).toBeUndefined();
    expect(await send('POST', '/auth/passkeys/authenticate/verify', body)).toMatchObject({
      status: 410,
      json: { code: 'challenge_expired' },
    });
    accessToken = signedIn.accessToken;
    const cookies = await page.context().cookies(api);
    expect(cookies.map((cookie) => cookie.name)).toContain('__Host-fsh_rt');
  });

  test('gives the passkey as the second step after the password', async () => {
    const asked = mfaRequired.parse((await send('POST', '/auth/login', { email: shopper.email, password: shopper.password })).json);
    expect(asked.methods).toEqual(['passkey']);
    const { challengeId } = asked;
    const chosen = z
      .object({ options: z.looseObject({}) })
      .parse((await send('POST', '/auth/mfa/challenge', { challengeId, method: 'passkey' })).json);
    const response = await get(chosen.options);
    const answer = await send('POST', '/auth/mfa/verify', { challengeId, method: 'passkey', response });
    expect(tokenSet.parse(answer.json).session).toMatchObject({ acr: 'aal2', amr: ['pwd', 'hwk', 'user', 'mfa'] });
  });

  test('enrols an authenticator whose codes another program makes', async () => {
    const begun = z
      .object({ enrolId: z.string(), secret: z.string() })
      .parse((await send('POST', '/account/mfa/totp', {}, accessToken)).json);
    const code = codeByPython(begun.secret);
    const confirmed = await send('POST', '/account/mfa/totp/confirm', { enrolId: begun.enrolId, code }, accessToken);
    expect(z.object({ recoveryCodes: z.array(z.string()).length(10) }).parse(confirmed.json).recoveryCodes).toHaveLength(10);
  });

  test('removes the passkey: what the device still has opens nothing, until the signal lets it forget', async () => {
    const { status, json } = await send('DELETE', `/account/passkeys/${passkeyId}`, undefined, accessToken);
    expect(status).toBe(200);
    const { signal } = z.object({ signal: z.object({ rpId: z.literal('localhost'), credentialId: z.string() }) }).parse(json);
    const begun = passkeyRequest.parse((await send('POST', '/auth/passkeys/authenticate/options', {})).json);
    const response = await get(begun.options);
    expect(response).toMatchObject({ id: signal.credentialId });
    const answer = await send('POST', '/auth/passkeys/authenticate/verify', { challengeId: begun.challengeId, response });
    expect(answer).toMatchObject({ status: 401, json: { code: 'passkey_invalid' } });
    await page.evaluate((unknown) => PublicKeyCredential.signalUnknownCredential(unknown), signal);
    const left = async () => (await device.send('WebAuthn.getCredentials', { authenticatorId })).credentials.length;
    await expect.poll(left, { timeout: 20_000 }).toBe(0);
  });
});

/** A page of a shop, of which only the origin matters. */
function servePage(port: number): Promise<Server> {
  const server = createServer((_req, res) => {
    res.setHeader('Content-Type', 'text/html; charset=utf-8');
    res.end('<!doctype html><title>Shop</title>');
  });
  return new Promise((resolve) => server.listen(port, 'localhost', () => resolve(server)));
}

/** RFC 6238 by Python's standard library. */
function codeByPython(secret: string): string {
  const program = `
import base64, hashlib, hmac, struct, sys, time
secret = sys.argv[1]
mac = hmac.new(base64.b32decode(secret + '=' * (-len(secret) % 8)), struct.pack('>Q', int(time.time()) // 30), hashlib.sha1).digest()
offset = mac[-1] & 15
print('%06d' % ((struct.unpack('>I', mac[offset:offset + 4])[0] & 0x7fffffff) % 1000000))`;
  const { stdout, status } = spawnSync('python3', ['-c', program, secret], { encoding: 'utf8' });
  if (status !== 0) throw new Error('python3 is needed to make a code independently');
  return stdout.trim();
}
