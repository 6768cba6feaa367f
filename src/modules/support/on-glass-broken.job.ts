import { z } from 'zod';
import { runCommand } from '../../foundation/command/run-command.ts';
import { defineJob } from '../../foundation/jobs/job.ts';
import { outboxEventSchema } from '../../foundation/outbox/outbox-event.ts';
import { openTicketCommand } from './open-ticket.ts';

const payload = z.object({ userId: z.uuid(), role: z.string().max(60), grantId: z.uuid(), grantedBy: z.uuid() });

/**
 * Opens the ticket of the review that follows an emergency grant (product.md F115), under the id of the grant. Repeating is harmless:
 * the ticket of that id is found and left as it is.
 */
export const onGlassBroken = defineJob({
  queue: 'support.on-glass-broken',
  payload: z.object({ event: outboxEventSchema(payload) }),
  async handle({ event: { payload: broken } }, deps) {
    await runCommand(deps, openTicketCommand, {
      input: {
        id: broken.grantId,
        category: 'general',
        priority: 'high',
        title: `Review emergency access: the role ${broken.role.replaceAll('_', ' ')} was given for 60 minutes`,
        subjectUserId: broken.userId,
        submitterUserId: broken.grantedBy,
        tags: ['break_glass'],
      },
    });
  },
});

export const glassBrokenSubscription = { queue: onGlassBroken.queue, events: ['identity.grant.broke_glass'] };
