import type { WebhookEndpoint } from '@prisma/client';
import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { conflictOf, loadEndpoint, versionOf } from './endpoint-record.ts';
import { webhookPaused } from './webhook-events.ts';
import { endpointId } from './webhook-input.ts';

type Switched = { isUnchanged: boolean };

/**
 * Stops calling an endpoint. Events that wait are called when it is resumed; events of the meantime are not kept for it.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `version_conflict`
 */
export const pauseWebhook = defineCommand<z.infer<typeof endpointId>, Switched, undefined, WebhookEndpoint>({
  name: 'pause-webhook',
  resource: 'webhook_endpoint',
  access: 'webhook.manage',
  input: endpointId,
  isIdempotent: true,
  load: loadEndpoint,
  version: versionOf,
  conflict: conflictOf,
  async preview(_scope, _input, endpoint) {
    if (!endpoint.isActive) return ['It is paused already.'];
    return ['No more calls to it. Events of the meantime are not kept for it; calls that wait go out when it is resumed.'];
  },
  run: (scope, { id }, endpoint) => pause(scope, { id, endpoint, because: 'staff' }),
});

const failing = z.strictObject({ id: z.uuid(), because: z.enum(['failing', 'gone']) });

/** The sender gave up: calls failed for a day, or the receiver answered 410. Administrators are told by the event. */
export const pauseFailingWebhook = defineCommand<z.infer<typeof failing>, Switched, undefined, WebhookEndpoint>({
  name: 'pause-failing-webhook',
  resource: 'webhook_endpoint',
  access: 'system',
  input: failing,
  isIdempotent: false,
  load: loadEndpoint,
  async run(scope, { id, because }, endpoint) {
    const outcome = await pause(scope, { id, endpoint, because });
    if (!outcome.isUnchanged) scope.emit({ name: webhookPaused, aggregateId: id, payload: { endpointId: id, because } });
    return outcome;
  },
});

type Pause = { id: string; endpoint: WebhookEndpoint; because: 'staff' | 'failing' | 'gone' };

async function pause(scope: CommandScope, { id, endpoint, because }: Pause): Promise<Switched> {
  scope.touched(id);
  if (!endpoint.isActive) return { isUnchanged: true };
  await scope.tx.webhookEndpoint.update({
    where: { id },
    data: { isActive: false, pausedAt: scope.now, pausedBecause: because, version: { increment: 1 } },
  });
  scope.note(`paused: ${because}`);
  return { isUnchanged: false };
}
