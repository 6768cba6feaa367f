import { z } from 'zod';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { defineCommand } from '../../foundation/command/command.ts';
import { runCommand } from '../../foundation/command/run-command.ts';

const input = z.strictObject({ userId: z.uuid(), erasedAt: z.date() });

type Forgotten = { rows: Record<string, number>; records: string[] };

/**
 * Empties what messages tell of an erased person: recipient, key, words. Template, time and outcome stay, as proof that the person
 * was told. Messages from before the account are found by the same recipient; those of somebody who registered with it since are
 * left alone. Waiting ones are no longer sent. Repeating it finds nothing more.
 */
export const forgetMessages = defineCommand<z.infer<typeof input>, Forgotten>({
  name: 'forget-messages',
  resource: 'delivery',
  access: 'system',
  input,
  isIdempotent: false,
  async run({ tx, note }, { userId, erasedAt }) {
    const own = await tx.delivery.findMany({ where: { userId }, select: { id: true, recipientBidx: true } });
    const recipients = own.flatMap(({ recipientBidx }) => (recipientBidx ? [recipientBidx] : []));
    const before = await tx.delivery.findMany({
      where: { userId: null, recipientBidx: { in: recipients }, createdAt: { lte: erasedAt } },
      select: { id: true },
    });
    const ids = [...own, ...before].map(({ id }) => id);
    const captured = await tx.devMessage.deleteMany({ where: { deliveryId: { in: ids } } });
    await tx.delivery.updateMany({ where: { id: { in: ids }, status: 'queued' }, data: { status: 'suppressed', nextAttemptAt: null } });
    const notices = await tx.staffNotice.deleteMany({ where: { OR: [{ recordId: userId }, { staffUserId: userId }] } });
    const preferences = await tx.noticePreference.deleteMany({ where: { staffUserId: userId } });
    const emptied = await tx.delivery.updateMany({
      where: { id: { in: ids }, OR: [{ recipientMasked: { not: null } }, { recipientEnc: { not: null } }, { subject: { not: null } }] },
      data: {
        recipientEnc: null,
        wrappedRowKey: null,
        kekKid: null,
        recipientBidx: null,
        recipientMasked: null,
        subject: null,
        variables: {},
        providerRef: null,
        version: { increment: 1 },
      },
    });
    note(`${emptied.count} messages of an erased person`);
    return {
      rows: {
        'notifications.delivery': emptied.count,
        'notifications.dev_message': captured.count,
        'notifications.staff_notice': notices.count,
        'notifications.notice_preference': preferences.count,
      },
      records: before.map(({ id }) => `notifications.delivery:${id}`),
    };
  },
});

/** The same for the erasing job. */
export async function forgetMessagesOf(deps: CommandDeps, person: { userId: string; erasedAt: Date }): Promise<Forgotten> {
  const { userId, erasedAt } = person;
  return (await runCommand(deps, forgetMessages, { input: { userId, erasedAt } })).output;
}
