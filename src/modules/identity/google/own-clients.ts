import type { CommandScope } from '../../../foundation/command/command.ts';
import { customerOf } from '../freshness.ts';
import type { ClientRef } from '../sign-in-shapes.ts';

/**
 * The API clients whose nonces and handoffs serve a signed-in call: the one that calls, and the one that the session was issued
 * to, for a Bearer call need not name its client.
 */
export async function ownClientsOf(scope: CommandScope, client: ClientRef): Promise<string[]> {
  const { sessionId } = customerOf(scope);
  const session = await scope.tx.session.findUniqueOrThrow({ where: { id: sessionId }, select: { clientId: true } });
  return [...new Set([client.clientId, session.clientId])];
}
