import type { CommandDeps } from '../../foundation/command/command.ts';
import type { TemplateId } from './templates/variables.ts';

/** A line of the delivery log; the recipient masked, never the words of the message. */
export type DeliveryLine = {
  id: string;
  template: string;
  channel: 'email' | 'sms';
  recipientMasked: string | null;
  status: 'queued' | 'sent' | 'delivered' | 'failed' | 'bounced' | 'suppressed';
  attempts: number;
  provider: string | null;
  errorCode: string | null;
  createdAt: Date;
  sentAt: Date | null;
};

/** Newest first, 200 at most (F98). `before` is the id of the last line of the page before. */
export async function listDeliveries(
  deps: Pick<CommandDeps, 'database'>,
  userId: string,
  page: { limit?: number; before?: string } = {},
): Promise<DeliveryLine[]> {
  return deps.database.prisma.delivery.findMany({
    where: { userId, ...(page.before ? { id: { lt: page.before } } : {}) },
    orderBy: { id: 'desc' },
    take: Math.min(page.limit ?? 50, 200),
    select: {
      id: true,
      template: true,
      channel: true,
      recipientMasked: true,
      status: true,
      attempts: true,
      provider: true,
      errorCode: true,
      createdAt: true,
      sentAt: true,
    },
  });
}

/** Whether a message of this kind to this person left, or could not be delivered for good. False while there is none, or it waits. */
export async function wasTold(
  deps: Pick<CommandDeps, 'database'>,
  { userId, template }: { userId: string; template: TemplateId },
): Promise<boolean> {
  const rows = await deps.database.prisma.delivery.findMany({ where: { userId, template }, select: { status: true } });
  return rows.length > 0 && rows.every(({ status }) => status !== 'queued');
}
