import type { WebhookEndpoint } from '@prisma/client';
import type { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { conflictOf, loadEndpoint, versionOf } from './endpoint-record.ts';
import { endpointId } from './webhook-input.ts';

/**
 * Takes an endpoint away with its calls and its secret; the history keeps who it was.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `version_conflict`
 */
export const removeWebhook = defineCommand<z.infer<typeof endpointId>, Record<string, never>, undefined, WebhookEndpoint>({
  name: 'remove-webhook',
  resource: 'webhook_endpoint',
  access: 'webhook.manage',
  input: endpointId,
  isIdempotent: true,
  load: loadEndpoint,
  version: versionOf,
  conflict: conflictOf,
  async preview(scope, { id }, { name }) {
    const waiting = await scope.tx.webhookAttempt.count({ where: { endpointId: id, status: 'queued' } });
    return [
      `${name} gets nothing more. Its secret and its list of calls are deleted.`,
      ...(waiting > 0 ? [`${waiting} waiting calls are dropped.`] : []),
    ];
  },
  async run(scope, { id }) {
    scope.touched(id);
    await scope.tx.webhookEndpoint.delete({ where: { id } });
    return {};
  },
});
