import { z } from 'zod';
import type { Envelope } from '../foundation/command/command.ts';
import { AppError, type FieldError, validationError } from '../foundation/errors/app-error.ts';

export type CommandBody = {
  form: Readonly<Record<string, unknown>>;
  envelope: Omit<Envelope, 'input'>;
  recordIds: readonly string[];
  isDryRun: boolean;
  /** Only on pages: which of its actions. */
  action: string | null;
};

const body = z.strictObject({
  input: z.record(z.string(), z.unknown()).optional(),
  reason: z.strictObject({ code: z.string().min(1).max(60), text: z.string().max(2000).optional() }).optional(),
  /** Its id, or the number that people quote, such as T-100042. */
  ticketId: z.union([z.uuid(), z.string().regex(/^T-\d{1,12}$/)]).optional(),
  expectedVersion: z
    .union([
      z.int().min(0),
      z
        .string()
        .regex(/^\d{1,9}$/)
        .transform(Number),
    ])
    .optional(),
  idempotencyKey: z.uuid().optional(),
  dryRun: z.union([z.boolean(), z.enum(['true', 'false']).transform((text) => text === 'true')]).optional(),
  recordIds: z
    .union([
      z.array(z.string().max(100)),
      z
        .string()
        .max(20_000)
        .transform((text) => text.split(',').filter(Boolean)),
    ])
    .optional(),
  action: z.string().max(60).optional(),
});

/**
 * The one body of all commands (back-office.md section 3, settled details), from JSON or from a form with dotted names
 * (`reason.code`, `input.note`).
 * @throws AppError validation_failed or the code of the one field
 */
export function parseCommandBody(fields: Readonly<Record<string, unknown>>): CommandBody {
  const parsed = body.safeParse(nested(fields));
  if (!parsed.success) throw validationError(parsed.error.issues.map(fieldError));
  const { input, reason, ticketId, expectedVersion, idempotencyKey, dryRun, recordIds, action } = parsed.data;
  if (dryRun !== true && idempotencyKey === undefined) throw validationError([{ path: 'idempotencyKey', code: 'required' }]);
  return {
    form: input ?? {},
    envelope: { reason, ticketId, expectedVersion, idempotencyKey },
    recordIds: recordIds ?? [],
    isDryRun: dryRun === true,
    action: action ?? null,
  };
}

function fieldError(issue: z.core.$ZodIssue): FieldError {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') return { path: [...issue.path, issue.keys[0] ?? ''].join('.'), code: 'unknown_field' };
  if (issue.code === 'too_big') return { path, code: 'too_long' };
  return { path, code: issue.code === 'invalid_type' ? 'invalid_type' : 'invalid_value' };
}

/** `{'reason.code': 'x'}` -> `{reason: {code: 'x'}}`, one level deep. JSON bodies pass as they are. */
function nested(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(fields)) {
    const [head = '', tail, ...rest] = key.split('.');
    if (tail === undefined) {
      result[key] = value;
      continue;
    }
    if (rest.length > 0 || head === '__proto__' || tail === '__proto__') throw new AppError('bad_request');
    const inner = result[head];
    result[head] = { ...(typeof inner === 'object' && inner !== null ? inner : {}), [tail]: value };
  }
  return result;
}
