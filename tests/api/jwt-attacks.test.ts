import { createPrivateKey } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { createRemoteJWKSet, jwtVerify } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { type Loot, newOwnKey, partsOf, signWith } from '../../scripts/attack/jwt-forge.ts';
import { jwtTricks } from '../../scripts/attack/jwt-tricks.ts';
import { runProgram } from '../../scripts/run-program.ts';
import { mfaRequired, pending } from '../../src/api/shapes.ts';
import { type Api, basic, bearer, newClient, refusal, shaped, startApi, storefront } from './support/api.ts';
import { totpCode } from './support/totp.ts';

let api: Api;
let loot: Loot;
let tokens: Awaited<ReturnType<typeof newClient>>['tokens'];
let email: string;
let trap: { url: string; hits: string[]; server: Server };

beforeAll(async () => {
  api = await startApi({ RATE_LIMIT_SCALE: '100000' });
  trap = await openTrap();
  ({ tokens, email } = await newClient(api));
  const [signing] = api.app.deps.config.secrets.jwtSigningKeys;
  const [published] = api.app.deps.accessTokens.jwks().keys;
  if (!signing || !published) throw new Error('No signing key');
  const privateKey = createPrivateKey({ key: { ...signing }, format: 'jwk' });
  loot = { genuine: tokens.accessToken, published, listener: trap.url, own: newOwnKey(), sign: signWith(privateKey) };
});
afterAll(async () => {
  trap.server.close();
  await api.stop();
});

/** Whoever looks for a key where a token tells it to ends here. */
async function openTrap() {
  const hits: string[] = [];
  const server = createServer((req, res) => {
    hits.push(req.url ?? '');
    res.end('{"keys":[]}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('The trap does not listen');
  return { url: `http://127.0.0.1:${address.port}`, hits, server };
}

const account = (authorization: string | string[]) => api.get('/api/v1/account', { Authorization: authorization });

describe('P14 JWT acceptance', () => {
  it('starts from a token that is good, also when signed here', async () => {
    const { header, claims } = partsOf(loot.genuine);
    expect(header).toEqual({ typ: 'at+jwt', alg: 'EdDSA', kid: loot.published.kid });
    for (const token of [loot.genuine, loot.sign(header, claims)]) expect((await account(`Bearer ${token}`)).status).toBe(200);
    for (const scheme of ['bearer', 'BEARER', 'BeArEr']) expect((await account(`${scheme} ${loot.genuine}`)).status).toBe(200);
  });

  it.each(jwtTricks.map((trick) => [trick.name, trick] as const))('refuses %s', async (_, trick) => {
    const token = trick.make(loot);
    const answer = await account(`Bearer ${token}`);
    expect(refusal(answer)).toBe('401 token_invalid');
    expect(answer.headers['www-authenticate']).toBe('Bearer error="invalid_token"');
    const asked = await api.post('/auth/introspect', { token }, basic(storefront.id, storefront.secret));
    expect(asked.json).toEqual({ active: false });
  });

  it('asked nobody for a key in all of that', () => {
    expect(trap.hits).toEqual([]);
  });

  it('takes one Authorization header of at most 4 KiB', async () => {
    expect(refusal(await account([`Bearer ${loot.genuine}`, `Bearer ${loot.genuine}`]))).toBe('400 bad_request');
    expect(refusal(await account([`Bearer ${loot.genuine}`, 'Basic eDp5']))).toBe('400 bad_request');
    expect((await account(`Bearer${' '.repeat(4_096 - 6 - loot.genuine.length)}${loot.genuine}`)).status).toBe(200);
    expect(refusal(await account(`Bearer${' '.repeat(4_097 - 6 - loot.genuine.length)}${loot.genuine}`))).toBe('401 token_invalid');
  });

  it.each(['Bearer', 'Bearer ', 'Token x', 'DPoP x', 'Negotiate x', 'Bearer x y', 'Bearer\tx', 'x', ', Bearer x'])(
    'refuses the header %j',
    async (header) => {
      expect(refusal(await account(header))).toBe('401 token_invalid');
    },
  );

  it('refuses every other value that this API gives out', async () => {
    const flow = shaped(pending, await api.post('/auth/otp/send', { email }));
    const { email: guarded, password } = await enrolledClient();
    const challenge = shaped(mfaRequired, await api.post('/auth/login', { email: guarded, password }));
    const values = [tokens.refreshToken, tokens.deviceToken, flow.flowId, challenge.challengeId, tokens.session.id, tokens.user.id];
    for (const value of values) expect(refusal(await account(`Bearer ${value}`))).toBe('401 token_invalid');
  });

  it('tells an expired token from a bad one, 30 s late and not one more', async () => {
    const { header, claims } = partsOf(loot.genuine);
    const now = Math.floor(api.app.clock.now().getTime() / 1000);
    const until = (exp: number) => account(`Bearer ${loot.sign(header, { ...claims, iat: now - 600, exp, jti: `until-${exp}` })}`);
    expect((await until(now - 29)).status).toBe(200);
    expect(refusal(await until(now - 30))).toBe('401 token_expired');
    expect(refusal(await until(-1))).toBe('401 token_expired');
  });

  it('refuses a good signature over a session that is over, of somebody else, or never was', async () => {
    const { header, claims } = partsOf(loot.genuine);
    const other = await newClient(api);
    const say = async (members: object) => refusal(await account(`Bearer ${loot.sign(header, { ...claims, ...members })}`));
    expect(await say({ sub: other.tokens.user.id })).toBe('401 session_revoked');
    expect(await say({ sid: other.tokens.session.id })).toBe('401 session_revoked');
    expect(await say({ sid: '00000000-0000-7000-8000-000000000000' })).toBe('401 session_revoked');
    await api.post('/auth/logout', {}, bearer(other.tokens.accessToken));
    expect(refusal(await account(`Bearer ${other.tokens.accessToken}`))).toBe('401 session_revoked');
    for (const sid of ['x', "' OR 1=1 --", '\u0000', '']) expect(await say({ sid })).toMatch(/^401 (?:session_revoked|token_invalid)$/);
  });
});

describe('the published keys', () => {
  const check = `
import base64, json, sys
try:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
except ImportError:
    print("absent"); sys.exit(0)
unpad = lambda text: base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
keys, token = json.loads(sys.argv[1])["keys"], sys.argv[2]
head, body, signature = token.split(".")
kid = json.loads(unpad(head))["kid"]
key = next(key for key in keys if key["kid"] == kid)
Ed25519PublicKey.from_public_bytes(unpad(key["x"])).verify(unpad(signature), f"{head}.{body}".encode())
print(json.loads(unpad(body))["sub"])
`;

  it('verify our tokens for a library that fetches them over the wire', async () => {
    const url = new URL(`http://127.0.0.1:${api.port}/.well-known/jwks.json`);
    const { payload } = await jwtVerify(loot.genuine, createRemoteJWKSet(url), {
      issuer: api.app.deps.config.jwtIssuer,
      audience: api.app.deps.config.jwtAudience,
      typ: 'at+jwt',
      algorithms: ['EdDSA'],
      currentDate: api.app.clock.now(),
    });
    expect(payload.sub).toBe(tokens.user.id);
  });

  it('verify them for another language too, where one is installed', async () => {
    const jwks = await api.get('/.well-known/jwks.json');
    const { code, output } = await runProgram('python3', ['-c', check, jwks.text, loot.genuine]).catch(() => ({
      code: 0,
      output: 'absent',
    }));
    expect(code, output).toBe(0);
    expect(['absent', tokens.user.id]).toContain(output.trim());
  });
});

const enrolment = z.object({ enrolId: z.string(), secret: z.string() });

async function enrolledClient(): Promise<{ email: string; password: string }> {
  const person = await newClient(api);
  const headers = bearer(person.tokens.accessToken);
  const { enrolId, secret } = shaped(enrolment, await api.post('/account/mfa/totp', {}, headers));
  const confirmed = await api.post('/account/mfa/totp/confirm', { enrolId, code: totpCode(secret, api.app.clock.now()) }, headers);
  expect(confirmed.status).toBe(200);
  return person;
}
