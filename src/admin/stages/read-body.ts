import type { Request, Response } from 'express';
import { AppError } from '../../foundation/errors/app-error.ts';
import { stateOf } from '../state.ts';
import { parseMultipart } from './parse-multipart.ts';

export type BodyLimits = { maxBytes: number; maxFields: number; types: readonly BodyType[] };
export type BodyType = 'application/x-www-form-urlencoded' | 'application/json' | 'multipart/form-data';

export const formBody: BodyLimits = { maxBytes: 16 * 1024, maxFields: 30, types: ['application/x-www-form-urlencoded'] };
export const anyBody: BodyLimits = {
  maxBytes: 1024 * 1024,
  maxFields: 500,
  types: ['application/x-www-form-urlencoded', 'application/json', 'multipart/form-data'],
};

const readTimeoutMs = 15_000;

/**
 * Reads a POST body. Everything that can be refused is refused by its headers, before a byte is read (H1, H20): a chunked
 * body, another type, a declared length over the limit. Nothing is ever written to disk.
 * @throws AppError length_required, body_too_large, unsupported_media_type, malformed_json, bad_request
 */
export async function readBody(req: Request, res: Response, limits: BodyLimits): Promise<Readonly<Record<string, unknown>>> {
  const state = stateOf(res);
  if (state.isBodyRead) return state.fields;
  const length = declaredLength(req, limits);
  const type = contentType(req);
  if (type !== '' || length > 0) requireType(type, req, limits);
  const bytes = length > 0 ? await collect(req, length) : Buffer.alloc(0);
  state.isBodyRead = true;
  state.fields = parse(type, bytes, req, limits);
  return state.fields;
}

function declaredLength(req: Request, limits: BodyLimits): number {
  if (req.headers['transfer-encoding'] !== undefined) throw new AppError('length_required');
  const header = req.headers['content-length'];
  if (header === undefined) return 0;
  const length = Number(header);
  if (!Number.isSafeInteger(length) || length < 0) throw new AppError('bad_request');
  if (length > limits.maxBytes) throw new AppError('body_too_large');
  return length;
}

function contentType(req: Request): string {
  return (req.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

function requireType(type: string, req: Request, limits: BodyLimits): void {
  if (!limits.types.some((known) => known === type)) throw new AppError('unsupported_media_type');
  const encoding = req.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') throw new AppError('unsupported_media_type');
}

function collect(req: Request, length: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    const done = (error: AppError | null) => {
      clearTimeout(timer);
      req.removeListener('data', onData);
      if (error) reject(error);
      else resolve(Buffer.concat(chunks, size));
    };
    const onData = (chunk: Buffer) => {
      size += chunk.length;
      if (size > length) done(new AppError('body_too_large'));
      else chunks.push(chunk);
    };
    const timer = setTimeout(() => done(new AppError('bad_request')), readTimeoutMs);
    req.on('data', onData);
    req.once('end', () => done(size === length ? null : new AppError('bad_request')));
    req.once('error', () => done(new AppError('bad_request')));
    req.once('aborted', () => done(new AppError('bad_request')));
  });
}

function parse(type: string, bytes: Buffer, req: Request, limits: BodyLimits): Readonly<Record<string, unknown>> {
  if (bytes.length === 0) return {};
  switch (type) {
    case 'application/json':
      return parseJson(bytes);
    case 'multipart/form-data':
      return fromPairs(parseMultipart(bytes, req.headers['content-type'] ?? ''), limits);
    default:
      return fromPairs([...new URLSearchParams(bytes.toString('utf8'))], limits);
  }
}

function parseJson(bytes: Buffer): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'), dropPrototypeKeys);
  } catch (cause) {
    throw new AppError('malformed_json', { cause });
  }
  if (!isRecord(value)) throw new AppError('malformed_json');
  return value;
}

function dropPrototypeKeys(key: string, value: unknown): unknown {
  return key === '__proto__' ? undefined : value;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A field that comes twice is ambiguous: two readers could take two different values. */
function fromPairs(pairs: readonly (readonly [string, string])[], limits: BodyLimits): Readonly<Record<string, unknown>> {
  if (pairs.length > limits.maxFields) throw new AppError('body_too_large');
  const fields: Record<string, unknown> = Object.create(null);
  for (const [name, value] of pairs) {
    if (name === '__proto__' || Object.hasOwn(fields, name)) throw new AppError('bad_request');
    fields[name] = value;
  }
  return { ...fields };
}
