import { createHash, timingSafeEqual } from 'node:crypto';
import type { AuthClient } from '../foundation/config/config.ts';
import { fail } from '../foundation/errors/app-error.ts';
import { cookieOf, deviceCookie } from './cookies.ts';
import type { ApiClient, Call } from './endpoint.ts';
import { type SignedClient, verifySignedClient } from './signed-client.ts';

/** Step: who calls (auth-api.md section 1.4). Fills client, end user's address, user agent and device token. */
export type IdentifyClient = (call: Call) => void;

const anyone: ApiClient = { id: 'public', mode: 'body', isConfidential: false };
/** The one client whose refresh token lives in a cookie. */
const cookieClientId = 'browser';
const maxDeviceToken = 4096;

export function createIdentifyClient(authClients: readonly AuthClient[]): IdentifyClient {
  const clients = new Map(authClients.map((client) => [client.id, client]));
  return (call) => {
    const { headers, rawHeaders } = call.req;
    if (headers.authorization !== undefined && countOf(rawHeaders, 'authorization') > 1) fail('bad_request');
    const signed = signedClientOf(clients, call);
    const basic = basicClientOf(clients, headers.authorization);
    const bare = headers['x-client-id'];
    if (signed === null && basic === null && bare === undefined) {
      call.client = anyone;
    } else {
      const proven = signed?.clientId ?? basic?.id ?? null;
      if (signed && basic && signed.clientId !== basic.id) fail('client_invalid');
      call.client = proven === null ? unprovenClient(clients, bare) : provenClient(proven, bare);
    }
    call.context.clientId = call.client.id;
    if (signed) adoptEndUser(call, signed);
    else call.deviceToken = presentedDevice(call);
    if (call.route.auth === 'confidential' && !call.client.isConfidential) fail('client_invalid');
  };
}

function countOf(rawHeaders: readonly string[], name: string): number {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const header = rawHeaders[at];
    if (header !== undefined && header.length === name.length && header.toLowerCase() === name) count += 1;
  }
  return count;
}

function signedClientOf(clients: ReadonlyMap<string, AuthClient>, call: Call): SignedClient | null {
  const header = call.req.headers['x-fsh-client'];
  if (header === undefined) return null;
  const nowSeconds = Math.floor(call.deps.clock.now().getTime() / 1000);
  const request = { header: String(header), method: call.req.method, target: call.req.originalUrl, body: call.bytes, nowSeconds };
  return verifySignedClient(clients, request) ?? fail('client_invalid');
}

const basicForm = /^basic +([A-Za-z0-9+/_-]+={0,2})$/i;

function basicClientOf(clients: ReadonlyMap<string, AuthClient>, authorization: string | undefined): AuthClient | null {
  if (authorization === undefined || !/^basic(?: |$)/i.test(authorization)) return null;
  const encoded = basicForm.exec(authorization)?.[1] ?? fail('client_invalid');
  const decoded = Buffer.from(encoded, 'base64').toString('utf8');
  const colon = decoded.indexOf(':');
  const client = colon < 1 ? undefined : clients.get(decoded.slice(0, colon));
  // An unknown id is compared too, so that time tells nothing about which ids exist.
  const isRight = isSameSecret(client?.secret ?? '', decoded.slice(colon + 1));
  if (client?.secret === undefined || !isRight) fail('client_invalid');
  return client;
}

function isSameSecret(known: string, given: string): boolean {
  return timingSafeEqual(createHash('sha256').update(known).digest(), createHash('sha256').update(given).digest());
}

/** A name without proof is enough only for clients that cannot keep a secret. */
function unprovenClient(clients: ReadonlyMap<string, AuthClient>, bare: string | string[] | undefined): ApiClient {
  const client = clients.get(String(bare));
  if (!client || client.secret !== undefined || client.forwardingSecret !== undefined) fail('client_invalid');
  return { id: client.id, mode: client.id === cookieClientId ? 'cookie' : 'body', isConfidential: false };
}

function provenClient(id: string, bare: string | string[] | undefined): ApiClient {
  if (bare !== undefined && bare !== id) fail('client_invalid');
  return { id, mode: 'body', isConfidential: true };
}

function adoptEndUser(call: Call, signed: SignedClient): void {
  call.ip = signed.ip;
  call.deviceToken = signed.deviceToken;
  call.context.ip = call.ip;
  call.context.userAgent = signed.userAgent;
}

/** The device cookie counts in cookie mode only, the header otherwise; a bad one is found out, and ignored, by its reader. */
function presentedDevice(call: Call): string | null {
  if (call.client.mode === 'cookie') return cookieOf(call.req, deviceCookie);
  const header = call.req.headers['x-device-token'];
  return typeof header === 'string' && header !== '' && header.length <= maxDeviceToken ? header : null;
}
