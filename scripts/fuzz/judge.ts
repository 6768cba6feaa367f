import { isProblemCode } from '../../client/index.ts';
import type { Answer } from '../attack/target.ts';
import type { ApiDocument, Operation } from './document.ts';

/** Codes that every operation may answer (auth-api.md section 1.2), those of the frame among them. */
const commonCodes: ReadonlySet<string> = new Set([
  'malformed_json',
  'bad_request',
  'idempotency_key_invalid',
  'token_missing',
  'token_invalid',
  'token_expired',
  'session_revoked',
  'client_invalid',
  'origin_not_allowed',
  'reauth_required',
  'account_suspended',
  'account_frozen',
  'role_required',
  'not_found',
  'method_not_allowed',
  'idempotency_in_progress',
  'body_too_large',
  'unsupported_media_type',
  'rate_limited',
]);

const innerNames = /prisma|\bat .+\.ts:\d|node_modules|identity\.|SELECT |ECONNREFUSED|postgres/i;

/** Everything that is wrong with an answer, in words; empty for one that keeps the contract. */
export function faultsOf(document: ApiDocument, operation: Operation, answer: Answer): string[] {
  const { status, headers, text } = answer;
  if (status >= 500) return [`status ${status}: ${text.slice(0, 200)}`];
  const faults: string[] = [];
  if (headers['x-request-id'] === undefined) faults.push('no X-Request-Id');
  if (headers['x-content-type-options'] !== 'nosniff') faults.push('no nosniff');
  if (operation.path.startsWith('/api/v1/account') && headers['cache-control'] !== 'no-store') faults.push('may be cached');
  if (status >= 400) return [...faults, ...problemFaults(document, operation, answer)];
  const check = operation.replies.get(status);
  if (check === undefined) faults.push(`status ${status} is not documented`);
  else if (check === null && text !== '' && isJson(answer)) faults.push(`a body where none is documented: ${text.slice(0, 80)}`);
  else if (check && isJson(answer)) {
    const read = check.safeParse(answer.json);
    if (!read.success)
      faults.push(`not the documented body: ${read.error.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`).join('; ')}`);
  }
  return faults;
}

function problemFaults(document: ApiDocument, operation: Operation, answer: Answer): string[] {
  const { status, headers, text } = answer;
  if (!/^application\/problem\+json\b/.test(headers['content-type'] ?? ''))
    return [`a failure that is no problem document: ${text.slice(0, 80)}`];
  const read = document.problem.safeParse(answer.json);
  if (!read.success) return ['a problem of another shape'];
  const { code, type, status: said, requestId, retryAfter, errors } = membersOf(answer.json);
  const faults: string[] = [];
  if (typeof code !== 'string' || !isProblemCode(code)) faults.push(`a code that is not in the catalogue: ${String(code)}`);
  else if (status !== 422 && !commonCodes.has(code) && !operation.codes.has(code)) faults.push(`${status} ${code} is not documented here`);
  if (type !== `urn:fashionistar:problem:${String(code)}`) faults.push('type does not name the code');
  if (said !== status) faults.push('status in the body is another');
  if (requestId !== headers['x-request-id']) faults.push('request id in the body is another');
  if (status === 422 && !(Array.isArray(errors) && errors.length > 0)) faults.push('422 without errors');
  if (status === 429 && (headers['retry-after'] === undefined || typeof retryAfter !== 'number')) faults.push('429 without Retry-After');
  if (innerNames.test(text)) faults.push(`tells inner names: ${text.slice(0, 200)}`);
  return faults;
}

function membersOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

function isJson(answer: Answer): boolean {
  return /^application\/json\b/.test(answer.headers['content-type'] ?? '');
}
