import { createServer, type RequestListener, type Server } from 'node:http';
import { exportJWK, generateKeyPair, jwtVerify, SignJWT } from 'jose';
import { afterEach, describe, expect, test } from 'vitest';
import { createProviderKeys, KeysUnavailableError, UnknownKeyError } from '../../../src/modules/identity/google/provider-keys.ts';
import { createTestClock } from '../../support/clock.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

/** Keys of an address that answers like this. */
async function keysFrom(answer: RequestListener, options: { cacheSeconds?: number; timeoutMs?: number } = {}) {
  let hits = 0;
  const server = createServer((req, res) => {
    hits += 1;
    answer(req, res);
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('No port');
  const clock = createTestClock();
  const url = `http://127.0.0.1:${address.port}/jwks`;
  const keys = createProviderKeys({ url, cacheSeconds: 3600, timeoutMs: 2000, clock, ...options });
  return { keys, clock, hits: () => hits };
}

const pairs = await Promise.all(['RS256', 'ES256', 'RS256'].map((alg) => generateKeyPair(alg, { extractable: true })));
const [rsa, ec, nameless] = pairs;
if (!rsa || !ec || !nameless) throw new Error('Three pairs were made');
const published = async () => ({
  keys: [
    { ...(await exportJWK(rsa.publicKey)), kid: 'rsa', alg: 'RS256', use: 'sig', extra: { a: 1 } },
    { ...(await exportJWK(ec.publicKey)), kid: 'ec' },
    { ...(await exportJWK(nameless.publicKey)) },
  ],
});
const json =
  (body: unknown): RequestListener =>
  (_req, res) =>
    void res.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
const signed = (kid: string | undefined, alg: string, key: CryptoKey) =>
  new SignJWT({}).setProtectedHeader({ alg, ...(kid === undefined ? {} : { kid }) }).sign(key);

describe('keys of a provider', () => {
  test('verify what was signed with them, RSA and EC, fetched once for many at a time', async () => {
    const { keys, hits } = await keysFrom(json(await published()));
    const tokens = await Promise.all([signed('rsa', 'RS256', rsa.privateKey), signed('ec', 'ES256', ec.privateKey)]);
    await Promise.all([...tokens, ...tokens].map((token) => jwtVerify(token, keys.keyFor)));
    expect(hits()).toBe(1);
  });

  test('a key without a name is never used, and a token without one finds none', async () => {
    const { keys } = await keysFrom(json(await published()));
    const token = await signed(undefined, 'RS256', nameless.privateKey);
    await expect(jwtVerify(token, keys.keyFor)).rejects.toThrow(UnknownKeyError);
  });

  test('unknown names, many at a time, fetch once a minute', async () => {
    const { keys, clock, hits } = await keysFrom(json(await published()));
    await jwtVerify(await signed('rsa', 'RS256', rsa.privateKey), keys.keyFor);
    const unknown = await Promise.all(Array.from({ length: 20 }, (_value, index) => signed(`k${index}`, 'RS256', rsa.privateKey)));
    const refusals = await Promise.allSettled(unknown.map((token) => jwtVerify(token, keys.keyFor)));
    expect(refusals.every((result) => result.status === 'rejected')).toBe(true);
    expect(hits()).toBe(2);
    clock.advance(59);
    await expect(jwtVerify(unknown[0] ?? '', keys.keyFor)).rejects.toThrow(UnknownKeyError);
    expect(hits()).toBe(2);
    clock.advance(1);
    await expect(jwtVerify(unknown[0] ?? '', keys.keyFor)).rejects.toThrow(UnknownKeyError);
    expect(hits()).toBe(3);
  });

  test.each<[string, RequestListener]>([
    ['text', (_req, res) => void res.end('no keys here')],
    ['other JSON', json({ keys: 'none' })],
    ['a failure', (_req, res) => void res.writeHead(503).end()],
    ['a redirect', (_req, res) => void res.writeHead(302, { Location: 'http://127.0.0.1:1/' }).end()],
    ['too much', (_req, res) => void res.end('x'.repeat(300_000))],
    ['nothing', (req) => void req.socket.destroy()],
    ['silence', () => undefined],
  ])('an address that answers with %s has none', async (_what, answer) => {
    const { keys } = await keysFrom(answer, { timeoutMs: 300 });
    await expect(jwtVerify(await signed('rsa', 'RS256', rsa.privateKey), keys.keyFor)).rejects.toThrow(KeysUnavailableError);
  });
});
