import { createHash } from 'node:crypto';
import type pg from 'pg';
import { AppError } from '../errors/app-error.ts';
import type { Tx } from './database.ts';

/** A count of failures. An attempt is taken before it is made and given back when it did not fail. */
export type AttemptBucket = {
  name: string;
  /** Whom it counts; hashed before it is stored. */
  key: string;
  /** Attempts per window that need no waiting. */
  limit: number;
  windowSeconds: number;
  /** Waits in seconds between the attempts over the limit, the last one repeating. Empty: nothing until the window ends. */
  waits: readonly number[];
  /** How long the count of consecutive failures is remembered after the last one; the window when absent. */
  memorySeconds?: number;
};

/** `consecutive` counts this attempt too. `lockedUntil` is set from the last free attempt on. */
export type AttemptDecision = {
  isAllowed: boolean;
  name: string;
  used: number;
  limit: number;
  windowSeconds: number;
  consecutive: number;
  level: number;
  lockedUntil: Date | null;
  retryAfterSeconds: number;
};

/*
 * Allowed when the lock is over (or was never set). Inside the window the n-th attempt, n >= limit, sets the next lock
 * as it is taken: so of any number of parallel attempts only `limit` get through, then one per wait.
 */
const takeSql = `
  INSERT INTO platform.rate_bucket AS bucket (key, count, consecutive, level, window_started_at, expires_at, locked_until)
  VALUES ($1, 1, 1, CASE WHEN $3::int <= 1 THEN 1 ELSE 0 END, $2::timestamptz, $2::timestamptz + make_interval(secs => $6),
          CASE WHEN $3::int <= 1 THEN $2::timestamptz + make_interval(secs => COALESCE(($5::int[])[1], $4::int)) END)
  ON CONFLICT (key) DO UPDATE SET
    count = CASE WHEN bucket.locked_until > $2::timestamptz THEN bucket.count
                 WHEN bucket.window_started_at + make_interval(secs => $4) <= $2::timestamptz THEN 1 ELSE bucket.count + 1 END,
    consecutive = bucket.consecutive + CASE WHEN bucket.locked_until > $2::timestamptz THEN 0 ELSE 1 END,
    level = CASE WHEN bucket.locked_until > $2::timestamptz THEN bucket.level
                 WHEN bucket.window_started_at + make_interval(secs => $4) <= $2::timestamptz THEN CASE WHEN $3::int <= 1 THEN 1 ELSE 0 END
                 WHEN bucket.count + 1 >= $3::int THEN bucket.level + 1 ELSE bucket.level END,
    window_started_at = CASE WHEN bucket.locked_until > $2::timestamptz THEN bucket.window_started_at
                 WHEN bucket.window_started_at + make_interval(secs => $4) <= $2::timestamptz THEN $2::timestamptz ELSE bucket.window_started_at END,
    expires_at = CASE WHEN bucket.locked_until > $2::timestamptz THEN bucket.expires_at
                 ELSE GREATEST(bucket.expires_at, $2::timestamptz + make_interval(secs => $6)) END,
    locked_until = CASE WHEN bucket.locked_until > $2::timestamptz THEN bucket.locked_until
                 WHEN bucket.window_started_at + make_interval(secs => $4) <= $2::timestamptz
                   THEN CASE WHEN $3::int <= 1 THEN $2::timestamptz + make_interval(secs => COALESCE(($5::int[])[1], $4::int)) END
                 WHEN bucket.count + 1 >= $3::int THEN CASE WHEN cardinality($5::int[]) = 0
                   THEN bucket.window_started_at + make_interval(secs => $4)
                   ELSE $2::timestamptz + make_interval(secs => ($5::int[])[LEAST(bucket.level + 1, cardinality($5::int[]))]) END
                 ELSE NULL END
  RETURNING old.consecutive AS before, new.count, new.consecutive, new.level, new.locked_until`;

type Row = { before: number | null; count: number; consecutive: number; level: number; locked_until: Date | null };

/**
 * Takes one attempt in one atomic UPSERT. Throws `unavailable` when the database cannot count: never a free pass.
 */
export async function takeAttempt(pool: pg.Pool, bucket: AttemptBucket, now: Date): Promise<AttemptDecision> {
  const memory = Math.max(bucket.memorySeconds ?? 0, bucket.windowSeconds);
  const row = await counted(pool, takeSql, [
    storedKey(bucket),
    now.toISOString(),
    bucket.limit,
    bucket.windowSeconds,
    [...bucket.waits],
    memory,
  ]);
  const isAllowed = row.before === null || row.consecutive > row.before;
  const waitMs = (row.locked_until?.getTime() ?? now.getTime()) - now.getTime();
  return {
    isAllowed,
    name: bucket.name,
    used: row.count,
    limit: bucket.limit,
    windowSeconds: bucket.windowSeconds,
    consecutive: row.consecutive,
    level: row.level,
    lockedUntil: row.locked_until,
    retryAfterSeconds: Math.max(1, Math.ceil(waitMs / 1000)),
  };
}

/** The pool, where nothing else is held; a command's own transaction otherwise: what holds locks must not wait for a second connection. */
export type Runner = pg.Pool | Pick<Tx, '$executeRawUnsafe'>;

/** Gives back an attempt that was never made, for example because the hashing queue was full. */
export async function returnAttempt(on: Runner, bucket: AttemptBucket): Promise<void> {
  await changed(
    on,
    `UPDATE platform.rate_bucket SET count = GREATEST(count - 1, 0), consecutive = GREATEST(consecutive - 1, 0),
            level = CASE WHEN count >= $2::int THEN GREATEST(level - 1, 0) ELSE level END,
            locked_until = CASE WHEN count >= $2::int AND count - 1 < $2::int THEN NULL ELSE locked_until END
      WHERE key = $1::text`,
    [storedKey(bucket), bucket.limit],
  );
}

/** Forgets everything the buckets counted: what a success, a completed reset or an unlock does. */
export async function clearAttempts(on: Runner, ...buckets: readonly Pick<AttemptBucket, 'name' | 'key'>[]): Promise<void> {
  await changed(on, 'DELETE FROM platform.rate_bucket WHERE key = ANY($1::text[])', [buckets.map(storedKey)]);
}

/** Where the failures of one of those who share a bucket stand beside it. */
const shareKey = (bucket: Pick<AttemptBucket, 'name' | 'key'>, who: string) =>
  `${storedKey(bucket)}:${createHash('sha256').update(who).digest('base64url')}`;

/**
 * Notes that an attempt of `who` failed, where several share a bucket (spellings of one mailbox are several accounts): so that a
 * success of one takes back no failure of another. Inside the transaction that refuses the attempt.
 */
export async function noteShare(on: Runner, buckets: readonly AttemptBucket[], who: string): Promise<void> {
  await changed(
    on,
    `INSERT INTO platform.rate_bucket AS share (key, count, consecutive, level, window_started_at, expires_at)
     SELECT asked.share, 1, 1, 0, bucket.window_started_at, bucket.expires_at
       FROM unnest($1::text[], $2::text[]) AS asked (key, share) JOIN platform.rate_bucket bucket ON bucket.key = asked.key
      ORDER BY asked.share
     ON CONFLICT (key) DO UPDATE SET
       count = CASE WHEN share.window_started_at = EXCLUDED.window_started_at THEN share.count + 1 ELSE 1 END,
       consecutive = share.consecutive + 1, window_started_at = EXCLUDED.window_started_at, expires_at = EXCLUDED.expires_at`,
    [buckets.map(storedKey), buckets.map((bucket) => shareKey(bucket, who))],
  );
}

/** What is counted without this attempt and the failures noted for whoever succeeds; those of an earlier window are gone already. */
const othersCount = `GREATEST(bucket.count - 1
  - CASE WHEN forgiven.window_started_at = bucket.window_started_at THEN forgiven.count ELSE 0 END, 0)`;

/**
 * What a success of `who` does: this attempt and the failures noted for `who` are forgotten, those of others who share the buckets
 * stay. Where nobody else failed the buckets are as new.
 */
export async function settleShare(on: Runner, buckets: readonly AttemptBucket[], { who, now }: { who: string; now: Date }): Promise<void> {
  await changed(
    on,
    `WITH asked AS (
       SELECT * FROM unnest($1::text[], $2::text[], $3::int[]) AS asked (key, share, free)
     ), own AS (
       DELETE FROM platform.rate_bucket WHERE key IN (
         SELECT key FROM platform.rate_bucket WHERE key = ANY($2::text[]) ORDER BY key FOR UPDATE)
       RETURNING key, count, consecutive, window_started_at
     ), forgiven AS (
       SELECT asked.key, asked.free, own.window_started_at, COALESCE(own.count, 0) AS count, COALESCE(own.consecutive, 0) AS consecutive
         FROM asked LEFT JOIN own ON own.key = asked.share
     )
     UPDATE platform.rate_bucket bucket SET
       count = ${othersCount},
       consecutive = GREATEST(bucket.consecutive - 1 - forgiven.consecutive, 0),
       level = GREATEST(${othersCount} - forgiven.free + 1, 0),
       window_started_at = CASE WHEN ${othersCount} = 0 THEN $4::timestamptz ELSE bucket.window_started_at END,
       locked_until = CASE WHEN ${othersCount} < forgiven.free THEN NULL ELSE bucket.locked_until END
      FROM forgiven WHERE bucket.key = forgiven.key`,
    [buckets.map(storedKey), buckets.map((bucket) => shareKey(bucket, who)), buckets.map(({ limit }) => limit), now.toISOString()],
  );
}

async function counted(pool: pg.Pool, text: string, values: unknown[]): Promise<Row> {
  try {
    const { rows } = await pool.query<Row>({ name: 'attempt-bucket-take', text, values });
    const [row] = rows;
    if (!row) throw new Error('The attempt bucket answered nothing');
    return row;
  } catch (cause) {
    throw new AppError('unavailable', { retryAfterSeconds: 1, cause });
  }
}

async function changed(on: Runner, text: string, values: unknown[]): Promise<void> {
  try {
    await ('$executeRawUnsafe' in on ? on.$executeRawUnsafe(text, ...values) : on.query(text, values));
  } catch (cause) {
    throw new AppError('unavailable', { retryAfterSeconds: 1, cause });
  }
}

function storedKey(bucket: Pick<AttemptBucket, 'name' | 'key'>): string {
  return `${bucket.name}:${createHash('sha256').update(bucket.key).digest('base64url')}`;
}
