import { validationError } from '../../foundation/errors/app-error.ts';
import { accept, fieldSchema, type Parsed, refuse } from './field-rule.ts';

/** Six ASCII digits after trimming and dropping one space or hyphen. Refusal: `otp_malformed`, which uses no attempt. */
export function parseOtp(typed: string): Parsed<string> {
  const code = typed.trim().replace(/[ -]/, '');
  return /^[0-9]{6}$/.test(code) ? accept(code) : refuse('otp_malformed');
}

export const otpSchema = fieldSchema(parseOtp);

/** The six digits of a body's `code`. @throws AppError 422 `otp_malformed`, before any attempt is taken */
export function requireOtp(typed: string): string {
  const code = parseOtp(typed);
  if (!code.ok) throw validationError([{ path: 'code', code: code.code }]);
  return code.value;
}
