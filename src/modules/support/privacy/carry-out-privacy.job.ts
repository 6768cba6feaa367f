import { z } from 'zod';
import { runCommand } from '../../../foundation/command/run-command.ts';
import { defineJob, type EventSubscription } from '../../../foundation/jobs/job.ts';
import { outboxEventSchema } from '../../../foundation/outbox/outbox-event.ts';
import { carryOutPrivacy } from './carry-out-privacy.ts';

/** Carries out an approved restriction or objection, and opens a rectification. Repeating is harmless: see carryOutPrivacy(). */
export const carryOutPrivacyJob = defineJob({
  queue: 'support.carry-out-privacy',
  payload: z.object({ event: outboxEventSchema(z.object({ requestId: z.uuid(), kind: z.string() })) }),
  async handle({ event: { payload } }, deps) {
    if (payload.kind === 'export' || payload.kind === 'erase') return;
    await runCommand(deps, carryOutPrivacy, { input: { id: payload.requestId } });
  },
});

export const carryOutPrivacySubscription: EventSubscription = { queue: carryOutPrivacyJob.queue, events: ['support.privacy.approved'] };
