import { z } from 'zod';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { type AnyJobDefinition, defineJob, type EventSubscription } from '../../foundation/jobs/job.ts';
import { type EventOf, outboxEventSchema } from '../../foundation/outbox/outbox-event.ts';
import type { DeliveryFacts } from './delivery-facts.ts';
import { queueDelivery } from './queue-delivery.ts';
import type { TemplateId } from './templates/variables.ts';

/** A message that an event calls for: who, which template, and the facts its words are written from. */
export type PlannedMessage = {
  template: TemplateId;
  facts: Omit<DeliveryFacts, 'occurredAt'>;
  /** No second message of this template to the same person within so many seconds; for things a stranger can repeat. */
  quietSeconds?: number;
};

/** Reacts to events with one message at most. */
export type Notice = { job: AnyJobDefinition; subscription: EventSubscription };

type NoticeOptions<Payload> = {
  /** `notifications.on-<event>`, the name of the file. */
  queue: string;
  events: readonly string[];
  payload: z.ZodType<Payload>;
  /** Null when this event calls for no message. */
  plan(event: EventOf<Payload>, deps: CommandDeps): Promise<PlannedMessage | null> | PlannedMessage | null;
};

/** The job of a notice. Repeating is harmless: queueDelivery() consumes an event once. */
export function defineNotice<Payload>(options: NoticeOptions<Payload>): Notice {
  const job = defineJob({
    queue: options.queue,
    payload: z.object({ event: outboxEventSchema(options.payload) }),
    async handle({ event }, deps) {
      const planned = await options.plan(event, deps);
      if (planned) await queueDelivery(deps, { consumer: options.queue, event, planned });
    },
  });
  return { job, subscription: { queue: options.queue, events: options.events } };
}
