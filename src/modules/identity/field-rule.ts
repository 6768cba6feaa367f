import { z } from 'zod';
import type { ErrorCode } from '../../foundation/errors/catalogue.ts';

/** What a pure field rule answers: the canonical value to store, or the code of the catalogue. */
export type Parsed<Value> = { ok: true; value: Value } | { ok: false; code: ErrorCode };

export function accept<Value>(value: Value): Parsed<Value> {
  return { ok: true, value };
}

export function refuse(code: ErrorCode): { ok: false; code: ErrorCode } {
  return { ok: false, code };
}

/** The rule as a zod schema: a string goes in, the canonical value comes out, a refusal is a custom issue with `params.code`. */
export function fieldSchema<Value>(parse: (typed: string) => Parsed<Value>) {
  return z.string().transform((typed, ctx): Value => {
    const parsed = parse(typed);
    if (parsed.ok) return parsed.value;
    addCodeIssue(ctx, parsed.code, typed);
    return z.NEVER;
  });
}

/** An issue that carries a code of the catalogue, for refinements that look at more than one field. */
export function addCodeIssue(ctx: z.RefinementCtx, code: ErrorCode, input: unknown, path: string[] = []): void {
  ctx.addIssue({ code: 'custom', params: { code }, message: code, input, path });
}
