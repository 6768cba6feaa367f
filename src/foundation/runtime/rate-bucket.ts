import { createHash } from 'node:crypto';
import type pg from 'pg';
import { AppError } from '../errors/app-error.ts';

export type RateRequest = {
  /** Name of the limit; part of the key and of the `RateLimit-Policy` header. */
  name: string;
  /** Whom it counts. Hashed before it is stored; hand in a keyed hash where the value is personal. */
  key: string;
  /** Tokens per window, already scaled. */
  limit: number;
  windowSeconds: number;
  /** Tokens this call takes; 0 only looks. Default 1. */
  cost?: number;
};

/** What one limit said about one call. `left` never goes below 0; `resetSeconds` is at least 1 and at most the window. */
export type RateDecision = {
  isAllowed: boolean;
  name: string;
  limit: number;
  windowSeconds: number;
  left: number;
  resetSeconds: number;
};

const takeSql = `
  INSERT INTO platform.rate_bucket AS bucket (key, count, window_started_at, expires_at)
  VALUES ($1, $2, $3::timestamptz, $3::timestamptz + make_interval(secs => $4))
  ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN bucket.expires_at <= $3::timestamptz THEN $2 ELSE LEAST(bucket.count::bigint + $2, 2000000000)::int END,
    window_started_at = CASE WHEN bucket.expires_at <= $3::timestamptz THEN $3::timestamptz ELSE bucket.window_started_at END,
    expires_at = CASE WHEN bucket.expires_at <= $3::timestamptz THEN EXCLUDED.expires_at ELSE bucket.expires_at END
  RETURNING count, expires_at`;

/**
 * Takes from a fixed window that starts at its first use: one atomic UPSERT, so the limit holds over instances and
 * restarts and under any parallelism (closes the read-then-write race). A refused call counts as well.
 * Throws `unavailable` when the database cannot count: never a free pass.
 */
export async function takeToken(pool: pg.Pool, request: RateRequest, now: Date): Promise<RateDecision> {
  const { name, limit, windowSeconds, cost = 1 } = request;
  try {
    const result = await pool.query<{ count: number; expires_at: Date }>({
      name: 'rate-bucket-take',
      text: takeSql,
      values: [storedKey(request), cost, now.toISOString(), windowSeconds],
    });
    const row = result.rows[0];
    if (!row) throw new Error('The rate bucket answered nothing');
    const resetSeconds = Math.ceil((row.expires_at.getTime() - now.getTime()) / 1000);
    return {
      isAllowed: row.count <= limit,
      name,
      limit,
      windowSeconds,
      left: Math.max(0, limit - row.count),
      resetSeconds: Math.min(Math.max(1, resetSeconds), windowSeconds),
    };
  } catch (cause) {
    throw new AppError('unavailable', { retryAfterSeconds: 1, cause });
  }
}

/** Empties one bucket, for the successes that reset a failure count. */
export async function clearBucket(pool: pg.Pool, bucket: { name: string; key: string }): Promise<void> {
  try {
    await pool.query('DELETE FROM platform.rate_bucket WHERE key = $1', [storedKey(bucket)]);
  } catch (cause) {
    throw new AppError('unavailable', { retryAfterSeconds: 1, cause });
  }
}

/** RATE_LIMIT_SCALE applied to a count; a limit never becomes 0. */
export function scaledLimit(limit: number, scale: number): number {
  return Math.max(1, Math.floor(limit * scale));
}

/** The name stays readable for operators; whom it counts does not. */
function storedKey(bucket: { name: string; key: string }): string {
  return `${bucket.name}:${createHash('sha256').update(bucket.key).digest('base64url')}`;
}
