import { commandAction } from '../../admin/index.ts';
import { cancelJob, retryJob, retryJobs } from '../../foundation/jobs/change-jobs.ts';

const reasonCodes = ['error_correction', 'customer_request', 'policy', 'other'];
const shared = { placement: ['resource'], reasonCodes } as const;

/** What may be done with jobs; none of it changes what a job is about. */
export const queueActions = {
  retry: commandAction(retryJob, {
    ...shared,
    label: 'Retry',
    effect: 'Puts the job back on its queue, with the same payload',
    group: 'everyday',
    message: () => 'Asked for. The worker takes it up within seconds.',
  }),
  retryAll: commandAction(retryJobs, {
    ...shared,
    label: 'Retry all of these',
    effect: 'Puts them back on their queue, the oldest first, 500 at most',
    group: 'careful',
    message: (output) => {
      const count = countOf(output);
      return count === 1 ? 'Asked for. 1 job goes back on its queue.' : `Asked for. ${count} jobs go back on their queue.`;
    },
  }),
  cancel: commandAction(cancelJob, {
    ...shared,
    label: 'Drop job',
    effect: 'What it was for is not done',
    group: 'careful',
    message: () => 'Asked for. The job is dropped within seconds.',
  }),
} as const;

function countOf(output: unknown): number {
  const count: unknown = typeof output === 'object' && output !== null && 'count' in output ? output.count : 0;
  return typeof count === 'number' ? count : 0;
}
