import type { JobResult, JobWithMetadata } from 'pg-boss';
import type { z } from 'zod';
import type { CommandDeps } from '../command/command.ts';
import { redact } from '../runtime/redact.ts';
import { runInContext, systemContext } from '../runtime/request-context.ts';
import type { AnyJobDefinition, JobRun } from './job.ts';

/**
 * Runs one attempt in a system context of its own and says how it ended; never throws.
 * What pg-boss stores of a failure is redacted like a log line: provider errors like to quote the recipient.
 */
export function runJob(definition: AnyJobDefinition, job: JobWithMetadata, deps: CommandDeps, send: JobRun['send']): Promise<JobResult> {
  return runInContext(systemContext(definition.queue, 'worker'), () => attempt(definition, job, deps, send));
}

async function attempt(definition: AnyJobDefinition, job: JobWithMetadata, deps: CommandDeps, send: JobRun['send']): Promise<JobResult> {
  const parsed = definition.payload.safeParse(job.data ?? {});
  if (!parsed.success) return unparsable(definition, job, deps, parsed.error);
  const run: JobRun = { id: job.id, attempt: job.retryCount, isLastAttempt: job.retryCount >= job.retryLimit, signal: job.signal, send };
  try {
    await definition.handle(parsed.data, deps, run);
    return { id: job.id, status: 'completed' };
  } catch (error) {
    const level = run.isLastAttempt ? 'error' : 'warn';
    deps.log[level]({
      event: 'job.failed',
      queue: definition.queue,
      jobId: job.id,
      attempt: run.attempt,
      isLastAttempt: run.isLastAttempt,
      error,
    });
    return { id: job.id, status: 'failed', output: { error: redact('error', error) } };
  }
}

/** Another attempt would read the same bytes: straight to the dead letter, naming the fields and not their values. */
function unparsable(definition: AnyJobDefinition, job: JobWithMetadata, deps: CommandDeps, error: z.ZodError): JobResult {
  const fields = error.issues.map((issue) => `${issue.path.map(String).join('.') || '(whole)'}: ${issue.code}`);
  deps.log.error({ event: 'job.unparsable', queue: definition.queue, jobId: job.id, fields });
  return {
    id: job.id,
    status: 'deadletter',
    output: { error: { type: 'UnparsablePayload', message: 'The payload does not fit the job', fields } },
  };
}
