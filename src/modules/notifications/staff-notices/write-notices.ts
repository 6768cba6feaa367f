import type { CommandDeps } from '../../../foundation/command/command.ts';
import type { EventOf } from '../../../foundation/outbox/outbox-event.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import { queueDelivery } from '../queue-delivery.ts';
import { noticeHref } from './notice-href.ts';
import { isAlwaysTold } from './notice-kinds.ts';
import { channelsOf } from './notice-preference.queries.ts';
import type { PlannedNotice } from './notice-rule.ts';

type Writing = { queue: string; event: EventOf<unknown>; planned: PlannedNotice };

/**
 * Puts a notice into the inbox of each person and mails it where they, or the kind by itself, want that. Repeating is harmless: the
 * inbox has one row per person, event and kind, and a mail is consumed once per person and event.
 */
export async function writeNotices(deps: CommandDeps, { queue, event, planned }: Writing): Promise<void> {
  const { kind, title, resource, recordId } = planned;
  const to = await notQuiet(deps, event.eventId, planned);
  if (to.length === 0) return;
  const channels = await channelsOf(deps, kind, to);
  const inbox = to.filter((id) => isAlwaysTold(kind) || channels.get(id)?.inApp);
  const createdAt = deps.clock.now();
  await deps.database.prisma.staffNotice.createMany({
    data: inbox.map((staffUserId) => ({
      id: newId(),
      createdAt,
      staffUserId,
      eventId: event.eventId,
      kind,
      title: title.slice(0, 200),
      resource,
      recordId,
    })),
    skipDuplicates: true,
  });
  for (const userId of to.filter((id) => channels.get(id)?.email)) {
    const facts = { recipient: { userId }, title: title.slice(0, 200), path: noticeHref({ resource, recordId }) };
    await queueDelivery(deps, { consumer: `${queue}:${userId}`, event, planned: { template: 'staff_notice', facts } });
  }
}

/** Those who were not told the same a short while ago. What this very event told before a repetition does not count. */
async function notQuiet(deps: CommandDeps, eventId: string, planned: PlannedNotice): Promise<readonly string[]> {
  const { kind, title, resource, recordId, quietSeconds } = planned;
  const to = [...new Set(planned.to)];
  if (!quietSeconds || to.length === 0) return to;
  const told = await deps.database.prisma.staffNotice.findMany({
    where: {
      staffUserId: { in: to },
      kind,
      resource,
      recordId,
      title: title.slice(0, 200),
      createdAt: { gt: addSeconds(deps.clock.now(), -quietSeconds) },
      OR: [{ eventId: null }, { eventId: { not: eventId } }],
    },
    select: { staffUserId: true },
  });
  const quiet = new Set(told.map(({ staffUserId }) => staffUserId));
  return to.filter((id) => !quiet.has(id));
}
