import type { Request, Response } from 'express';
import { AppError } from '../../foundation/errors/app-error.ts';
import { isStorableText } from '../../foundation/runtime/storable-text.ts';
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
  const header = req.headers['content-type'] ?? '';
  const type = header.replace(/;.*$/s, '').trim().toLowerCase();
  if (type !== '' || length > 0) requireType(type, req, limits);
  const bytes = length > 0 ? await collect(req) : Buffer.alloc(0);
  state.isBodyRead = true;
  state.fields = parse(type, bytes, header, limits);
  return state.fields;
}

function declaredLength(req: Request, limits: BodyLimits): number {
  if (req.headers['transfer-encoding'] !== undefined) throw new AppError('length_required');
  // Node's parser lets digits only through, so this is a number, perhaps one of twenty digits.
  const length = Number(req.headers['content-length'] ?? 0);
  if (length > limits.maxBytes) throw new AppError('body_too_large');
  return length;
}

function requireType(type: string, req: Request, limits: BodyLimits): void {
  if (!limits.types.some((known) => known === type)) throw new AppError('unsupported_media_type');
  const encoding = req.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') throw new AppError('unsupported_media_type');
}

/** The body; Node's parser ends it at the declared length, and says `aborted` when less came. */
function collect(req: Request): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    const done = (error: AppError | null) => {
      clearTimeout(timer);
      req.removeListener('data', onData);
      if (error) reject(error);
      else resolve(Buffer.concat(chunks));
    };
    const onData = (chunk: Buffer) => void chunks.push(chunk);
    const timer = setTimeout(() => done(new AppError('bad_request')), readTimeoutMs);
    req.on('data', onData);
    req.once('end', () => done(null));
    req.once('error', () => done(new AppError('bad_request')));
    req.once('aborted', () => done(new AppError('bad_request')));
  });
}

function parse(type: string, bytes: Buffer, header: string, limits: BodyLimits): Readonly<Record<string, unknown>> {
  if (bytes.length === 0) return {};
  switch (type) {
    case 'application/json':
      return parseJson(bytes);
    case 'multipart/form-data':
      return fromPairs(parseMultipart(bytes, header), limits);
    default:
      return fromPairs([...new URLSearchParams(bytes.toString('utf8'))], limits);
  }
}

function parseJson(bytes: Buffer): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'), checkMember);
  } catch (cause) {
    if (cause instanceof AppError) throw cause;
    throw new AppError('malformed_json', { cause });
  }
  if (!isRecord(value)) throw new AppError('malformed_json');
  return value;
}

/** Drops prototype keys and refuses, at any depth, what cannot be stored. */
function checkMember(key: string, value: unknown): unknown {
  requireStorable(key);
  if (typeof value === 'string') requireStorable(value);
  return key === '__proto__' ? undefined : value;
}

function requireStorable(text: string): void {
  if (!isStorableText(text)) throw new AppError('bad_request');
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
    requireStorable(name);
    requireStorable(value);
    fields[name] = value;
  }
  return { ...fields };
}
