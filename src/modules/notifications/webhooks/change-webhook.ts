import type { WebhookEndpoint } from '@prisma/client';
import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { conflictOf, loadEndpoint, requireSeenVersion, versionOf } from './endpoint-record.ts';
import { endpointFields } from './webhook-input.ts';

const input = z.strictObject({ id: z.uuid(), ...endpointFields });

/**
 * Changes the name of an endpoint and which events it gets. The address stays: another one is another endpoint, with its own secret.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `version_conflict`, 422 `required`, `invalid_value`
 */
export const changeWebhook = defineCommand<z.infer<typeof input>, { isUnchanged: boolean }, undefined, WebhookEndpoint>({
  name: 'change-webhook',
  resource: 'webhook_endpoint',
  access: 'webhook.manage',
  input,
  isIdempotent: true,
  load: loadEndpoint,
  version: versionOf,
  conflict: conflictOf,
  async preview(_scope, { events }, endpoint) {
    const added = events.filter((event) => !endpoint.events.includes(event));
    const dropped = endpoint.events.filter((event) => !events.some((kept) => kept === event));
    if (added.length + dropped.length === 0) return ['The events stay as they are.'];
    return [
      ...(added.length > 0 ? [`From now on also: ${added.join(', ')}.`] : []),
      ...(dropped.length > 0 ? [`No longer: ${dropped.join(', ')}.`] : []),
    ];
  },
  async run(scope, { id, name, events }, endpoint) {
    requireSeenVersion(scope);
    scope.touched(id);
    const isUnchanged = endpoint.name === name && endpoint.events.join() === events.join();
    if (!isUnchanged) await scope.tx.webhookEndpoint.update({ where: { id }, data: { name, events, version: { increment: 1 } } });
    return { isUnchanged };
  },
});
