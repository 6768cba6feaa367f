import type { WebhookEndpoint } from '@prisma/client';
import type { CommandDeps } from '../../../foundation/command/command.ts';
import { runCommand } from '../../../foundation/command/run-command.ts';
import type { EventPayload } from '../../../foundation/outbox/append.ts';
import { readEvent } from '../../../foundation/outbox/read-event.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { givesUpAfterSeconds, waitAfter } from './backoff.ts';
import { secretsOf } from './endpoint-secret.ts';
import { pauseFailingWebhook } from './pause-webhook.ts';
import { type PostOutcome, postWebhook } from './post-webhook.ts';
import { signatureHeader } from './signature.ts';
import { typeOf } from './webhook-events.ts';

/** Longer than any call may take: who holds the row is the only one who calls. */
const leaseSeconds = 30;

/** Calls of which each is told; of an event that is sent again and again the first are forgotten. */
const triesKept = 30;

type Claimed = { id: string; endpointId: string; eventId: string; calls: number };
type Ended = PostOutcome | { httpStatus: null; errorCode: 'event_gone' | 'secret_unreadable'; ms: 0 };

/**
 * Calls the receiver for one event, if it is due and nobody else is calling. Repeating it is harmless: the claim is one conditional
 * UPDATE, so of two workers one gets the row and the other nothing. A worker that dies leaves a lease that ends by itself.
 */
export async function sendAttempt(deps: CommandDeps, attemptId: string, signal: AbortSignal): Promise<void> {
  const claimed = await claim(deps, attemptId);
  if (!claimed) return;
  const endpoint = await deps.database.prisma.webhookEndpoint.findUnique({ where: { id: claimed.endpointId } });
  if (!endpoint) return;
  const ended = await call(deps, { claimed, endpoint, signal });
  if (ended.errorCode === 'interrupted') return giveBack(deps, claimed);
  const isSettled = await settle(deps, claimed, ended);
  if (isSettled) await judge(deps, endpoint, ended);
}

async function claim({ database, clock }: CommandDeps, id: string): Promise<Claimed | null> {
  const now = clock.now();
  const [row] = await database.prisma.$queryRaw<Claimed[]>`
    UPDATE notifications.webhook_attempt AS a SET lease_until = ${addSeconds(now, leaseSeconds)}::timestamptz, attempts = a.attempts + 1, updated_at = ${now}::timestamptz
      FROM notifications.webhook_endpoint AS e
     WHERE a.id = ${id}::uuid AND a.status = 'queued' AND a.next_at <= ${now}::timestamptz AND (a.lease_until IS NULL OR a.lease_until <= ${now}::timestamptz)
       AND e.id = a.endpoint_id AND e.is_active
    RETURNING a.id, a.endpoint_id AS "endpointId", a.event_id AS "eventId", a.attempts AS calls`;
  return row ?? null;
}

async function call(deps: CommandDeps, parts: { claimed: Claimed; endpoint: WebhookEndpoint; signal: AbortSignal }): Promise<Ended> {
  const { claimed, endpoint, signal } = parts;
  const event = await readEvent(deps.database.prisma, claimed.eventId);
  if (!event) return { httpStatus: null, errorCode: 'event_gone', ms: 0 };
  const now = deps.clock.now();
  const timestamp = Math.floor(now.getTime() / 1000);
  const body = bodyOf(event);
  const secrets = readableSecrets(deps, endpoint, now);
  if (!secrets) return { httpStatus: null, errorCode: 'secret_unreadable', ms: 0 };
  const signature = signatureHeader({ id: claimed.eventId, timestamp, body }, secrets);
  const headers = {
    'content-type': 'application/json',
    'user-agent': 'Fashionistar-Webhooks/1',
    'webhook-id': claimed.eventId,
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signature,
  };
  return postWebhook(deps.config, { url: endpoint.url, headers, body, signal });
}

/** Null where the key that wraps them is gone: a call that failed, like any other, and not a job that never ends. */
function readableSecrets(deps: CommandDeps, endpoint: WebhookEndpoint, now: Date): string[] | null {
  try {
    return secretsOf(deps, endpoint, now);
  } catch (error) {
    deps.log.error({ event: 'webhook.secret_unreadable', endpointId: endpoint.id, error });
    return null;
  }
}

/** Of the envelope only the time: who caused it is our own business. The same bytes at each call. */
function bodyOf({ name, occurredAt, payload }: { name: string; occurredAt: Date; payload: EventPayload }): string {
  const { eventId: _id, occurredAt: _at, actionId: _action, actorType: _actor, ...data } = payload;
  return JSON.stringify({ type: typeOf(name), timestamp: occurredAt.toISOString(), data });
}

/** The worker stops: the call does not count. */
async function giveBack({ database, clock }: CommandDeps, { id, calls }: Claimed): Promise<void> {
  await database.prisma.webhookAttempt.updateMany({
    where: { id, status: 'queued', attempts: calls },
    data: { leaseUntil: null, attempts: calls - 1, nextAt: clock.now() },
  });
}

/** Writes how the call ended, unless the row has gone on without it. */
async function settle({ database, clock }: CommandDeps, { id, calls }: Claimed, { httpStatus, errorCode, ms }: Ended): Promise<boolean> {
  const now = clock.now();
  const wait = errorCode === null || errorCode === 'event_gone' ? null : waitAfter(calls, Math.random());
  const status = errorCode === null ? 'sent' : wait === null ? 'failed' : 'queued';
  const tried = JSON.stringify([{ at: now.toISOString(), httpStatus, errorCode, ms }]);
  const changed = await database.prisma.$executeRaw`
    UPDATE notifications.webhook_attempt
       SET status = ${status}::notifications.webhook_attempt_status, http_status = ${httpStatus}::smallint, error_code = ${errorCode}::varchar, last_at = ${now}::timestamptz,
           lease_until = NULL, next_at = ${wait === null ? null : addSeconds(now, wait)}::timestamptz, tries = CASE WHEN jsonb_array_length(tries) >= ${triesKept}::int THEN tries - 0 ELSE tries END || ${tried}::jsonb,
           updated_at = ${now}::timestamptz, version = version + 1
     WHERE id = ${id}::uuid AND status = 'queued' AND attempts = ${calls}::int AND lease_until IS NOT NULL`;
  return changed === 1;
}

/** What the outcome says about the endpoint: well again, failing since now, or given up. */
async function judge(deps: CommandDeps, { id }: WebhookEndpoint, { httpStatus, errorCode }: Ended): Promise<void> {
  if (errorCode === 'event_gone') return;
  const { prisma } = deps.database;
  const now = deps.clock.now();
  if (errorCode === null) {
    await prisma.webhookEndpoint.updateMany({ where: { id, failingSince: { not: null } }, data: { failingSince: null } });
    return;
  }
  if (httpStatus === 410) {
    await runCommand(deps, pauseFailingWebhook, { input: { id, because: 'gone' } });
    return;
  }
  await prisma.webhookEndpoint.updateMany({ where: { id, failingSince: null }, data: { failingSince: now } });
  const isGivenUp = await prisma.webhookEndpoint.count({
    where: { id, isActive: true, failingSince: { lte: addSeconds(now, -givesUpAfterSeconds) } },
  });
  if (isGivenUp === 1) await runCommand(deps, pauseFailingWebhook, { input: { id, because: 'failing' } });
}
