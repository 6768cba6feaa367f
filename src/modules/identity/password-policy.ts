import { isCommonPassword } from './common-passwords.ts';
import { accept, type Parsed, refuse } from './field-rule.ts';
import type { Identifier } from './identifier.ts';
import { isSimilarTo } from './password-similarity.ts';

export type PasswordRules = {
  /** Code points after NFC: 12 for customers, 15 for staff. */
  min: number;
  max: number;
};

/** What the password must not resemble. */
export type PasswordOwner = {
  identifiers: readonly Identifier[];
  /** First, last and store name, where known. */
  names: readonly (string | null | undefined)[];
};

/**
 * Checks a new password; nothing is trimmed, cut or composed, and the value comes back as typed. The first failure only,
 * in the order `password_too_short`, `password_too_long`, `password_too_similar`, `password_breached` (auth-api.md 1.7).
 */
export function parseNewPassword(password: string, rules: PasswordRules, owner: PasswordOwner): Parsed<string> {
  const length = [...password.normalize('NFC')].length;
  if (length < rules.min) return refuse('password_too_short');
  if (length > rules.max) return refuse('password_too_long');
  if (isSimilarTo(password, owner)) return refuse('password_too_similar');
  return isCommonPassword(password) ? refuse('password_breached') : accept(password);
}
