import { catalogue, catalogueEntry, type ErrorCode } from './catalogue.ts';

/** One problem with one field. `path` is a dot path, "" for the whole body (RFC 9457 extension member `errors`). */
export type FieldError = { path: string; code: ErrorCode; message?: string; params?: Record<string, string | number> };

/** A limit that has nothing left, for the `RateLimit` headers: calls per window. */
export type UsedUpLimit = { name: string; limit: number; windowSeconds: number };

export type AppErrorDetails = {
  /** Values the localised text needs; never personal data. */
  params?: Record<string, string | number>;
  errors?: readonly FieldError[];
  /** Whole seconds until a retry makes sense. */
  retryAfterSeconds?: number;
  /** What was used up, where a command counts for itself; limits of routes are told by the API. */
  limit?: UsedUpLimit;
  /** Chooses the catalogue's alternative status, where the code has one (`token_expired` of a link); ignored elsewhere. */
  status?: 410;
  /** Further members of the problem document, such as flowId, methods, alternatives. */
  extra?: Record<string, unknown>;
  cause?: unknown;
};

/** The only error that leaves a command. `code` is permanent; status and texts come from the catalogue. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly status: number;
  readonly details: AppErrorDetails;

  constructor(code: ErrorCode, details: AppErrorDetails = {}) {
    super(catalogue[code].title, details.cause === undefined ? undefined : { cause: details.cause });
    this.name = 'AppError';
    this.code = code;
    const entry = catalogueEntry(code);
    this.status = entry.alternativeStatus !== undefined && details.status === entry.alternativeStatus ? details.status : entry.status;
    this.details = details;
  }
}

/** Shorthand that keeps call sites on one line. */
export function fail(code: ErrorCode, details: AppErrorDetails = {}): never {
  throw new AppError(code, details);
}

/** A 422 made of field errors; one entry gives its own code, several give `validation_failed`. */
export function validationError(errors: readonly FieldError[]): AppError {
  const [only] = errors;
  const code = errors.length === 1 && only ? only.code : 'validation_failed';
  return new AppError(code, { errors });
}
