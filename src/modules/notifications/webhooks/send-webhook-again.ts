import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { AppError } from '../../../foundation/errors/app-error.ts';
import { hasEvent } from '../../../foundation/outbox/read-event.ts';
import { webhookRequested, webhookTested } from './webhook-events.ts';
import { endpointId } from './webhook-input.ts';

const input = z.strictObject({ id: z.uuid().describe('the attempt') });
type Input = z.infer<typeof input>;

type Loaded = { id: string; eventId: string; eventName: string; endpoint: { id: string; name: string; isActive: boolean } };

/**
 * Calls the receiver once more for one event, with the same message id, and starts its waits anew. While a call for it is under way
 * nothing happens.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `transition_not_allowed` where the endpoint is paused or the event forgotten
 */
export const sendWebhookAgain = defineCommand<Input, { isUnchanged: boolean }, undefined, Loaded>({
  name: 'send-webhook-again',
  resource: 'webhook_endpoint',
  access: 'webhook.manage',
  input,
  isIdempotent: true,
  load,
  async preview(_scope, _input, { endpoint, eventName }) {
    return [`Sends ${eventName} to ${endpoint.name} once more, with the same message id.`];
  },
  async run(scope, { id }, { endpoint, eventId }) {
    if (!endpoint.isActive || !(await hasEvent(scope.tx, eventId))) return { refused: 'transition_not_allowed' };
    scope.touched(endpoint.id);
    // Not while a worker holds it: its answer would be lost, and two calls would run side by side.
    const { count } = await scope.tx.webhookAttempt.updateMany({
      where: { id, OR: [{ leaseUntil: null }, { leaseUntil: { lte: scope.now } }] },
      data: { status: 'queued', attempts: 0, nextAt: scope.now, leaseUntil: null, version: { increment: 1 } },
    });
    if (count === 0) return { isUnchanged: true };
    scope.emit({ name: webhookRequested, aggregateId: id, payload: { attemptId: id } });
    return { isUnchanged: false };
  },
});

/** Calls the receiver with an event of its own, `webhook.test`, to see whether it answers. @throws AppError 404, 409 `transition_not_allowed` */
export const testWebhook = defineCommand<z.infer<typeof endpointId>, Record<string, never>, undefined, { id: string; isActive: boolean }>({
  name: 'test-webhook',
  resource: 'webhook_endpoint',
  access: 'webhook.manage',
  input: endpointId,
  isIdempotent: true,
  async load(scope, { id }) {
    const endpoint = await scope.tx.webhookEndpoint.findUnique({ where: { id }, select: { id: true, isActive: true } });
    if (!endpoint) throw new AppError('not_found');
    return endpoint;
  },
  preview: async () => ['Sends one call of the type webhook.test. It holds nothing but the id of the endpoint.'],
  async run(scope, { id }, { isActive }) {
    if (!isActive) return { refused: 'transition_not_allowed' };
    scope.touched(id);
    scope.emit({ name: webhookTested, aggregateId: id, payload: { endpointId: id } });
    return {};
  },
});

async function load(scope: CommandScope, { id }: Input): Promise<Loaded> {
  const found = await scope.tx.webhookAttempt.findUnique({
    where: { id },
    select: { id: true, eventId: true, eventName: true, endpoint: { select: { id: true, name: true, isActive: true } } },
  });
  if (!found) throw new AppError('not_found');
  return found;
}
