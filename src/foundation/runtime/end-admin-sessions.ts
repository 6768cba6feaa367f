import type { Tx } from './database.ts';

/**
 * Ends the back-office sessions of a member of staff at once, those half way through sign-in too; gives their number. In the
 * transaction of the change that ends their access, so that no page opens between the two.
 */
export function endAdminSessions(tx: Pick<Tx, '$executeRaw'>, { userId, now }: { userId: string; now: Date }): Promise<number> {
  return tx.$executeRaw`
    UPDATE platform.admin_session SET revoked_at = ${now}::timestamptz, updated_at = ${now}::timestamptz
     WHERE user_id = ${userId}::uuid AND revoked_at IS NULL`;
}
