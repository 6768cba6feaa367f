import { z } from 'zod';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { defineJob } from '../../foundation/jobs/job.ts';
import { digestTemplates } from './digest-counts.ts';
import { queueDelivery } from './queue-delivery.ts';

const queue = 'notifications.send-digests';
const perDigest = 50;
const perRun = 1_000;

type Held = { id: string; userId: string | null; eventId: string; createdAt: Date };

/**
 * Once an hour: one SMS for all that happened to somebody's products since the last (product.md section 9). Repeating is harmless: a
 * digest is consumed once per first message in it, and closes exactly those deliveries that it names.
 */
export const sendDigestsJob = defineJob({
  queue,
  payload: z.object({}),
  policy: 'exclusive',
  schedule: '0 * * * *',
  async handle(_payload, deps, { signal }) {
    const held = await deps.database.prisma.delivery.findMany({
      where: { status: 'queued', channel: 'sms', template: { in: [...digestTemplates] }, nextAttemptAt: { lte: deps.clock.now() } },
      orderBy: { id: 'asc' },
      take: perRun,
      select: { id: true, userId: true, eventId: true, createdAt: true },
    });
    for (const group of groupsOf(held)) {
      if (signal.aborted) return;
      await sendDigest(deps, group);
    }
  },
});

/** By person, in the order of time, so many at most. */
function groupsOf(held: readonly Held[]): readonly (readonly [Held, ...Held[]])[] {
  const groups: [Held, ...Held[]][] = [];
  const open = new Map<string, [Held, ...Held[]]>();
  for (const delivery of held) {
    const key = delivery.userId ?? delivery.id;
    const group = open.get(key);
    if (group && group.length < perDigest) group.push(delivery);
    else {
      const begun: [Held, ...Held[]] = [delivery];
      groups.push(begun);
      open.set(key, begun);
    }
  }
  return groups;
}

async function sendDigest(deps: CommandDeps, group: readonly [Held, ...Held[]]): Promise<void> {
  const [first] = group;
  const { userId } = first;
  const ids = group.map(({ id }) => id);
  const last = group.at(-1) ?? first;
  if (userId) {
    const event = {
      eventId: first.eventId,
      name: queue,
      aggregateId: null,
      actionId: null,
      occurredAt: last.createdAt.toISOString(),
      payload: null,
    };
    await queueDelivery(deps, {
      consumer: `${queue}:${userId}`,
      event,
      planned: { template: 'product_digest', facts: { recipient: { userId }, digestOf: ids } },
    });
  }
  const told = await namedIn(deps, first);
  await deps.database.prisma.delivery.updateMany({
    where: { id: { in: told ?? ids }, status: 'queued' },
    data: { status: 'suppressed', errorCode: 'in_digest', nextAttemptAt: null, version: { increment: 1 } },
  });
}

/** Of a repetition: what the digest that exists already names. Null when nobody is left to get one. */
async function namedIn({ database }: CommandDeps, { userId, eventId }: Held): Promise<string[] | null> {
  const digest = await database.prisma.delivery.findFirst({
    where: { userId, eventId, template: 'product_digest' },
    select: { variables: true },
  });
  const facts = z.object({ digestOf: z.array(z.uuid()) }).safeParse(digest?.variables);
  return facts.success ? facts.data.digestOf : null;
}
