import type { CommandDeps } from '../../../foundation/command/command.ts';
import { type FieldError, validationError } from '../../../foundation/errors/app-error.ts';
import { readRole } from '../registration/start-registration.ts';

export type NewAccountTerms = { role: 'client' | 'vendor'; termsVersion: string | null };

/** What a new account would be made with. @throws AppError 422 `role_not_allowed`, `terms_version_unknown` */
export function readNewAccountTerms(
  deps: Pick<CommandDeps, 'config'>,
  given: { role?: string | undefined; termsVersion?: string | null | undefined },
): NewAccountTerms {
  const errors: FieldError[] = [];
  const role = readRole(given.role, errors);
  const termsVersion = given.termsVersion ?? null;
  if (termsVersion !== null && termsVersion !== deps.config.termsVersion)
    errors.push({ path: 'termsVersion', code: 'terms_version_unknown' });
  if (errors.length > 0) throw validationError(errors);
  return { role, termsVersion };
}
