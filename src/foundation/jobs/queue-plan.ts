import type { AnyJobDefinition } from './job.ts';

/** The schema that pg-boss owns. */
export const queueSchema = 'pgboss';

/** What the migration step needs to know of a queue; made from the job definition, free of its handler. */
export type QueuePlan = {
  queue: string;
  policy: 'standard' | 'exclusive';
  retryLimit: number;
  retryDelaySeconds: number;
};

/**
 * A worker that dies without a word is noticed when it misses its heartbeat (10 s is the least pg-boss allows);
 * the watch then hands its jobs to another worker.
 */
export const heartbeatSeconds = 10;

const longestRetryWaitSeconds = 300;
const keepFinishedSeconds = 24 * 3600;
/** Ticks may come each second and leave nothing to read. */
const keepTicksSeconds = 3600;
const keepDeadLettersSeconds = 90 * 24 * 3600;

export function queuePlanOf(job: AnyJobDefinition): QueuePlan {
  return {
    queue: job.queue,
    policy: job.policy ?? 'standard',
    retryLimit: job.retryLimit ?? 5,
    retryDelaySeconds: job.retryDelaySeconds ?? 1,
  };
}

/** Where a job of `queue` ends after its last failed attempt. */
export function deadLetterQueueOf(queue: string): string {
  return `${queue}.dead`;
}

/** The queue whose dead letters `deadLetterQueue` holds; any other queue is its own. */
export function sourceQueueOf(deadLetterQueue: string): string {
  return deadLetterQueue.replace(/\.dead$/, '');
}

/** The settings that may change after a queue was made. */
export function mutableOptions(plan: QueuePlan) {
  return {
    retryLimit: plan.retryLimit,
    retryDelay: plan.retryDelaySeconds,
    retryBackoff: true,
    retryDelayMax: longestRetryWaitSeconds,
    expireInSeconds: 900,
    heartbeatSeconds,
    deleteAfterSeconds: plan.policy === 'exclusive' ? keepTicksSeconds : keepFinishedSeconds,
    deadLetter: deadLetterQueueOf(plan.queue),
    notify: true,
  };
}

/** Dead letters wait for a person: no retries, kept for 90 days. */
export const deadLetterOptions = { retryLimit: 0, retentionSeconds: keepDeadLettersSeconds, deleteAfterSeconds: keepDeadLettersSeconds };

/** pg-boss's own tables, for the pages that only look. Each queue is a partition of the first; dead letters lie in the common one. */
export const jobsTable = `${queueSchema}.job`;
export const deadLettersTable = `${queueSchema}.job_common`;
export const queuesTable = `${queueSchema}.queue`;
