import type { z } from 'zod';
import { type FieldError, validationError } from '../foundation/errors/app-error.ts';
import { zodToFieldErrors } from '../foundation/errors/field-errors.ts';
import type { Call } from './endpoint.ts';
import { isObject, parseJsonObject } from './parse-json.ts';
import { isForm } from './read-body.ts';

/** Step: query and body, as the caller sent them, without types yet. */
export function readInput(call: Call): { body: unknown; query: unknown } {
  const query = call.query === '' ? {} : objectOf(new URLSearchParams(call.query));
  if (call.route.takesFile !== undefined) return { query, body: call.upload ? { file: call.upload } : {} };
  const body = isForm(call.req) ? objectOf(new URLSearchParams(call.bytes.toString('utf8'))) : parseJsonObject(call.bytes);
  return { query, body };
}

/** A name given twice has no one value. */
function objectOf(pairs: URLSearchParams): Record<string, unknown> {
  const values = new Map<string, string>();
  const errors: FieldError[] = [];
  for (const [name, value] of pairs) {
    if (values.has(name)) errors.push({ path: name, code: 'invalid_value' });
    values.set(name, value);
  }
  if (errors.length > 0) throw validationError(errors);
  return Object.fromEntries(values);
}

/**
 * Parses by the endpoint's schema, after two rules that hold for every body: no member named `__proto__`, and no control
 * character or unpaired surrogate in any string.
 * @throws AppError of status 422
 */
export function parseInput<T>(schema: z.ZodType<T>, value: unknown, rawFields: readonly string[]): T {
  const hostile = hostileFields(value, rawFields);
  const parsed = schema.safeParse(value);
  if (parsed.success && hostile.length === 0) return parsed.data;
  const ordinary = parsed.success ? [] : zodToFieldErrors(parsed.error, value);
  const taken = new Set(hostile.map((error) => error.path));
  throw validationError([...hostile, ...ordinary.filter((error) => !taken.has(error.path))]);
}

const controlCharacter = /\p{Cc}/u;

function hostileFields(value: unknown, rawFields: readonly string[], path = ''): FieldError[] {
  if (typeof value === 'string') {
    const isBad = controlCharacter.test(value) || !value.isWellFormed();
    return isBad && !rawFields.includes(path) ? [{ path, code: 'invalid_value' }] : [];
  }
  if (Array.isArray(value)) return value.flatMap((item, index) => hostileFields(item, rawFields, join(path, String(index))));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([name, member]) =>
    name === '__proto__'
      ? [{ path: join(path, name), code: 'unknown_field' } as const]
      : hostileFields(member, rawFields, join(path, name)),
  );
}

function join(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
