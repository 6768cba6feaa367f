import { z } from 'zod';
import { type CommandScope, defineCommand } from '../command/command.ts';
import { fail } from '../errors/app-error.ts';
import { cancelRequested } from './cancel-jobs.job.ts';
import { deadLetterQueueOf } from './queue-plan.ts';
import { redriveRequested } from './redrive-job.ts';

/** So many at once: the next handful is the next click. */
export const mostAtOnce = 500;

const queue = z
  .string()
  .max(100)
  .regex(/^[a-z][a-z0-9-]*\.[a-z0-9.-]+$/);
const one = z.strictObject({ queue, jobId: z.uuid() });
const many = z.strictObject({
  queue,
  /** Only those with this very error; without it all of the queue. */
  error: z.string().max(20_000).optional(),
});

type Ids = readonly string[];
export type JobsChanged = { count: number };

/**
 * Puts one dead letter back on its queue, as a new job with the same payload. The web process may only read the queues, so the wish
 * travels by the outbox to the worker; of two who ask, the second finds nothing left to move.
 * @throws AppError 403 `forbidden`, 404 `not_found` when it does not wait there any more
 */
export const retryJob = defineCommand<z.infer<typeof one>, JobsChanged, undefined, Ids>({
  name: 'retry-job',
  resource: 'queue',
  access: 'queue.retry',
  input: one,
  isIdempotent: true,
  load: async (scope, input) => found(await deadLetters(scope, input)),
  preview: async (_scope, input) => [`Puts the job back on ${input.queue}. It runs within seconds, with the same payload.`],
  run: (scope, input, ids) => ask(scope, { name: redriveRequested, queue: input.queue, ids, verb: 'retry' }),
});

/**
 * The same for all dead letters of a queue, or those of one error: the oldest 500 at most.
 * @throws AppError 403 `forbidden`, 404 `not_found` when none waits
 */
export const retryJobs = defineCommand<z.infer<typeof many>, JobsChanged, undefined, Ids>({
  name: 'retry-jobs',
  resource: 'queue',
  access: 'queue.retry',
  input: many,
  isIdempotent: true,
  load: async (scope, input) => found(await deadLetters(scope, input)),
  preview: async (_scope, input, ids) => [
    `Puts ${counted(ids.length)} back on ${input.queue}. They run within seconds, with the same payloads.`,
  ],
  run: (scope, input, ids) => ask(scope, { name: redriveRequested, queue: input.queue, ids, verb: 'retry' }),
});

/**
 * Drops one job for good: one that waits, or a dead letter that nobody needs. One that began meanwhile finishes what it does.
 * @throws AppError 403 `forbidden`, 404 `not_found` when it does not wait any more
 */
export const cancelJob = defineCommand<z.infer<typeof one>, JobsChanged, undefined, { ids: Ids; isDead: boolean }>({
  name: 'cancel-job',
  resource: 'queue',
  access: 'queue.retry',
  input: one,
  isIdempotent: true,
  async load(scope, input) {
    const dead = await deadLetters(scope, input);
    return dead.length > 0 ? { ids: dead, isDead: true } : { ids: found(await waiting(scope, input)), isDead: false };
  },
  preview: async (_scope, input, { isDead }) => [
    isDead
      ? 'The dead letter is dropped: what it was for is not done.'
      : `The job of ${input.queue} is dropped before it ran: what it was for is not done.`,
  ],
  run: (scope, input, { ids, isDead }) =>
    ask(scope, { name: cancelRequested, queue: isDead ? deadLetterQueueOf(input.queue) : input.queue, ids, verb: 'cancel' }),
});

async function ask(scope: CommandScope, wish: { name: string; queue: string; ids: Ids; verb: string }): Promise<JobsChanged> {
  scope.touched(...wish.ids);
  scope.note(`${wish.verb} ${counted(wish.ids.length)} of ${wish.queue}`);
  scope.emit({ name: wish.name, aggregateId: null, payload: { queue: wish.queue, jobIds: wish.ids } });
  return { count: wish.ids.length };
}

function found(ids: Ids): Ids {
  return ids.length === 0 ? fail('not_found') : ids;
}

type Wanted = { queue: string; jobId?: string; error?: string | undefined };

async function deadLetters({ tx }: CommandScope, { queue: name, jobId, error }: Wanted): Promise<Ids> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM pgboss.job_common
     WHERE name = ${deadLetterQueueOf(name)} AND state = 'created' AND (${jobId ?? null}::uuid IS NULL OR id = ${jobId ?? null}::uuid)
       AND (${error ?? null}::text IS NULL OR source_output #>> '{error,message}' = ${error ?? null}::text)
     ORDER BY created_on, id LIMIT ${mostAtOnce}`;
  return rows.map(({ id }) => id);
}

async function waiting({ tx }: CommandScope, { queue: name, jobId }: z.infer<typeof one>): Promise<Ids> {
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT id FROM pgboss.job WHERE name = ${name} AND state IN ('created', 'retry') AND id = ${jobId}::uuid`;
  return rows.map(({ id }) => id);
}

const counted = (count: number) => (count === 1 ? '1 job' : `${count} jobs`);
