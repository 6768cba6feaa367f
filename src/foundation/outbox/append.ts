import type { Tx } from '../runtime/database.ts';
import { newId } from '../runtime/new-id.ts';

/** Payload values are ids, codes and times; never contacts, names, codes or tokens (product.md section 8). */
export type EventPayload = Record<string, string | number | boolean | null | readonly string[]>;

/** An event as stored in platform.outbox_event and handed to consumers. */
export type OutboxEvent = {
  /** Also the idempotency key of every consumer. */
  eventId: string;
  /** noun.past with its owner, for example `identity.user.registered`. */
  name: string;
  aggregateId: string | null;
  actionId: string | null;
  occurredAt: string;
  payload: EventPayload;
};

export type NewEvent = { name: string; aggregateId: string | null; payload: EventPayload };

/** Writes events in the transaction of their change; the relay hands them to pg-boss after the commit. */
export async function appendEvents(
  tx: Tx,
  events: readonly NewEvent[],
  meta: { actionId: string | null; actorType: string; at: Date },
): Promise<void> {
  if (events.length === 0) return;
  await tx.outboxEvent.createMany({
    data: events.map((event) => {
      const id = newId();
      return {
        id,
        name: event.name,
        aggregateId: event.aggregateId,
        actionId: meta.actionId,
        occurredAt: meta.at,
        payload: { ...event.payload, eventId: id, occurredAt: meta.at.toISOString(), actionId: meta.actionId, actorType: meta.actorType },
      };
    }),
  });
}
