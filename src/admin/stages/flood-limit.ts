import type { RequestHandler } from 'express';
import { AppError } from '../../foundation/errors/app-error.ts';
import type { Clock } from '../../foundation/runtime/clock.ts';
import { stateOf } from '../state.ts';

const windowMs = 10_000;
const maxKeys = 50_000;

type Bucket = { startedAt: number; count: number };

/**
 * Stage 4: a flood shield per process, kept in memory on purpose, so that a flood costs no database call. The limits that
 * matter for guessing (sign-in, factors) are in PostgreSQL, inside the identity module.
 */
export function floodLimit(options: { perWindow: number; clock: Clock; keyOf: 'ip' | 'staff' }): RequestHandler {
  const buckets = new Map<string, Bucket>();
  return (_req, res, next) => {
    const { context, signedIn } = stateOf(res);
    const key = options.keyOf === 'ip' ? context.ip : (signedIn?.staff.id ?? null);
    if (key === null) return next();
    const now = options.clock.now().getTime();
    const known = buckets.get(key);
    const bucket = known && now - known.startedAt < windowMs ? known : { startedAt: now, count: 0 };
    bucket.count += 1;
    if (bucket !== known) {
      if (buckets.size >= maxKeys) buckets.clear();
      buckets.set(key, bucket);
    }
    if (bucket.count > options.perWindow) {
      throw new AppError('rate_limited', { retryAfterSeconds: Math.ceil((bucket.startedAt + windowMs - now) / 1000) });
    }
    next();
  };
}
