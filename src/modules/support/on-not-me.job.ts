import { z } from 'zod';
import { runCommand } from '../../foundation/command/run-command.ts';
import { defineJob } from '../../foundation/jobs/job.ts';
import { outboxEventSchema } from '../../foundation/outbox/outbox-event.ts';
import { openTicketCommand } from './open-ticket.ts';

const payload = z.object({ userId: z.uuid(), sessionId: z.uuid().nullable(), caseId: z.uuid() });

/**
 * Opens the urgent case of a "this was not me" report, under the id that the person was told. Repeating is harmless: the ticket of
 * that id is found and left as it is.
 */
export const onNotMe = defineJob({
  queue: 'support.on-not-me',
  payload: z.object({ event: outboxEventSchema(payload) }),
  async handle({ event: { payload: report } }, deps) {
    const title = report.sessionId
      ? 'The owner did not recognise a sign-in: session ended, password switched off'
      : 'The owner did not recognise a change: sessions ended, password switched off';
    await runCommand(deps, openTicketCommand, {
      input: {
        id: report.caseId,
        category: 'account_access',
        priority: 'urgent',
        title,
        subjectUserId: report.userId,
        submitterUserId: report.userId,
        tags: ['not_me'],
      },
    });
  },
});

export const notMeSubscription = { queue: onNotMe.queue, events: ['identity.not_me.reported'] };
