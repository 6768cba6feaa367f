import type { RoleGrant } from '../../../foundation/access/roles.ts';
import type { QueryDeps } from '../query-deps.ts';
import { staffName } from './staff-record.ts';

export type ActiveStaff = {
  userId: string;
  name: string;
  /** Neither revoked nor expired. */
  grants: readonly RoleGrant[];
  /** Who leads them. */
  leadId: string | null;
};

/** Everybody who may sign in to the back office now, by name. For questions to the matrix: who may decide, who may see. */
export async function activeStaff(deps: Pick<QueryDeps, 'database' | 'clock'>): Promise<readonly ActiveStaff[]> {
  const now = deps.clock.now();
  const rows = await deps.database.prisma.user.findMany({
    where: { kind: 'staff', status: 'active', staffProfile: { disabledAt: null } },
    select: {
      id: true,
      displayName: true,
      memberId: true,
      staffProfile: { select: { managerUserId: true } },
      roleGrants: {
        where: { revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] },
        select: { role: true, isLead: true, expiresAt: true },
      },
    },
    orderBy: [{ displayName: 'asc' }, { id: 'asc' }],
    take: 2_000,
  });
  return rows
    .filter(({ roleGrants }) => roleGrants.length > 0)
    .map((row) => ({ userId: row.id, name: staffName(row), grants: row.roleGrants, leadId: row.staffProfile?.managerUserId ?? null }));
}
