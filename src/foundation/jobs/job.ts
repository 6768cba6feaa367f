import type { z } from 'zod';
import type { CommandDeps } from '../command/command.ts';

/** The attempt that is running. */
export type JobRun = {
  /** pg-boss job id; for outbox events it equals the event id. */
  id: string;
  /** 0 for the first attempt. */
  attempt: number;
  /** True when a failure now sends the job to its dead-letter queue. */
  isLastAttempt: boolean;
  /** Aborted when the worker stops or the job's claim is lost. */
  signal: AbortSignal;
  /** Sends a job, outside any transaction. A queue of policy `exclusive` ignores it while one waits or runs. */
  send(queue: string, payload: object): Promise<void>;
};

/** A queue with its handler. Delivered at least once: the handler says in its docstring how repeating it is harmless. */
export type JobDefinition<Payload = never> = {
  /** owner.verb, for example `notifications.deliver`. */
  queue: string;
  /** Ids, codes and times only. A payload that does not parse goes to the dead letter at once. */
  payload: z.ZodType<Payload>;
  handle(payload: Payload, deps: CommandDeps, run: JobRun): Promise<void>;
  /** pg-boss queue policy; `standard` unless the job is a tick. Fixed when the queue is made. */
  policy?: 'standard' | 'exclusive';
  /** Attempts after the first; 5 unless said otherwise. */
  retryLimit?: number;
  /** First wait before a retry, doubled each time; 1 unless said otherwise. */
  retryDelaySeconds?: number;
  /** Jobs of this queue that are fetched and handled together; 4 unless said otherwise, 1 for `exclusive`. */
  batchSize?: number;
  /** Batches that one worker process handles side by side; 1 unless a job may wait for others' servers. */
  lanes?: number;
  /** Cron expression in UTC (minute precision) for scheduled jobs; the payload is then `{}`. */
  schedule?: string;
  /** Also sent when a worker starts, with the payload `{}`: what must not wait for the next time of the schedule. */
  isSentAtStart?: boolean;
  /** For `exclusive` jobs that cannot wait for the next minute: each worker process asks for one this often, outside any transaction. */
  everySeconds?: number;
  /** As everySeconds, whenever somebody notifies this channel, at most once a second. A lost notification is harmless. */
  wakeOn?: string;
};

// biome-ignore lint/suspicious/noExplicitAny: a list of jobs holds every payload type at once.
export type AnyJobDefinition = JobDefinition<any>;

/** Keeps the type parameter of a job literal. */
export function defineJob<Payload>(job: JobDefinition<Payload>): JobDefinition<Payload> {
  return job;
}

/** Routes an outbox event to a job: the relay sends the event to `<queue>` with `{event}` as payload. */
export type EventSubscription = {
  /** Also the consumer name in platform.outbox_consumed. */
  queue: string;
  /** Event names; a trailing `*` matches any rest. */
  events: readonly string[];
};
