import type { ServerResponse } from 'node:http';
import { setCookieLine } from './cookies.ts';
import type { CookieChange, Reply } from './endpoint.ts';

/** Headers of an answer in the making; written at once, which costs a fraction of setting them one by one. */
export type Head = Record<string, string | number | string[]>;

/**
 * Headers of every API answer (auth-api.md section 1.1; ASVS 3.4); a reply may replace one by name. By hand rather than by
 * helmet: these are all that an answer without markup needs, and its chain costs more than a cached token check.
 */
export function safeHead(requestId: string, locale: string): Head {
  return {
    'X-Request-Id': requestId,
    'Content-Language': locale,
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'Referrer-Policy': 'no-referrer',
    'X-Frame-Options': 'DENY',
    'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
    Vary: 'Origin, Accept-Language',
  };
}

/** Writes the answer; returns the bytes of its body. */
export function writeReply(to: { res: ServerResponse; head: Head }, reply: Reply): number {
  const { res, head } = to;
  Object.assign(head, reply.headers);
  if (reply.cookies && reply.cookies.length > 0) head['Set-Cookie'] = reply.cookies.map(setCookieLine);
  if (reply.body === undefined) {
    res.writeHead(reply.status, head).end();
    return 0;
  }
  const content = contentOf(reply.body);
  const length = typeof content === 'string' ? Buffer.byteLength(content) : content.length;
  head['Content-Type'] ??= 'application/json; charset=utf-8';
  head['Content-Length'] = length;
  // For HEAD, node leaves the body out and keeps its length. As many bytes as characters is ASCII, which is written faster so named.
  res.writeHead(reply.status, head).end(content, length === content.length ? 'latin1' : 'utf8');
  return length;
}

function contentOf(body: unknown): string | Buffer {
  return typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
}

export function removedCookie(name: string): CookieChange {
  return { name, value: '', maxAgeSeconds: 0 };
}
