import type { Role } from '../../../foundation/access/roles.ts';
import type { CommandScope } from '../../../foundation/command/command.ts';

/** What a grant that ended by its own date has as reason. */
export const runOut = 'expired';

type EndedGrant = { id: string; userId: string; role: Role };

/**
 * Closes grants whose time is over; the rights went at that instant already. One conditional UPDATE, so that the worker and somebody
 * who grants the role anew never both tell of it. With `only`, the one whose place in the unique index is needed.
 */
export async function endRunOutGrants(scope: CommandScope, only: { userId?: string; role?: Role } = {}): Promise<readonly EndedGrant[]> {
  const { tx, now } = scope;
  const ended = await tx.staffRoleGrant.updateManyAndReturn({
    where: { ...only, revokedAt: null, expiresAt: { lte: now } },
    data: { revokedAt: now, revokeReason: runOut, version: { increment: 1 } },
    select: { id: true, userId: true, role: true },
  });
  for (const { id, userId, role } of ended) {
    scope.touched(userId, id);
    scope.emit({ name: 'identity.grant.expired', aggregateId: userId, payload: { userId, role, grantId: id } });
  }
  return ended;
}
