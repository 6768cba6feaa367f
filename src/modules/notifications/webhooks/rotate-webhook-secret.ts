import type { WebhookEndpoint } from '@prisma/client';
import type { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { conflictOf, loadEndpoint, requireSeenVersion, versionOf } from './endpoint-record.ts';
import { sealSecret } from './endpoint-secret.ts';
import { newWebhookSecret } from './signature.ts';
import { endpointId } from './webhook-input.ts';

const overlapSeconds = 86_400;

/** `secret` is shown this once; the one before signs beside it until `previousUntil`. */
export type SecretRotated = { secret: string; previousUntil: string };

/**
 * Replaces the signing secret. For a day each call carries two signatures, by the old secret and by the new one, so that a receiver
 * may change over without missing anything. Of two people who replace it from the same page one gets 409.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `version_conflict`, 422 `required`
 */
export const rotateWebhookSecret = defineCommand<z.infer<typeof endpointId>, SecretRotated, undefined, WebhookEndpoint>({
  name: 'rotate-webhook-secret',
  resource: 'webhook_endpoint',
  access: 'webhook.manage',
  input: endpointId,
  isIdempotent: false,
  load: loadEndpoint,
  version: versionOf,
  conflict: conflictOf,
  async preview({ now }, _input, { previousUntil }) {
    return [
      'Shows a new signing secret once. The present one signs beside it for 24 hours.',
      ...(previousUntil && previousUntil > now ? ['The secret before the present one stops at once.'] : []),
    ];
  },
  async run(scope, { id }, endpoint) {
    requireSeenVersion(scope);
    const secret = newWebhookSecret();
    const previousUntil = addSeconds(scope.now, overlapSeconds);
    await scope.tx.webhookEndpoint.update({
      where: { id },
      data: {
        secretEnc: sealSecret(scope.deps, endpoint, secret),
        previousSecretEnc: new Uint8Array(endpoint.secretEnc),
        previousUntil,
        version: { increment: 1 },
      },
    });
    scope.touched(id);
    return { secret, previousUntil: previousUntil.toISOString() };
  },
});
