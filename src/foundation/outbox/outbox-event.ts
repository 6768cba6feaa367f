import { z } from 'zod';
import type { OutboxEvent } from './append.ts';

/** What the relay sends as `event`: the envelope of every outbox event around a payload that the reader knows. */
export function outboxEventSchema<Payload>(payload: z.ZodType<Payload>) {
  return z.object({
    eventId: z.uuid(),
    name: z.string(),
    aggregateId: z.string().nullable(),
    actionId: z.string().nullable(),
    occurredAt: z.iso.datetime(),
    payload,
  });
}

/** An event whose payload has been read. */
export type EventOf<Payload> = Omit<OutboxEvent, 'payload'> & { payload: Payload };
