import type { Tx } from '../runtime/database.ts';

/**
 * Marks an event as consumed in the transaction of its effect. @returns false when this consumer had it before: then write
 * nothing. Closes the race of two deliveries of one event: the second waits for the first and then sees its row.
 */
export async function consumeOnce(tx: Tx, consumer: string, eventId: string): Promise<boolean> {
  const { count } = await tx.outboxConsumed.createMany({ data: [{ consumer, eventId }], skipDuplicates: true });
  return count === 1;
}
