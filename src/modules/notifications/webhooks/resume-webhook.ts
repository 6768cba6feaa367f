import type { WebhookEndpoint } from '@prisma/client';
import type { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { conflictOf, loadEndpoint, versionOf } from './endpoint-record.ts';
import { endpointId } from './webhook-input.ts';

/**
 * Calls an endpoint again; its day of patience begins anew. Calls that waited go out at once.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `version_conflict`
 */
export const resumeWebhook = defineCommand<z.infer<typeof endpointId>, { isUnchanged: boolean }, undefined, WebhookEndpoint>({
  name: 'resume-webhook',
  resource: 'webhook_endpoint',
  access: 'webhook.manage',
  input: endpointId,
  isIdempotent: true,
  load: loadEndpoint,
  version: versionOf,
  conflict: conflictOf,
  async preview(scope, { id }, endpoint) {
    if (endpoint.isActive) return ['It is called already.'];
    const waiting = await scope.tx.webhookAttempt.count({ where: { endpointId: id, status: 'queued' } });
    return [waiting === 0 ? 'New events are sent again.' : `New events are sent again; ${waiting} that waited go out at once.`];
  },
  async run(scope, { id }, endpoint) {
    scope.touched(id);
    if (endpoint.isActive) return { isUnchanged: true };
    await scope.tx.webhookEndpoint.update({
      where: { id },
      data: { isActive: true, pausedAt: null, pausedBecause: null, failingSince: null, version: { increment: 1 } },
    });
    await scope.tx.webhookAttempt.updateMany({ where: { endpointId: id, status: 'queued' }, data: { nextAt: scope.now } });
    return { isUnchanged: false };
  },
});
