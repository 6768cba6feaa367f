import { toAppError } from '../foundation/command/database-errors.ts';
import type { AppError } from '../foundation/errors/app-error.ts';
import { problemMediaType, toProblem } from '../foundation/errors/problem.ts';
import type { Locale } from '../foundation/i18n/locale.ts';
import { refreshCookie } from './cookies.ts';
import type { Call, Reply } from './endpoint.ts';
import { appendLimit } from './rate-limit.ts';
import { type Head, removedCookie } from './reply.ts';

type About = { requestId: string; locale: Locale; call: Call | null };

/** Turns whatever was thrown into an RFC 9457 answer: a database that is away is `unavailable`, the unknown `internal_error`, cause kept. */
export function problemReply(thrown: unknown, about: About): { reply: Reply; appError: AppError } {
  const appError = toAppError(thrown);
  const problem = toProblem(appError, { requestId: about.requestId, locale: about.locale, door: 'api' });
  return {
    appError,
    reply: {
      status: problem.status,
      body: problem,
      headers: {
        'Content-Type': problemMediaType,
        // A failure of a cacheable route must not be cached.
        'Cache-Control': 'no-store',
        ...(problem.retryAfter === undefined ? {} : { 'Retry-After': String(problem.retryAfter) }),
        ...challengeFor(appError, about.call),
        ...limitOf(appError, about.call),
      },
      ...cookiesOf(appError, about.call),
    },
  };
}

/** A limit that the command itself holds, told beside those of the route, which are there already. */
function limitOf({ details: { limit, retryAfterSeconds } }: AppError, call: Call | null): Record<string, string> {
  if (!limit) return {};
  const head: Head = { ...call?.head };
  appendLimit(head, { ...limit, left: 0, resetSeconds: retryAfterSeconds ?? limit.windowSeconds });
  return { 'RateLimit-Policy': String(head['RateLimit-Policy']), RateLimit: String(head['RateLimit']) };
}

/** RFC 6750 section 3: no `error` where no token was presented. */
function challengeFor(error: AppError, call: Call | null): Record<string, string> {
  if (error.status !== 401) return {};
  if (error.code === 'client_invalid') return { 'WWW-Authenticate': 'Basic realm="fashionistar", charset="UTF-8"' };
  if (error.code === 'token_missing') return { 'WWW-Authenticate': 'Bearer' };
  const isBearer = call !== null && call.route.auth !== 'none' && call.route.auth !== 'confidential';
  return isBearer ? { 'WWW-Authenticate': 'Bearer error="invalid_token"' } : {};
}

function cookiesOf(error: AppError, call: Call | null): Pick<Reply, 'cookies'> {
  if (endsCookieSession(error, call)) return { cookies: [removedCookie(refreshCookie)] };
  const isFinal = error.status < 500 && error.status !== 429;
  return isFinal && call?.route.clearsCookie ? { cookies: [removedCookie(call.route.clearsCookie)] } : {};
}

/** A refused refresh ends the cookie; 429 and 5xx leave it for the next try (auth-api.md section 2.4). */
function endsCookieSession(error: AppError, call: Call | null): boolean {
  return (
    error.status === 401 &&
    error.code !== 'client_invalid' &&
    call?.client.mode === 'cookie' &&
    [call.route.path, call.route.successor].some((path) => path?.endsWith('/auth/token/refresh'))
  );
}
