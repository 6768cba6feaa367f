import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { AlteredHistoryError, type MonthSpan } from './archive-rows.ts';
import { isClosed } from './months.ts';
import { onlyRow } from './only-row.ts';
import type { DataKeysOf } from './seal-content.ts';
import { isVerified } from './verified-range.ts';
import { writeArchive } from './write-archive.ts';

/**
 * Where the retention of a month stands. `open`: it is not over. `held`: a legal hold keeps it. `unsealed`, `unverified`, `altered`:
 * it may not go as it is. `archived`: its file is written and its seal waits for leaf and anchor. `locked`: it was in use; tried
 * again tomorrow. `dropped`: its tables are gone.
 */
export type MonthState = 'open' | 'held' | 'unsealed' | 'unverified' | 'altered' | 'archived' | 'locked' | 'dropped';

/** Takes a month as far as it may go. Each step is safe to repeat, and none is taken before those it depends on are sealed. */
export async function retainMonth(deps: CommandDeps, span: MonthSpan, dataKeysOf: DataKeysOf): Promise<MonthState> {
  if (!isClosed(span, deps.clock.now())) return 'open';
  const seal = await sealState(deps, span);
  if (seal === 'anchored') return dropMonth(deps, span);
  if (await isHeld(deps, span)) return 'held';
  if (seal === 'waiting') return 'archived';
  const leaves = await leavesOf(deps, span);
  if (leaves.unsealed > 0) return 'unsealed';
  if (leaves.range && !(await isVerified(deps, leaves.range))) return 'unverified';
  try {
    // An empty month has no leaves: its archive is a header and an end.
    const body = await writeArchive(deps, { span, range: leaves.range ?? { first: '0', last: '0' }, dataKeysOf });
    await deps.database.pool.query('SELECT audit.seal_partition($1::jsonb)', [JSON.stringify(body)]);
    return 'archived';
  } catch (error) {
    if (!(error instanceof AlteredHistoryError)) throw error;
    deps.log.error({ event: 'audit.retention_refused', month: span.month, error });
    return 'altered';
  }
}

/** Whether the month is archived, and whether its seal is itself a leaf below an anchored checkpoint. */
async function sealState(deps: CommandDeps, { month }: MonthSpan): Promise<'none' | 'waiting' | 'anchored'> {
  const { rows } = await deps.database.pool.query<{ isAnchored: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM audit.leaf AS l JOIN audit.anchor AS a ON a.checkpoint_size > l.seq WHERE l.row_id = c.id) AS "isAnchored"
       FROM audit.control AS c WHERE c.type = 'partition_seal' AND c.body::jsonb ->> 'month' = $1`,
    [month],
  );
  const [seal] = rows;
  if (!seal) return 'none';
  return seal.isAnchored ? 'anchored' : 'waiting';
}

async function isHeld(deps: CommandDeps, { start }: MonthSpan): Promise<boolean> {
  const { rows } = await deps.database.pool.query<{ held: boolean }>(
    'SELECT EXISTS (SELECT 1 FROM audit.holds_on_month($1::date)) AS held',
    [start.slice(0, 10)],
  );
  return onlyRow(rows).held;
}

type Leaves = { unsealed: number; range: { first: string; last: string } | null };

async function leavesOf(deps: CommandDeps, { start, end }: MonthSpan): Promise<Leaves> {
  const { rows } = await deps.database.pool.query<{ unsealed: number; first: string | null; last: string | null }>(
    `SELECT (SELECT count(*)::int FROM audit.event AS e WHERE e.occurred_at >= $1 AND e.occurred_at < $2
                AND NOT EXISTS (SELECT 1 FROM audit.leaf AS l WHERE l.row_id = e.id))
          + (SELECT count(*)::int FROM audit.action AS a WHERE a.occurred_at >= $1 AND a.occurred_at < $2
                AND NOT EXISTS (SELECT 1 FROM audit.leaf AS l WHERE l.row_id = a.id)) AS unsealed,
            (SELECT min(l.seq) FROM audit.leaf AS l WHERE l.occurred_at >= $1 AND l.occurred_at < $2 AND l.kind IN (1, 2)) AS first,
            (SELECT max(l.seq) FROM audit.leaf AS l WHERE l.occurred_at >= $1 AND l.occurred_at < $2 AND l.kind IN (1, 2)) AS last`,
    [start, end],
  );
  const { unsealed, first, last } = onlyRow(rows);
  return { unsealed, range: first !== null && last !== null ? { first, last } : null };
}

async function dropMonth(deps: CommandDeps, { start }: MonthSpan): Promise<MonthState> {
  const day = start.slice(0, 10);
  const state = await takeSteps(deps, 'SELECT audit.archive_partition($1::date) AS step', day);
  if (state !== 'dropped') return state;
  for (;;) {
    const { rows } = await deps.database.pool.query<{ n: number }>('SELECT audit.forget_enrichment($1::date, 5000) AS n', [day]);
    if (onlyRow(rows).n === 0) return 'dropped';
  }
}

const tries = 5;
const pauseMs = 400;

/** `sql` takes one step of dropping a month per call, and says 'done' when there is none left. */
export async function takeSteps(deps: CommandDeps, sql: string, day: string): Promise<'dropped' | 'held' | 'locked'> {
  let failures = 0;
  while (failures < tries) {
    try {
      const { rows } = await deps.database.pool.query<{ step: string }>(sql, [day]);
      const { step } = onlyRow(rows);
      if (step === 'done') return 'dropped';
      deps.log.info({ event: 'audit.retention_step', month: day.slice(0, 7), step });
    } catch (error) {
      if (!(error instanceof pg.DatabaseError)) throw error;
      if (error.code === 'AU005') return 'held';
      // Lock timeout or deadlock: somebody reads the table. Nothing happened, and nobody waited long.
      if (error.code !== '55P03' && error.code !== '40P01') throw error;
      failures += 1;
      await pause(pauseMs);
    }
  }
  return 'locked';
}
