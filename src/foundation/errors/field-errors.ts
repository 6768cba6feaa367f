import type { z } from 'zod';
import type { FieldError } from './app-error.ts';
import { type ErrorCode, isErrorCode } from './catalogue.ts';

type Issue = z.core.$ZodIssue;

/**
 * The field errors of a zod 4 error, one per field and code. A custom issue names its code as `params.code`. `input` is what
 * was parsed: with it a missing or wrongly typed member is told apart also where zod only says "not one of".
 */
export function zodToFieldErrors(error: z.ZodError, input?: unknown): FieldError[] {
  const found = new Map<string, FieldError>();
  for (const issue of error.issues) {
    for (const fieldError of ofIssue(issue, [], input)) found.set(`${fieldError.path} ${fieldError.code}`, fieldError);
  }
  return [...found.values()];
}

function ofIssue(issue: Issue, parents: readonly PropertyKey[], input: unknown): FieldError[] {
  const path = [...parents, ...issue.path];
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({ path: dotPath([...path, key]), code: 'unknown_field' }));
    case 'invalid_type':
      return [{ path: dotPath(path), code: isMissing(issue, path, input) ? 'required' : 'invalid_type' }];
    case 'too_small':
      return [{ path: dotPath(path), code: 'too_short', params: { min: Number(issue.minimum) } }];
    case 'too_big':
      return [{ path: dotPath(path), code: 'too_long', params: { max: Number(issue.maximum) } }];
    case 'invalid_value':
      return [{ path: dotPath(path), code: ofChoice(issue.values, path, input) }];
    case 'invalid_union':
      return ofUnion(issue, path, input);
    case 'custom':
      return [{ path: dotPath(path), code: codeOf(issue.params) }];
    case 'invalid_format':
    case 'not_multiple_of':
    case 'invalid_key':
    case 'invalid_element':
      return [{ path: dotPath(path), code: 'invalid_value' }];
  }
}

/** A union reports the branch that came nearest: the one with the fewest complaints, the first among equals. */
function ofUnion(issue: Extract<Issue, { code: 'invalid_union' }>, path: readonly PropertyKey[], input: unknown): FieldError[] {
  const [nearest] = [...issue.errors].sort((a, b) => a.length - b.length);
  if (nearest && nearest.length > 0) return nearest.flatMap((each) => ofIssue(each, path, input));
  return [{ path: dotPath(path), code: ofChoice([''], path, input) }];
}

/** A choice (enum, literal, discriminator): missing, of the wrong JSON type, or simply not offered. */
function ofChoice(values: readonly unknown[], path: readonly PropertyKey[], input: unknown): ErrorCode {
  if (input === undefined) return 'invalid_value';
  const given = valueAt(input, path);
  if (given === undefined) return 'required';
  return values.some((value) => typeof value === typeof given) ? 'invalid_value' : 'invalid_type';
}

/** Zod drops the input from its issues; without ours, its own wording still tells. */
function isMissing(issue: Issue, path: readonly PropertyKey[], input: unknown): boolean {
  return input === undefined ? issue.message.endsWith('received undefined') : valueAt(input, path) === undefined;
}

function codeOf(params: Record<string, unknown> | undefined): ErrorCode {
  const code = params?.code;
  return typeof code === 'string' && isErrorCode(code) ? code : 'invalid_value';
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined), input);
}

function dotPath(path: readonly PropertyKey[]): string {
  return path.map(String).join('.');
}
