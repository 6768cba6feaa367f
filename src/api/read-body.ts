import type { IncomingMessage } from 'node:http';
import { AppError, fail } from '../foundation/errors/app-error.ts';
import type { Call } from './endpoint.ts';

/** auth-api.md section 1.1. */
export const maxBodyBytes = 16_384;
/** What a caller may still send after the refusal before its connection is cut. */
const maxDiscardedBytes = 1_048_576;
/** What stands around a file in its form: boundaries and the head of its part. */
export const envelopeBytes = 16_384;
const nothing = Buffer.alloc(0);
const jsonType = /^application\/json\s*(?:;\s*charset="?utf-8"?\s*)?$/i;
const fileType = /^multipart\/form-data\s*;/i;
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
  if (call.route.takesFile !== undefined) {
    if (fileType.test(type)) return;
    fail('unsupported_media_type');
  }
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

export function hasBody(req: IncomingMessage): boolean {
  const length = req.headers['content-length'];
  return req.headers['transfer-encoding'] !== undefined || (length !== undefined && length !== '0');
}

/**
 * Step: body size. Counts while reading and stops keeping at the limit; parsing comes later. A file that says it is too large is refused
 * here; the others are read once it is known who sends them (read-upload.ts), unless a signature covers them.
 */
export function readBody(call: Call): Promise<void> | undefined {
  const { req, route } = call;
  const limits =
    route.takesFile === undefined
      ? { keep: maxBodyBytes, discard: maxDiscardedBytes }
      : { keep: route.takesFile + envelopeBytes, discard: 4 * route.takesFile };
  const isTooLarge = Number(req.headers['content-length']) > limits.keep;
  if (!hasBody(req) || (route.takesFile !== undefined && !isTooLarge && req.headers['x-fsh-client'] === undefined)) {
    call.bytes = nothing;
    return;
  }
  return collect(req, { ...limits, isTooLarge }).then((bytes) => {
    call.bytes = bytes;
  });
}

function collect(req: IncomingMessage, limits: { keep: number; discard: number; isTooLarge: boolean }): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const refuse = () => {
      chunks.length = 0;
      reject(new AppError('body_too_large'));
    };
    req.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > limits.discard) req.destroy();
      else if (size > limits.keep || limits.isTooLarge) refuse();
      else chunks.push(chunk);
    });
    req.on('end', () => resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks)));
    req.on('error', (cause) => reject(new AppError('bad_request', { cause })));
    req.on('close', () => reject(new AppError('bad_request')));
    if (limits.isTooLarge) refuse();
  });
}
