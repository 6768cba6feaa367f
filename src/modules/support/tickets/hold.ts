import type { CommandScope } from '../../../foundation/command/command.ts';
import { claimsHeldAtMost } from './ticket-state.ts';

/**
 * Whether somebody may hold one more. Their own takings wait for one another, so that two tabs cannot both take the last one.
 */
export async function mayHoldMore(scope: CommandScope, staffId: string): Promise<boolean> {
  await scope.tx
    .$queryRaw`SELECT 1 AS held FROM (SELECT pg_advisory_xact_lock(hashtext('support.ticket.claim'), hashtext(${staffId}))) AS l`;
  const held = await scope.tx.ticket.count({
    where: { assignedTo: staffId, status: 'in_progress', claimExpiresAt: { gt: scope.now } },
  });
  return held < claimsHeldAtMost;
}
