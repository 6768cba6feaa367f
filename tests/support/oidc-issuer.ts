import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OAuth2Issuer, OAuth2Service } from 'oauth2-mock-server';
import type { Clock } from '../../src/foundation/runtime/clock.ts';

export type Claims = Record<string, unknown>;

/** An OpenID provider on a port of its own that says of a person whatever the test wants. */
export type OidcIssuer = {
  url: string;
  /** Settings of a product that takes this issuer for Google. */
  env: Record<string, string>;
  /** Claims of the next ID tokens from the token endpoint; undefined leaves one out. */
  person: Claims;
  /** Path of every request so far. */
  hits: string[];
  /** Refuses connections, or answers with a status, until set back. */
  fault: 'none' | 'closed' | 'error' | 'silent';
  /** The next answer of the token endpoint, instead of the right one. */
  answerTokensOnce(answer: { body: Record<string, unknown>; statusCode: number }): void;
  /** An ID token as a client gets it from Google by itself. */
  idToken(claims: Claims, options?: { kid?: string }): Promise<string>;
  /** Adds a key, named `kid`; the next tokens are signed with it when named. */
  addKey(kid: string, alg?: string): Promise<void>;
  issuer: OAuth2Issuer;
  stop(): Promise<void>;
};

export const googleClient = { id: 'fashionistar-web', secret: 'google-secret-of-the-test' };

export async function startIssuer(clock: Pick<Clock, 'now'>): Promise<OidcIssuer> {
  const issuer = new OAuth2Issuer();
  await issuer.keys.generate('RS256', { kid: 'first' });
  const service = new OAuth2Service(issuer);
  const state: { fault: OidcIssuer['fault']; hits: string[]; person: Claims } = { fault: 'none', hits: [], person: {} };
  const server = createServer((req, res) => {
    state.hits.push((req.url ?? '').split('?')[0] ?? '');
    if (state.fault === 'silent') return;
    if (state.fault === 'closed') return void req.socket.destroy();
    if (state.fault === 'error') return void res.writeHead(500, { 'Content-Type': 'text/plain' }).end('server_secret_words');
    service.requestHandler(req, res);
  });
  const url = `http://127.0.0.1:${await listen(server)}`;
  issuer.url = url;
  const standard = () => {
    const now = Math.floor(clock.now().getTime() / 1000);
    return { iss: url, aud: googleClient.id, azp: googleClient.id, iat: now, exp: now + 3600, nbf: now - 10 };
  };
  service.on('beforeTokenSigning', (token: { payload: Claims }) => {
    const { nonce } = token.payload;
    token.payload = present({ ...standard(), nonce, ...state.person });
  });
  return {
    url,
    issuer,
    env: { GOOGLE_CLIENT_ID: googleClient.id, GOOGLE_CLIENT_SECRET: googleClient.secret, GOOGLE_ISSUER: url },
    get person() {
      return state.person;
    },
    set person(claims) {
      state.person = claims;
    },
    get fault() {
      return state.fault;
    },
    set fault(fault) {
      state.fault = fault;
    },
    hits: state.hits,
    idToken: (claims, { kid = 'first' } = {}) =>
      issuer.buildToken({
        kid,
        scopesOrTransform: (_header: object, payload: Claims) => replaceAll(payload, present({ ...standard(), ...claims })),
      }),
    answerTokensOnce: (answer) =>
      void service.once('beforeResponse', (response: { body: unknown; statusCode: number }) => void Object.assign(response, answer)),
    addKey: async (kid, alg = 'RS256') => void (await issuer.keys.generate(alg, { kid })),
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function present(claims: Claims): Claims {
  return Object.fromEntries(Object.entries(claims).filter(([, value]) => value !== undefined));
}

function replaceAll(payload: Claims, claims: Claims): void {
  for (const name of Object.keys(payload)) delete payload[name];
  Object.assign(payload, claims);
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.listen(0, '127.0.0.1', () => {
      const address: AddressInfo | string | null = server.address();
      if (typeof address === 'object' && address) resolve(address.port);
      else reject(new Error('The issuer does not listen'));
    });
  });
}
