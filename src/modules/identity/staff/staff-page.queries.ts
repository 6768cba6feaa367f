import { lastUses } from '../../../audit/index.ts';
import { gradeOf, type Role } from '../../../foundation/access/roles.ts';
import type { QueryDeps } from '../query-deps.ts';
import { listFactors, type StaffFactor } from './staff-factors.queries.ts';

export type StaffGrantItem = {
  id: string;
  role: Role;
  isLead: boolean;
  reason: string;
  grantedBy: string;
  since: Date;
  expiresAt: Date | null;
  confirmedAt: Date | null;
  isBreakGlass: boolean;
  /** The newest action that was done with it, reading included. */
  lastUsedAt: Date | null;
};

/** How somebody came to the staff, and whom they have invited since. */
export type StaffInviteItem = {
  id: string;
  emailMasked: string;
  invitedBy: string;
  createdAt: Date;
  acceptedAt: Date | null;
  /** The person of the page joined by it. */
  isOwn: boolean;
};

export type StaffPageFacts = {
  grants: readonly StaffGrantItem[];
  factors: readonly StaffFactor[];
  invites: readonly StaffInviteItem[];
};

const shownInvites = 20;

/** What the page of a colleague shows besides the row: roles in force with their last use, factors without secrets, invitations. */
export async function staffPage(deps: QueryDeps, userId: string): Promise<StaffPageFacts> {
  const now = deps.clock.now();
  const [rows, factors, invites] = await Promise.all([
    deps.database.prisma.staffRoleGrant.findMany({
      where: { userId, revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] },
      orderBy: { createdAt: 'asc' },
    }),
    listFactors(deps, userId),
    deps.database.prisma.staffInvite.findMany({
      where: { OR: [{ acceptedUserId: userId }, { invitedBy: userId }] },
      select: { id: true, emailMasked: true, invitedBy: true, createdAt: true, acceptedAt: true, acceptedUserId: true },
      orderBy: { createdAt: 'desc' },
      take: shownInvites,
    }),
  ]);
  const uses = await lastUses(
    deps,
    rows.map((grant) => ({ id: grant.id, actorId: userId, grade: gradeOf(grant), since: grant.createdAt })),
  );
  return {
    grants: rows.map(({ id, role, isLead, reason, grantedBy, createdAt, expiresAt, confirmedAt, isBreakGlass }) => ({
      ...{ id, role, isLead, reason, grantedBy, expiresAt, confirmedAt, isBreakGlass },
      since: createdAt,
      lastUsedAt: uses.get(id) ?? null,
    })),
    factors,
    invites: invites.map(({ acceptedUserId, ...invite }) => ({ ...invite, isOwn: acceptedUserId === userId })),
  };
}

/** Colleagues who can lead, by name; for forms. At most 200. */
export async function listManagers(deps: QueryDeps): Promise<{ id: string; name: string }[]> {
  const rows = await deps.database.prisma.user.findMany({
    where: {
      kind: 'staff',
      status: 'active',
      roleGrants: {
        some: {
          revokedAt: null,
          AND: [
            { OR: [{ expiresAt: null }, { expiresAt: { gt: deps.clock.now() } }] },
            { OR: [{ isLead: true }, { role: { in: ['admin', 'super_admin'] } }] },
          ],
        },
      },
    },
    select: { id: true, displayName: true, memberId: true },
    orderBy: { displayName: 'asc' },
    take: 200,
  });
  return rows.map(({ id, displayName, memberId }) => ({ id, name: displayName ?? memberId }));
}
