import type { ServerResponse } from 'node:http';
import { setCookieLine } from './cookies.ts';
import type { CookieChange, Reply } from './endpoint.ts';

/**
 * Headers of every API answer (auth-api.md section 1.1; ASVS 3.4). Written by hand rather than by helmet: these five are
 * all that an answer without markup needs, and one setHeaders per answer costs a tenth of helmet's chain.
 */
const safeHeaders: readonly (readonly [string, string])[] = [
  ['X-Content-Type-Options', 'nosniff'],
  ['Referrer-Policy', 'no-referrer'],
  ['X-Frame-Options', 'DENY'],
  ['Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'"],
  ['Cache-Control', 'no-store'],
];

/** Called once per answer, before the route runs, so that no answer can miss them; a reply may replace one by name. */
export function writeSafeHeaders(res: ServerResponse, requestId: string, locale: string): void {
  for (const [name, value] of safeHeaders) res.setHeader(name, value);
  res.setHeader('X-Request-Id', requestId);
  res.setHeader('Content-Language', locale);
}

/** Writes the answer; returns the bytes of its body. */
export function writeReply(res: ServerResponse, reply: Reply, limitHeaders: Readonly<Record<string, string>>): number {
  res.statusCode = reply.status;
  for (const name in limitHeaders) res.setHeader(name, limitHeaders[name] ?? '');
  for (const name in reply.headers) res.setHeader(name, reply.headers[name] ?? '');
  if (reply.cookies && reply.cookies.length > 0) res.setHeader('Set-Cookie', reply.cookies.map(setCookieLine));
  if (reply.body === undefined) {
    res.end();
    return 0;
  }
  const content = contentOf(reply.body);
  const length = typeof content === 'string' ? Buffer.byteLength(content) : content.length;
  if (!res.hasHeader('Content-Type')) res.setHeader('Content-Type', 'application/json; charset=utf-8');
  res.setHeader('Content-Length', length);
  // For HEAD, node leaves the body out and keeps its length.
  res.end(content);
  return length;
}

function contentOf(body: unknown): string | Buffer {
  return typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
}

export function removedCookie(name: string): CookieChange {
  return { name, value: '', maxAgeSeconds: 0 };
}
