import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { AuthClient } from '../foundation/config/config.ts';
import { plainAddress } from './client-address.ts';

/** The end user for whom a storefront server speaks (auth-api.md section 1.5). */
export type SignedClient = { clientId: string; ip: string; userAgent: string | null; deviceToken: string | null };

export type SignedRequest = {
  /** The `X-Fsh-Client` header. */
  header: string;
  method: string;
  /** Path and query exactly as on the request line. */
  target: string;
  body: Buffer;
  nowSeconds: number;
};

const form =
  /^v=1;client=([A-Za-z0-9_.-]{1,100});ts=(\d{1,12});ip=([0-9A-Fa-f:.]{2,45});ua=([A-Za-z0-9_-]{0,4096});dev=([A-Za-z0-9_-]{0,4096});sig=([A-Za-z0-9_-]{43})$/;
const maxSkewSeconds = 60;
const maxUserAgent = 512;

/** Reads and verifies the header; null when it is malformed, stale, unknown or not signed by the client it names. */
export function verifySignedClient(clients: ReadonlyMap<string, AuthClient>, request: SignedRequest): SignedClient | null {
  const [, clientId = '', ts = '', ip = '', ua = '', dev = '', sig = ''] = form.exec(request.header) ?? [];
  const secret = clients.get(clientId)?.forwardingSecret;
  const address = plainAddress(ip);
  if (secret === undefined || address === null) return null;
  if (Math.abs(request.nowSeconds - Number(ts)) > maxSkewSeconds) return null;
  const bodyHash = createHash('sha256').update(request.body).digest('hex');
  const message = ['fsh-client-v1', clientId, ts, request.method, request.target, bodyHash, ip, ua, dev].join('\n');
  const expected = createHmac('sha256', secret).update(message).digest();
  const given = Buffer.from(sig, 'base64url');
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) return null;
  return { clientId, ip: address, userAgent: cleanUserAgent(text(ua)), deviceToken: text(dev) };
}

function text(encoded: string): string | null {
  return encoded === '' ? null : Buffer.from(encoded, 'base64url').toString('utf8');
}

/** Printable, and short enough to store. */
export function cleanUserAgent(value: string | null | undefined): string | null {
  if (value === null || value === undefined) return null;
  const clean = value.replace(/\p{Cc}/gu, '').slice(0, maxUserAgent);
  return clean === '' ? null : clean.toWellFormed();
}
