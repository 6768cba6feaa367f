import type { IncomingMessage } from 'node:http';
import { AppError, fail } from '../foundation/errors/app-error.ts';
import type { Call } from './endpoint.ts';

/** auth-api.md section 1.1. */
export const maxBodyBytes = 16_384;
/** What a caller may still send after the refusal before its connection is cut. */
const maxDiscardedBytes = 1_048_576;
const nothing = Buffer.alloc(0);
const jsonType = /^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/i;
const formType = /^application\/x-www-form-urlencoded\s*(?:;\s*charset="?utf-8"?\s*)?$/i;

/**
 * Step: content type. A body must be JSON in UTF-8, unencoded; in cookie mode a POST must say so even without a body,
 * because a foreign page cannot send that type unasked (ASVS 3.5.1).
 */
export function checkContentType(call: Call): void {
  const { headers } = call.req;
  if (headers['content-encoding'] !== undefined) fail('unsupported_media_type');
  if (!hasBody(call.req) && !isCookieModePost(call)) return;
  const type = headers['content-type'] ?? '';
  if (jsonType.test(type)) return;
  if (call.route.takesForm && !isCookieModePost(call) && formType.test(type)) return;
  fail('unsupported_media_type');
}

export function isForm(req: IncomingMessage): boolean {
  return formType.test(req.headers['content-type'] ?? '');
}

/** Whether the request may read or set the session cookies. */
export function isCookieModePost(call: Call): boolean {
  return call.req.method === 'POST' && call.req.headers['x-client-id'] === 'browser' && call.path.startsWith('/api/v1/auth/');
}

function hasBody(req: IncomingMessage): boolean {
  const length = req.headers['content-length'];
  return req.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

/** Step: body size. Counts while reading and stops keeping at the limit; parsing comes later. */
export function readBody(call: Call): Promise<void> | undefined {
  if (!hasBody(call.req)) {
    call.bytes = nothing;
    return;
  }
  return collect(call.req).then((bytes) => {
    call.bytes = bytes;
  });
}

function collect(req: IncomingMessage): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const refuse = () => {
      chunks.length = 0;
      reject(new AppError('body_too_large'));
    };
    req.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxDiscardedBytes) req.destroy();
      else if (size > maxBodyBytes) refuse();
      else chunks.push(chunk);
    });
    req.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    req.on('error', (cause) => reject(new AppError('bad_request', { cause })));
    req.on('close', () => reject(new AppError('bad_request')));
    if (Number(req.headers['content-length']) > maxBodyBytes) refuse();
  });
}
