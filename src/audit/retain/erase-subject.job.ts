import pg from 'pg';
import { z } from 'zod';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { defineJob, type EventSubscription, type JobDefinition } from '../../foundation/jobs/job.ts';
import { outboxEventSchema } from '../../foundation/outbox/outbox-event.ts';
import { registerErasure } from './erasure-register.ts';
import { onlyRow } from './only-row.ts';

/** An erased person, for owners of data that the erasing command could not reach. */
export type ErasedPerson = {
  userId: string;
  erasedAt: Date;
  /** Own and aimed-at actions of the last 100 days, and their requests: what short-lived records are found by. */
  actionIds: readonly string[];
  requestIds: readonly string[];
};

/** `rows`: what was deleted or emptied, by `schema.table`. `records`: `schema.table:id` of rows whose events name no subject. */
export type Forgotten = { rows: Readonly<Record<string, number>>; records: readonly string[] };

/** Deletes or empties what one owner holds about an erased person. Repeating it finds nothing more. */
export type Forgetter = (deps: CommandDeps, person: ErasedPerson) => Promise<Forgotten>;

const payload = z.object({ event: outboxEventSchema(z.object({ userId: z.uuid() })) });
const queue = 'audit.erase-subject';
const batchSize = 2_000;

export const eraseSubjectSubscription: EventSubscription = { queue, events: ['identity.user.erased'] };

/**
 * Finishes erasures: first every other owner's rows, since each change leaves the old values in the history, then the history in
 * batches, then its sealed control row. Resumes where a stopped worker was; on a finished erasure it does nothing.
 */
export function eraseSubjectJob(forgetters: readonly Forgetter[]): JobDefinition<z.infer<typeof payload>> {
  return defineJob({
    queue,
    payload,
    batchSize: 1,
    retryLimit: 20,
    retryDelaySeconds: 5,
    handle: (_payload, deps, run) => finishErasures(deps, forgetters, run.signal),
  });
}

/**
 * All erasures that are begun and not finished, oldest first. One that a legal hold stops waits for the next run; one that fails does
 * not keep the others from theirs.
 * @throws AggregateError of what failed
 */
export async function finishErasures(deps: CommandDeps, forgetters: readonly Forgetter[], signal?: AbortSignal): Promise<void> {
  const open = await deps.database.prisma.auditErasureRun.findMany({
    where: { finishedAt: null },
    orderBy: { startedAt: 'asc' },
    select: { subjectId: true, startedAt: true },
  });
  const failures: unknown[] = [];
  for (const { subjectId, startedAt } of open) {
    if (signal?.aborted) break;
    try {
      await registerErasure(deps, { subjectId, at: startedAt });
      await forgetElsewhere(deps, forgetters, { userId: subjectId, erasedAt: startedAt });
      await eraseHistory(deps, subjectId, signal);
    } catch (error) {
      if (error instanceof pg.DatabaseError && error.code === 'AU005') {
        deps.log.warn({ event: 'audit.erasure_held', subjectId }, 'a legal hold was placed since: see the list of holds');
      } else failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} erasure(s) failed: ${failures.map(String).join('; ')}`);
}

async function forgetElsewhere(
  deps: CommandDeps,
  forgetters: readonly Forgetter[],
  who: Pick<ErasedPerson, 'userId' | 'erasedAt'>,
): Promise<void> {
  const person = { ...who, ...(await recentActions(deps, who.userId)) };
  for (const forget of forgetters) {
    const { rows, records } = await forget(deps, person);
    await deps.database.pool.query('SELECT audit.note_erasure($1, $2::jsonb, $3)', [who.userId, JSON.stringify(rows), records]);
  }
}

async function recentActions(deps: CommandDeps, userId: string): Promise<Pick<ErasedPerson, 'actionIds' | 'requestIds'>> {
  const { rows } = await deps.database.pool.query<{ id: string; requestId: string }>(
    `SELECT a.id, a.request_id AS "requestId" FROM audit.action AS a
      WHERE a.occurred_at > now() - interval '100 days'
        AND (a.actor_id = $1 OR a.record_ids @> ARRAY[$1::text]
          OR a.id IN (SELECT e.action_id FROM audit.event AS e WHERE e.subject_id = $1 AND e.occurred_at > now() - interval '100 days'))
        AND a.actor_type <> 'staff'`,
    [userId],
  );
  return { actionIds: rows.map((row) => row.id), requestIds: [...new Set(rows.map((row) => row.requestId))] };
}

const progress = z.object({ isDone: z.boolean(), phase: z.int(), value: z.int(), snapshot: z.int(), search: z.int(), enrichment: z.int() });

async function eraseHistory(deps: CommandDeps, subjectId: string, signal: AbortSignal | undefined): Promise<void> {
  for (;;) {
    if (signal?.aborted) return;
    const { rows } = await deps.database.pool.query<{ at: unknown }>('SELECT audit.erase_subject($1, $2) AS at', [subjectId, batchSize]);
    const { isDone, ...at } = progress.parse(onlyRow(rows).at);
    deps.log.info({ event: isDone ? 'audit.erased' : 'audit.erasing', subjectId, ...at });
    if (!isDone) continue;
    // A file that waits to be fetched was made before, and may hold what is gone now.
    await deps.database.pool.query('SELECT audit.forget_exports($1, true)', [deps.clock.now()]);
    return;
  }
}
