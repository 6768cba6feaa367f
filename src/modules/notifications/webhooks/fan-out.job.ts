import { z } from 'zod';
import type { CommandDeps } from '../../../foundation/command/command.ts';
import { defineJob, type EventSubscription } from '../../../foundation/jobs/job.ts';
import { outboxEventSchema } from '../../../foundation/outbox/outbox-event.ts';
import { sendWebhookJob } from './send-webhook.job.ts';
import { webhookEvents, webhookTested } from './webhook-events.ts';

const payload = z.object({ event: outboxEventSchema(z.looseObject({ endpointId: z.uuid().optional() })) });
type Event = z.infer<typeof payload>['event'];

/**
 * Notes for each active endpoint that asked for an event that it is to be called, and has the calls made. Repeating is harmless: one
 * row for an event and endpoint, and a call that was made is not made again.
 */
export const fanOutWebhooksJob = defineJob({
  queue: 'notifications.fan-out-webhooks',
  payload,
  async handle({ event }, deps, run) {
    const endpointIds = await receiversOf(deps, event);
    if (endpointIds.length === 0) return;
    const { prisma } = deps.database;
    const now = deps.clock.now();
    const rows = endpointIds.map((endpointId) => ({
      endpointId,
      eventId: event.eventId,
      eventName: event.name,
      createdAt: now,
      nextAt: now,
    }));
    await prisma.webhookAttempt.createMany({ data: rows, skipDuplicates: true });
    const waiting = await prisma.webhookAttempt.findMany({
      where: { eventId: event.eventId, status: 'queued', attempts: 0 },
      select: { id: true },
    });
    // A crash before this leaves them due: the tick of the waiting calls finds them.
    for (const { id } of waiting) await run.send(sendWebhookJob.queue, { attemptId: id });
  },
});

async function receiversOf({ database }: CommandDeps, { name, payload: { endpointId } }: Event): Promise<string[]> {
  const wanted = name === webhookTested ? { id: endpointId ?? '' } : { events: { has: name } };
  if (name === webhookTested && !endpointId) return [];
  const found = await database.prisma.webhookEndpoint.findMany({ where: { isActive: true, ...wanted }, select: { id: true } });
  return found.map(({ id }) => id);
}

export const fanOutWebhooksSubscription: EventSubscription = {
  queue: fanOutWebhooksJob.queue,
  events: [...webhookEvents, webhookTested],
};
