import type { ErrorCode } from '../foundation/errors/catalogue.ts';
import { errorMessage } from '../foundation/i18n/translate.ts';

/** The sentence a person reads for an error code. */
export function errorText(code: ErrorCode, params: Record<string, string | number> = {}): string {
  return errorMessage('en', code, params);
}
