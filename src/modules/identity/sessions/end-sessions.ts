import { Prisma } from '@prisma/client';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { actorIdOf } from '../../../foundation/runtime/actor.ts';

export type EndReason =
  | 'signed_out'
  | 'revoked_by_owner'
  | 'revoked_by_staff'
  | 'refresh_reused'
  | 'suspended'
  | 'closed'
  | 'credentials_changed'
  | 'not_me'
  | 'token_revoked';

export type Ending = {
  userId: string;
  reason: EndReason;
  /** Only these; all of the person's when absent. */
  sessionIds?: readonly string[];
  /** Stays alive. */
  exceptSessionId?: string;
};

/**
 * Ends sessions at once: their refresh tokens fail and every route that reads the row refuses their access tokens.
 * Returns the ids that were alive; queues one `identity.session.revoked` for them.
 */
export async function endSessions(scope: CommandScope, ending: Ending): Promise<string[]> {
  const only = ending.sessionIds ? Prisma.sql`AND id = ANY(${[...ending.sessionIds]}::uuid[])` : Prisma.empty;
  const except = ending.exceptSessionId ? Prisma.sql`AND id <> ${ending.exceptSessionId}::uuid` : Prisma.empty;
  const ended = await scope.tx.$queryRaw<{ id: string }[]>(Prisma.sql`
    UPDATE identity.session
       SET revoked_at = ${scope.now}::timestamptz, updated_at = ${scope.now}::timestamptz, revoked_reason = ${ending.reason},
           revoked_by = ${actorIdOf(scope.actor)}::uuid
     WHERE user_id = ${ending.userId}::uuid AND revoked_at IS NULL ${only} ${except}
    RETURNING id`);
  const sessionIds = ended.map((row) => row.id);
  if (sessionIds.length === 0) return [];
  scope.touched(...sessionIds);
  scope.emit({
    name: 'identity.session.revoked',
    aggregateId: ending.userId,
    payload: { userId: ending.userId, sessionIds: sessionIds.slice(0, 100), reason: ending.reason },
  });
  return sessionIds;
}
