import { accept, fieldSchema, type Parsed, refuse } from './field-rule.ts';

/** Six ASCII digits after trimming and dropping one space or hyphen. Refusal: `otp_malformed`, which uses no attempt. */
export function parseOtp(typed: string): Parsed<string> {
  const code = typed.trim().replace(/[ -]/, '');
  return /^[0-9]{6}$/.test(code) ? accept(code) : refuse('otp_malformed');
}

export const otpSchema = fieldSchema(parseOtp);
