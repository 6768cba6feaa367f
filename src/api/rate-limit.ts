import { AppError } from '../foundation/errors/app-error.ts';
import { type RateDecision, scaledLimit, takeToken } from '../foundation/runtime/rate-bucket.ts';
import { limitKeyOf } from './client-address.ts';
import type { ApiDeps, Call, Limit } from './endpoint.ts';
import type { Head } from './reply.ts';

/** Step: limits by address. Counted before anything of the request is believed, so that a 422 or 401 counts too. */
export function limitByAddress(call: Call): Promise<void> | undefined {
  return count(call, 'ip', limitKeyOf(call.ip));
}

/** Step: limits by person, as soon as the token says who that is. */
export function limitByUser(call: Call): Promise<void> | undefined {
  return call.claims ? count(call, 'user', call.claims.sub) : undefined;
}

/**
 * For endpoints that answer from memory: counts the limits of the route that are of its work only. Called by whoever makes the database
 * work, so that an answer at hand costs no statement. @throws AppError 429 `rate_limited`, 503 `unavailable` where nobody can count
 */
export async function admitLoad(call: Call): Promise<void> {
  const limits = call.route.limits.filter((limit) => limit.onLoad);
  await countAll(call, limits, limitKeyOf(call.ip));
}

function count(call: Call, by: Limit['by'], key: string): Promise<void> | undefined {
  if (call.route.limits.length === 0) return;
  const limits = call.route.limits.filter((limit) => limit.by === by && !limit.onLoad);
  return limits.length === 0 ? undefined : countAll(call, limits, key);
}

async function countAll(call: Call, limits: readonly Limit[], key: string): Promise<void> {
  const { deps } = call;
  const now = deps.clock.now();
  for (const limit of limits) {
    const decision = await takeToken(deps.database.pool, requestFor(deps, limit, key), now);
    appendLimit(call.head, decision);
    if (!decision.isAllowed) throw refusalOf(limit, decision);
  }
}

function requestFor(deps: ApiDeps, limit: Limit, key: string) {
  return {
    name: limit.name,
    // An IPv4 address is quickly found again from a plain hash: the stored key is keyed.
    key: deps.keyring.keyedHash('rate_limit', `${limit.by}:${key}`).toString('base64url'),
    limit: scaledLimit(limit.count, deps.config.rateLimitScale),
    windowSeconds: limit.windowSeconds,
  };
}

/** `RateLimit` and `RateLimit-Policy` as structured fields, one item per limit (draft-ietf-httpapi-ratelimit-headers). */
export function appendLimit(head: Head, decision: Omit<RateDecision, 'isAllowed'>): void {
  const { name, limit, windowSeconds, left, resetSeconds } = decision;
  append(head, 'RateLimit-Policy', `"${name}";q=${limit};w=${windowSeconds}`);
  append(head, 'RateLimit', `"${name}";r=${left};t=${resetSeconds}`);
}

function append(head: Head, name: string, item: string): void {
  const before = head[name];
  head[name] = before === undefined ? item : `${before}, ${item}`;
}

function refusalOf(limit: Limit, decision: RateDecision): AppError {
  return new AppError('rate_limited', {
    retryAfterSeconds: decision.resetSeconds,
    ...(limit.alternatives ? { extra: { alternatives: limit.alternatives } } : {}),
  });
}
