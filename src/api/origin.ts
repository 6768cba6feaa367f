import type { IncomingMessage } from 'node:http';
import { fail } from '../foundation/errors/app-error.ts';
import type { Call, Reply } from './endpoint.ts';
import { isCookieModePost } from './read-body.ts';
import type { Head } from './reply.ts';

export type Origins = ReadonlySet<string>;

const exposedHeaders = 'X-Request-Id, Retry-After, RateLimit, RateLimit-Policy, ETag, Idempotency-Replayed, Deprecation, Sunset, Link';
const requestHeaders =
  'Authorization, Content-Type, Accept-Language, If-Match, If-None-Match, Idempotency-Key, X-Client-Id, X-Client-Version, X-Device-Token, X-Request-Id';
const sites: ReadonlySet<string> = new Set(['same-origin', 'same-site']);

/** CORS headers, with the exact origin when it is on the list; `Vary` is on every answer, so that no cache mixes the two. */
export function addCorsHeaders(req: IncomingMessage, head: Head, origins: Origins): void {
  const { origin } = req.headers;
  if (origin === undefined || !origins.has(origin)) return;
  head['Access-Control-Allow-Origin'] = origin;
  head['Access-Control-Allow-Credentials'] = 'true';
  head['Access-Control-Expose-Headers'] = exposedHeaders;
}

export function isPreflight(req: IncomingMessage): boolean {
  return req.method === 'OPTIONS' && req.headers['access-control-request-method'] !== undefined;
}

/** 204; without the allow headers for an origin that is not on the list, which makes the browser refuse. */
export function preflightReply(req: IncomingMessage, allow: { origins: Origins; methods: string }): Reply {
  const { origin } = req.headers;
  if (origin === undefined || !allow.origins.has(origin)) return { status: 204 };
  return {
    status: 204,
    headers: {
      'Access-Control-Allow-Methods': allow.methods,
      'Access-Control-Allow-Headers': requestHeaders,
      'Access-Control-Max-Age': '600',
    },
  };
}

/** Step: origin (cookie mode). Before anything is read, set or consumed (ASVS 3.5.1 to 3.5.3). */
export function createCheckOrigin(origins: Origins): (call: Call) => void {
  return (call) => {
    if (!isCookieModePost(call)) return;
    const { origin } = call.req.headers;
    const site = call.req.headers['sec-fetch-site'];
    if (origin === undefined || !origins.has(origin)) fail('origin_not_allowed');
    if (site !== undefined && !(typeof site === 'string' && sites.has(site))) fail('origin_not_allowed');
  };
}
