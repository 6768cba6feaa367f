import type { Locale } from '../i18n/locale.ts';
import { errorMessage, errorTitle, isSentence, translate } from '../i18n/translate.ts';
import { AppError, type FieldError } from './app-error.ts';
import { catalogueEntry, type ErrorCode } from './catalogue.ts';

/** RFC 9457 document of auth-api.md section 1.2; media type application/problem+json. */
export type Problem = {
  /** `urn:fashionistar:problem:<code>` */
  type: string;
  title: string;
  status: number;
  detail: string;
  code: ErrorCode;
  requestId: string;
  errors?: readonly { path: string; code: ErrorCode; message: string }[];
  /** Whole seconds; also sent as Retry-After. Always there with 429 and 503. */
  retryAfter?: number;
  [extension: string]: unknown;
};

export type ProblemOptions = { requestId: string; locale: Locale; door?: 'api' | 'admin' };

export const problemMediaType = 'application/problem+json';

/** What any thrown thing becomes: itself, or `internal_error` that keeps the cause for the log and tells nobody else. */
export function asAppError(error: unknown): AppError {
  return error instanceof AppError ? error : new AppError('internal_error', { cause: error });
}

/**
 * The document for a caller. The public API (`door: 'api'`, the default) lets through only the extension members of its
 * contract; the back office also gets the rule and its own members, with the sentence of a refusal as `detail`.
 */
export function toProblem(error: AppError, options: ProblemOptions): Problem {
  const { locale, requestId, door = 'api' } = options;
  const status = statusFor(error, door);
  const retryAfter = retryAfterOf(error, status);
  const params = { ...error.details.params, ...(retryAfter === undefined ? {} : { retryAfter }) };
  const errors = fieldErrorsOf(error, status).map((each) => shown(each, locale));
  return {
    type: `urn:fashionistar:problem:${error.code}`,
    title: errorTitle(locale, error.code, params),
    status,
    detail: detailOf(error, { locale, door, params }),
    code: error.code,
    requestId,
    ...(errors.length > 0 ? { errors } : {}),
    ...(retryAfter === undefined ? {} : { retryAfter }),
    ...extensionsOf(error, door),
  };
}

function statusFor(error: AppError, door: 'api' | 'admin'): number {
  return (door === 'api' ? catalogueEntry(error.code).doorStatus?.api : undefined) ?? error.status;
}

/** Seconds when the thrower knew none. */
const defaultRetryAfter = { 429: 60, 503: 1 } as const;

function retryAfterOf(error: AppError, status: number): number | undefined {
  const given = error.details.retryAfterSeconds;
  if (given !== undefined) return Math.max(1, Math.ceil(given));
  return status === 429 || status === 503 ? defaultRetryAfter[status] : undefined;
}

/** A 422 always names at least one entry; `""` is the whole body. */
function fieldErrorsOf(error: AppError, status: number): readonly FieldError[] {
  const errors = error.details.errors ?? [];
  if (errors.length > 0 || status !== 422) return errors;
  return [{ path: '', code: error.code, ...(error.details.params ? { params: error.details.params } : {}) }];
}

function shown({ path, code, message, params }: FieldError, locale: Locale): { path: string; code: ErrorCode; message: string } {
  return { path, code, message: message ?? errorMessage(locale, code, params) };
}

function detailOf(error: AppError, shownAs: { locale: Locale; door: 'api' | 'admin'; params: Record<string, string | number> }): string {
  const sentence = error.details.extra?.sentence;
  const isRefusal = shownAs.door === 'admin' && typeof sentence === 'string' && isSentence(sentence);
  return isRefusal ? translate(shownAs.locale, sentence, shownAs.params) : errorMessage(shownAs.locale, error.code, shownAs.params);
}

const contractMembers = ['flowId', 'methods', 'alternatives'] as const;
const ownMembers: ReadonlySet<string> = new Set([
  'type',
  'title',
  'status',
  'detail',
  'code',
  'requestId',
  'errors',
  'retryAfter',
  'sentence',
]);

function extensionsOf(error: AppError, door: 'api' | 'admin'): Record<string, unknown> {
  const extra = Object.entries(error.details.extra ?? {}).filter(([, value]) => value !== undefined);
  const isKept = (name: string) => (door === 'api' ? contractMembers.some((member) => member === name) : !ownMembers.has(name));
  return Object.fromEntries(extra.filter(([name]) => isKept(name)));
}
