import type { CommandDeps } from '../../foundation/command/command.ts';

/** The two jobs that follow the sealer along the leaves. */
export type FollowingJob = 'index' | 'enrich';

/** Leaves `from` (included) to `to` (excluded). */
export type SeqRange = { from: number; to: number };

type Work = (range: SeqRange) => Promise<unknown>;

const batchSize = 5_000;

/**
 * Does the work of one range, batch by batch, and moves the job's mark over what is done (audit.progress). Work that is repeated
 * must be harmless: a range ahead of the mark is done again when the job catches up.
 */
export async function followRange(deps: CommandDeps, job: FollowingJob, range: SeqRange, work: Work): Promise<void> {
  for (let from = range.from; from < range.to; from += batchSize) {
    const batch = { from, to: Math.min(from + batchSize, range.to) };
    await work(batch);
    await deps.database.pool.query('SELECT audit.advance_progress($1, $2, $3)', [job, batch.from, batch.to]);
  }
}

/**
 * From the mark to the last leaf: what a lost nudge, a dead worker or a new installation left undone. One process at a time, by a
 * lock of the session; a second one leaves it to the first.
 */
export async function catchUp(deps: CommandDeps, job: FollowingJob, work: Work): Promise<void> {
  const client = await deps.database.pool.connect();
  try {
    const { rows } = await client.query<{ isFree: boolean }>(`SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS "isFree"`, [
      `audit.${job}`,
    ]);
    if (!rows[0]?.isFree) return;
    try {
      await followRange(deps, job, await openRange(deps, job), work);
    } finally {
      await client.query('SELECT pg_advisory_unlock(hashtextextended($1, 0))', [`audit.${job}`]);
    }
  } finally {
    client.release();
  }
}

async function openRange(deps: CommandDeps, job: FollowingJob): Promise<SeqRange> {
  const { rows } = await deps.database.pool.query<{ from: string; to: string }>(
    `SELECT coalesce((SELECT p.next_seq FROM audit.progress AS p WHERE p.job = $1), 0) AS from,
            coalesce((SELECT max(l.seq) + 1 FROM audit.leaf AS l), 0) AS to`,
    [job],
  );
  const [open] = rows;
  return { from: Number(open?.from), to: Number(open?.to) };
}

/**
 * Age in whole seconds of the oldest row that the job has not done, sealed or not; 0 when there is none. Rows are looked for by
 * the transactions that no checkpoint covers, which is what the index of the sealer serves.
 */
export async function lagSeconds(deps: CommandDeps, job: FollowingJob): Promise<number> {
  const { rows } = await deps.database.pool.query<{ lag: number | null }>(
    `WITH last AS (
       SELECT e.epoch, coalesce((SELECT c.watermark FROM audit.checkpoint AS c WHERE c.epoch = e.epoch ORDER BY c.size DESC LIMIT 1), '0') AS watermark
         FROM audit.epoch AS e ORDER BY e.epoch DESC LIMIT 1
     ), waiting AS (
       (SELECT l.occurred_at FROM audit.leaf AS l
         WHERE l.seq >= (SELECT p.next_seq FROM audit.progress AS p WHERE p.job = $1) ORDER BY l.seq LIMIT 1)
       UNION ALL
       (SELECT a.occurred_at FROM audit.action AS a
         WHERE a.epoch = (SELECT k.epoch FROM last AS k) AND a.txid >= (SELECT k.watermark FROM last AS k) ORDER BY a.txid, a.id LIMIT 1)
       UNION ALL
       (SELECT e.occurred_at FROM audit.event AS e
         WHERE e.epoch = (SELECT k.epoch FROM last AS k) AND e.txid >= (SELECT k.watermark FROM last AS k) ORDER BY e.txid, e.id LIMIT 1)
     )
     SELECT floor(extract(epoch FROM clock_timestamp() - min(w.occurred_at)))::int AS lag FROM waiting AS w`,
    [job],
  );
  return Math.max(rows[0]?.lag ?? 0, 0);
}
