import type { CommandDeps } from '../../foundation/command/command.ts';
import type { JobRun } from '../../foundation/jobs/job.ts';
import { appendEvents } from '../../foundation/outbox/append.ts';
import { nudgeOutbox } from '../../foundation/outbox/nudge.ts';
import { actorTypeOf } from '../../foundation/runtime/actor.ts';
import type { Tx } from '../../foundation/runtime/database.ts';
import { requireContext } from '../../foundation/runtime/request-context.ts';
import { type Recipient, recipientOf } from '../identity/index.ts';
import { type ComposedMessage, composeMessage } from './compose-message.ts';
import { deliveryFacts } from './delivery-facts.ts';
import { chooseDriver } from './drivers/choose-driver.ts';
import { inboxKey, sealDevMessage } from './drivers/dev-message.ts';
import { type MessageSender, SendError } from './drivers/message-sender.ts';
import { deliveryFailed } from './events.ts';
import { renderMail } from './render-mail.ts';
import { isTemplateId } from './templates/catalogue.ts';

type Delivery = NonNullable<Awaited<ReturnType<Tx['delivery']['findUnique']>>>;
type Sendable = { delivery: Delivery; recipient: Recipient; message: ComposedMessage };

/**
 * Sends one delivery. Repeating is harmless: a sent one is left alone; the capture driver stores the message in the
 * transaction that marks it sent; real providers get the event id as idempotency key.
 * @throws SendError when another attempt makes sense
 */
export async function deliverMessage(deps: CommandDeps, deliveryId: string, run: JobRun): Promise<void> {
  const delivery = await deps.database.prisma.delivery.findUnique({ where: { id: deliveryId } });
  if (!delivery || (delivery.status !== 'queued' && delivery.status !== 'failed')) return;
  const prepared = await prepare(deps, delivery);
  if (typeof prepared === 'string') return suppress(deps, delivery, prepared);
  const driver = chooseDriver(deps.config, prepared.recipient.channel, prepared.recipient.address);
  switch (driver.kind) {
    case 'capture':
      return capture(deps, prepared);
    case 'refuse':
      return suppress(deps, delivery, 'reserved_address');
    case 'send':
      return send(deps, prepared, driver.sender, run);
    default:
      return driver satisfies never;
  }
}

/** The person and the words of now, or why there is nothing to send any more. */
async function prepare(deps: CommandDeps, delivery: Delivery): Promise<Sendable | 'recipient_gone' | 'outdated' | 'facts_unreadable'> {
  const facts = deliveryFacts.safeParse(delivery.variables);
  if (!facts.success || !isTemplateId(delivery.template)) return 'facts_unreadable';
  const recipient = await recipientOf(deps, facts.data.recipient);
  // A row promises one channel; a contact that changed its kind since gets its own notices.
  if (!recipient || recipient.channel !== delivery.channel) return 'recipient_gone';
  const message = await composeMessage(delivery.template, { deps, recipient, facts: facts.data });
  return message ? { delivery, recipient, message } : 'outdated';
}

async function capture(deps: CommandDeps, { delivery, recipient, message }: Sendable): Promise<void> {
  const now = deps.clock.now();
  const mail = recipient.channel === 'email' ? renderMail(message) : null;
  const sealed = sealDevMessage(deps.keyring, {
    channel: recipient.channel,
    to: recipient.address,
    template: delivery.template,
    subject: mail?.subject ?? null,
    text: mail?.text ?? message.sms,
    html: mail?.html ?? null,
    locale: message.locale,
    code: message.code,
    link: message.link,
    token: message.token,
    createdAt: now.toISOString(),
  });
  await deps.database.prisma.$transaction(async (tx) => {
    if (!(await markSent(tx, delivery, { provider: 'capture', providerRef: null }, now))) return;
    const row = { channel: recipient.channel, to: inboxKey(deps.keyring, recipient.address), template: delivery.template };
    await tx.devMessage.createMany({ data: { ...row, text: sealed, deliveryId: delivery.id, at: now } });
  });
}

async function send(deps: CommandDeps, { delivery, recipient, message }: Sendable, sender: MessageSender, run: JobRun): Promise<void> {
  const mail = renderMail(message);
  const isMail = recipient.channel === 'email';
  try {
    const receipt = await sender.send({
      // One event may mail several people: to the provider these are several messages.
      eventId: delivery.template === 'staff_notice' ? delivery.id : delivery.eventId,
      template: delivery.template,
      to: recipient.address,
      subject: mail.subject,
      text: isMail ? mail.text : message.sms,
      html: isMail ? mail.html : null,
    });
    await markSent(deps.database.prisma, delivery, receipt, deps.clock.now());
  } catch (error) {
    if (!(error instanceof SendError)) throw error;
    await recordFailure(deps, delivery, error, run.isLastAttempt);
    if (!error.isPermanent) throw error;
  }
}

type Receipt = { provider: string; providerRef: string | null };

/** @returns false when another attempt was faster */
async function markSent(on: Tx, delivery: Delivery, receipt: Receipt, now: Date): Promise<boolean> {
  const { count } = await on.delivery.updateMany({
    where: { id: delivery.id, status: { in: ['queued', 'failed'] } },
    data: { ...receipt, status: 'sent', attempts: { increment: 1 }, sentAt: now, errorCode: null, version: { increment: 1 } },
  });
  return count === 1;
}

async function recordFailure(deps: CommandDeps, delivery: Delivery, error: SendError, isLastAttempt: boolean): Promise<void> {
  const isFinal = isLastAttempt || error.isPermanent;
  const actorType = actorTypeOf(requireContext().actor);
  await deps.database.prisma.$transaction(async (tx) => {
    const status = error.isPermanent ? 'bounced' : isFinal ? 'failed' : 'queued';
    const data = {
      status,
      attempts: { increment: 1 },
      provider: error.provider,
      errorCode: error.errorCode,
      version: { increment: 1 },
    } as const;
    const { count } = await tx.delivery.updateMany({ where: { id: delivery.id, status: { in: ['queued', 'failed'] } }, data });
    if (count === 0 || !isFinal) return;
    const payload = { deliveryId: delivery.id, template: delivery.template, userId: delivery.userId, errorCode: error.errorCode };
    await appendEvents(tx, [{ name: deliveryFailed, aggregateId: delivery.id, payload }], {
      actionId: null,
      actorType,
      at: deps.clock.now(),
    });
  });
  if (isFinal) nudgeOutbox(deps.database);
}

async function suppress(deps: CommandDeps, delivery: Delivery, errorCode: string): Promise<void> {
  await deps.database.prisma.delivery.updateMany({
    where: { id: delivery.id, status: { in: ['queued', 'failed'] } },
    data: { status: 'suppressed', errorCode, version: { increment: 1 } },
  });
}
