import type { CommandDeps } from '../../foundation/command/command.ts';
import { maskEmailForStaff, maskPhoneForStaff } from '../../foundation/crypto/mask.ts';
import { appendEvents, type NewEvent } from '../../foundation/outbox/append.ts';
import { consumeOnce } from '../../foundation/outbox/consume-once.ts';
import { nudgeOutbox } from '../../foundation/outbox/nudge.ts';
import type { EventOf } from '../../foundation/outbox/outbox-event.ts';
import { actorTypeOf } from '../../foundation/runtime/actor.ts';
import { addSeconds } from '../../foundation/runtime/clock.ts';
import type { Tx } from '../../foundation/runtime/database.ts';
import { newId } from '../../foundation/runtime/new-id.ts';
import { requireContext } from '../../foundation/runtime/request-context.ts';
import { type Recipient, recipientOf } from '../identity/index.ts';
import { isDigested } from './digest-counts.ts';
import { deliveryQueued } from './events.ts';
import type { PlannedMessage } from './notice.ts';
import { decideSms, type SmsDecision, smsLimitReached } from './sms-firewall.ts';

type QueueRequest = { consumer: string; event: EventOf<unknown>; planned: PlannedMessage };

/**
 * Writes the delivery row of a planned message and the event that has it sent, once per consumer and event. A recipient who
 * cannot be resolved (decoy, erased) gets nothing. The caps per target are kept where the event is made: identity counts
 * sendings before it asks for one. What an SMS may cost is decided here, where the number is known and decoys are out (P20). What
 * phones get in the hourly digest waits for it.
 */
export async function queueDelivery(deps: CommandDeps, request: QueueRequest): Promise<void> {
  const recipient = await recipientOf(deps, request.planned.facts.recipient);
  if (!recipient) return;
  const actorType = actorTypeOf(requireContext().actor);
  const raised: NewEvent[] = [];
  await deps.database.prisma.$transaction(async (tx) => {
    if (!(await consumeOnce(tx, request.consumer, request.event.eventId))) return;
    const row = deliveryRow(deps, request, recipient);
    if (await isQuiet(tx, request.planned, recipient, row.createdAt)) return;
    if (recipient.channel === 'sms' && isDigested(request.planned.template)) {
      await tx.delivery.createMany({ data: { ...row, nextAttemptAt: endOfHour(row.createdAt) } });
      return;
    }
    const { blockedBy, alarm } = await spendDecision(tx, deps, request, recipient);
    const held = blockedBy ? ({ status: 'suppressed', errorCode: `sms_${blockedBy}` } as const) : {};
    await tx.delivery.createMany({ data: { ...row, ...held } });
    const queued = { name: deliveryQueued, aggregateId: row.id, payload: { deliveryId: row.id } };
    const events = [...(blockedBy ? [] : [queued]), ...(alarm ? [alarm] : [])];
    await appendEvents(tx, events, { actionId: request.event.actionId, actorType, at: row.createdAt });
    if (alarm) raised.push(alarm);
  });
  for (const { payload } of raised) deps.log.error({ event: smsLimitReached, ...payload }, 'SMS are held back: docs/runbooks/sms-spend.md');
  nudgeOutbox(deps.database);
}

/** When the digest of this hour is sent; the message waits for it without an event of its own. */
function endOfHour(now: Date): Date {
  const hourMs = 3_600_000;
  return new Date(Math.ceil((now.getTime() + 1) / hourMs) * hourMs);
}

/** Mail costs nothing. */
async function spendDecision(tx: Tx, deps: CommandDeps, { planned }: QueueRequest, recipient: Recipient): Promise<SmsDecision> {
  if (recipient.channel === 'email') return { blockedBy: null, alarm: null };
  return decideSms(tx, deps, { address: recipient.address, template: planned.template, flowId: planned.facts.flowId ?? null });
}

async function isQuiet(tx: Tx, planned: PlannedMessage, recipient: Recipient, now: Date): Promise<boolean> {
  if (!planned.quietSeconds || !recipient.userId) return false;
  const since = addSeconds(now, -planned.quietSeconds);
  const sent = await tx.delivery.findFirst({
    where: { userId: recipient.userId, template: planned.template, createdAt: { gt: since } },
    select: { id: true },
  });
  return sent !== null;
}

function deliveryRow(deps: CommandDeps, { event, planned }: QueueRequest, recipient: Recipient) {
  const id = newId();
  const { dataKey, wrappedKey, kekKid } = deps.keyring.newDataKey();
  const isMail = recipient.channel === 'email';
  return {
    id,
    createdAt: deps.clock.now(),
    userId: recipient.userId,
    template: planned.template,
    channel: recipient.channel,
    recipientEnc: bytes(deps.keyring.encryptField(dataKey, `delivery.recipient_enc:${id}`, recipient.address)),
    wrappedRowKey: bytes(wrappedKey),
    kekKid,
    recipientBidx: bytes(deps.keyring.blindIndex(isMail ? 'email' : 'phone', recipient.address)),
    recipientMasked: isMail ? maskEmailForStaff(recipient.address) : maskPhoneForStaff(recipient.address),
    language: recipient.language,
    variables: { ...planned.facts, occurredAt: event.occurredAt },
    eventId: event.eventId,
  };
}

/** Prisma's Bytes wants a view that owns its buffer. */
function bytes(view: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(view);
}
