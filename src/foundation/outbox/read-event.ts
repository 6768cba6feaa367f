import type { Tx } from '../runtime/database.ts';
import type { EventPayload } from './append.ts';

/** A database or, within a command, its transaction. */
type Reader = Pick<Tx, 'outboxEvent'>;

/** A committed event, for who sends it on later; events are kept for 30 days. Null when it is forgotten. */
export async function readEvent(on: Reader, id: string): Promise<{ name: string; occurredAt: Date; payload: EventPayload } | null> {
  const row = await on.outboxEvent.findUnique({ where: { id }, select: { name: true, occurredAt: true, payload: true } });
  return row && { name: row.name, occurredAt: row.occurredAt, payload: row.payload as EventPayload };
}

/** Whether an event is still kept. */
export async function hasEvent(on: Reader, id: string): Promise<boolean> {
  return (await on.outboxEvent.count({ where: { id } })) === 1;
}
