import { z } from 'zod';
import { defineJob, type EventSubscription } from '../../../foundation/jobs/job.ts';
import { removeDueBytes, sweepFiles } from './sweep-files.ts';

/** Twice an hour; repeating it is harmless: what is gone is not found again. */
export const sweepFilesJob = defineJob({
  queue: 'identity.sweep-files',
  payload: z.object({}),
  policy: 'exclusive',
  schedule: '7,37 * * * *',
  handle: (_payload, deps) => sweepFiles(deps),
});

/** As soon as a file is deleted or a person erased; repeating it is harmless for the same reason. */
export const removeFilesJob = defineJob({
  queue: 'identity.remove-files',
  payload: z.object({}),
  handle: async (_payload, deps) => void (await removeDueBytes(deps)),
});

export const removeFilesSubscription: EventSubscription = {
  queue: removeFilesJob.queue,
  events: ['identity.file.deleted', 'identity.user.erased'],
};
