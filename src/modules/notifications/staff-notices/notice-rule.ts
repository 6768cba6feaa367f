import { z } from 'zod';
import type { CommandDeps } from '../../../foundation/command/command.ts';
import type { EventOf } from '../../../foundation/outbox/outbox-event.ts';
import type { NoticeKind } from './notice-kinds.ts';

/** One notice to several members of staff. The title names no customer: it also stands in mails. */
export type PlannedNotice = {
  kind: NoticeKind;
  title: string;
  /** Where it leads: a record by resource and id, or a page as `pages` and its id. */
  resource: string;
  recordId: string;
  to: readonly string[];
  /** Nobody is told the same words about the same record twice within so many seconds; for alarms that repeat until they are gone. */
  quietSeconds?: number;
};

type Plan<Payload> = (event: EventOf<Payload>, deps: CommandDeps) => Promise<readonly PlannedNotice[]> | readonly PlannedNotice[];

/** What the inbox says to one kind of event. */
export type NoticeRule = (event: EventOf<unknown>, deps: CommandDeps) => Promise<readonly PlannedNotice[]>;

/**
 * A line of the table: the payload that the rule reads, and what it makes of it. A payload without the ids it needs calls for no notice:
 * an older event must not keep the queue busy.
 */
export function noticeRule<Payload>(payload: z.ZodType<Payload>, plan: Plan<Payload>): NoticeRule {
  return async (event, deps) => {
    const parsed = payload.safeParse(event.payload);
    return parsed.success ? plan({ ...event, payload: parsed.data }, deps) : [];
  };
}

/** `account_access` -> `account access`. */
export const inWords = (code: string): string => code.replaceAll('_', ' ');

export const optionalId = z.uuid().nullish();
