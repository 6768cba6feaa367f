import type { WebhookEndpoint } from '@prisma/client';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { AppError, validationError } from '../../../foundation/errors/app-error.ts';

/** The endpoint, locked: two people change it one after the other. @throws AppError 404 `not_found` */
export async function loadEndpoint(scope: CommandScope, { id }: { id: string }): Promise<WebhookEndpoint> {
  await scope.tx.$executeRaw`SELECT 1 FROM notifications.webhook_endpoint WHERE id = ${id}::uuid FOR UPDATE`;
  const endpoint = await scope.tx.webhookEndpoint.findUnique({ where: { id } });
  if (!endpoint) throw new AppError('not_found');
  return endpoint;
}

export const versionOf = (endpoint: WebhookEndpoint): number => endpoint.version;

/** What a version conflict shows of now. */
export function conflictOf({ name, url, events, isActive }: WebhookEndpoint): Readonly<Record<string, unknown>> {
  return { current: { name, url, events: [...events].sort().join(', '), state: isActive ? 'active' : 'paused' } };
}

/**
 * Two people who replace a secret or change an endpoint from the same page must not both succeed: who calls names the version they saw.
 * @throws AppError 422 `required`
 */
export function requireSeenVersion(scope: CommandScope): void {
  if (scope.expectedVersion === null) throw validationError([{ path: 'expectedVersion', code: 'required' }]);
}
