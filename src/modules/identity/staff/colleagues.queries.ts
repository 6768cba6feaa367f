import type { RoleGrant } from '../../../foundation/access/roles.ts';
import type { QueryDeps } from '../query-deps.ts';
import { staffName } from './staff-record.ts';

export type Colleague = { id: string; name: string; grants: readonly RoleGrant[] };

/** Everybody who works here now, by name, with the roles of now: for choosing whom to give something to. */
export async function listColleagues(deps: QueryDeps): Promise<Colleague[]> {
  const { prisma } = deps.database;
  const now = deps.clock.now();
  const rows = await prisma.staffRoleGrant.findMany({
    where: { revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] },
    select: { userId: true, role: true, isLead: true, expiresAt: true },
    orderBy: { createdAt: 'asc' },
  });
  const people = await prisma.user.findMany({
    where: { id: { in: [...new Set(rows.map((row) => row.userId))] }, kind: 'staff', status: 'active' },
    select: { id: true, displayName: true, memberId: true },
  });
  return people
    .map((person) => ({
      id: person.id,
      name: staffName(person),
      grants: rows.filter((row) => row.userId === person.id).map(({ role, isLead, expiresAt }) => ({ role, isLead, expiresAt })),
    }))
    .toSorted((a, b) => a.name.localeCompare(b.name));
}
