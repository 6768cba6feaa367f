import { Readable } from 'node:stream';
import { Busboy, type BusboyHeaders, type BusboyInstance } from '@fastify/busboy';
import { type BoundedQueue, createBoundedQueue } from '../foundation/crypto/bounded-queue.ts';
import { AppError, type FieldError, validationError } from '../foundation/errors/app-error.ts';
import { UploadedFile } from '../modules/identity/index.ts';
import type { Call } from './endpoint.ts';
import { envelopeBytes, hasBody } from './read-body.ts';

/** Files that lie in memory side by side; more wait a moment and are then refused. */
const readers = createBoundedQueue({ concurrency: 24, queue: 48, waitMs: 5_000 });

/** Of these one person has so many: nobody takes all places with uploads that never end. */
const ownPlaces = { concurrency: 6, queue: 30, waitMs: 10_000 };
const places = new Map<string, { queue: BoundedQueue; callers: number }>();

/**
 * Step: the one file of a multipart/form-data body, read once it is known who sends it, part by part, and never beyond its limit. Its
 * name and its declared type are not looked at.
 * @throws AppError 413 `body_too_large`, 422 `required`, `invalid_value` for a second file, `unknown_field` for anything beside it,
 *   400 `bad_request` for a body that is no form or ends too early, 503 `overloaded`
 */
export function readUpload(call: Call): Promise<void> | undefined {
  const { takesFile } = call.route;
  if (takesFile === undefined) return;
  return inOwnPlace(call.claims?.sub ?? call.ip, () => readers.run(() => readFile(call, takesFile)));
}

async function inOwnPlace(who: string, read: () => Promise<void>): Promise<void> {
  const own = places.get(who) ?? { queue: createBoundedQueue(ownPlaces), callers: 0 };
  places.set(who, own);
  own.callers += 1;
  try {
    await own.queue.run(read);
  } finally {
    own.callers -= 1;
    if (own.callers === 0) places.delete(who);
  }
}

async function readFile(call: Call, maxBytes: number): Promise<void> {
  if (!hasBody(call.req)) throw fault({ path: 'file', code: 'required' });
  // Whoever left while they waited for a place sends nothing more, and nothing would ever end their turn.
  if (call.req.destroyed && call.bytes.length === 0) throw new AppError('bad_request');
  // In memory already where a signature over the whole body had to be checked.
  const source = call.bytes.length > 0 ? Readable.from([call.bytes]) : call.req;
  call.upload = await parse(source, { type: call.req.headers['content-type'] ?? '', maxBytes });
}

const fault = (error: FieldError) => validationError([error]);

function parse(source: Readable, { type, maxBytes }: { type: string; maxBytes: number }): Promise<UploadedFile> {
  return new Promise((resolve, reject) => {
    const parser = openParser(type, maxBytes);
    const chunks: Buffer[] = [];
    let files = 0;
    let total = 0;
    const refuse = (error: AppError) => {
      reject(error);
      chunks.length = 0;
      source.unpipe(parser);
      source.resume();
    };
    const broken = (cause?: unknown) => refuse(new AppError('bad_request', { cause }));
    source.on('data', (chunk: Buffer) => {
      total += chunk.length;
      if (total > 4 * maxBytes) source.destroy();
      else if (total > maxBytes + envelopeBytes) refuse(new AppError('body_too_large'));
    });
    parser.on('file', (_name, file) => {
      files += 1;
      if (files > 1) refuse(fault({ path: 'file', code: 'invalid_value' }));
      file.on('data', (chunk: Buffer) => chunks.push(chunk));
      file.on('limit', () => refuse(new AppError('body_too_large')));
      file.on('error', broken);
    });
    parser.on('field', (name) => refuse(fault({ path: pathOf(name), code: 'unknown_field' })));
    parser.on('partsLimit', () => refuse(fault({ path: 'file', code: 'invalid_value' })));
    parser.on('error', broken);
    parser.on('finish', () => {
      if (files === 0) refuse(fault({ path: 'file', code: 'required' }));
      else resolve(new UploadedFile(Buffer.concat(chunks)));
    });
    source.on('error', broken);
    source.on('close', () => {
      if (!source.readableEnded) broken();
    });
    source.pipe(parser);
  });
}

function openParser(type: string, maxBytes: number): BusboyInstance {
  const headers: BusboyHeaders = { 'content-type': type };
  try {
    return new Busboy({
      headers,
      limits: { parts: 3, files: 2, fields: 1, fieldNameSize: 100, fieldSize: 1024, fileSize: maxBytes, headerPairs: 16, headerSize: 4096 },
    });
  } catch (cause) {
    throw new AppError('bad_request', { cause });
  }
}

/** The name as the caller wrote it, as far as it can stand in an answer. */
function pathOf(name: unknown): string {
  return typeof name === 'string' && /^[\w.-]{1,60}$/.test(name) ? name : '';
}
