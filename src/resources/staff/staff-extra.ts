import type { ResourceActor, Row } from '../../admin/index.ts';
import { grantFor } from '../../foundation/access/evaluate.ts';
import { isActive } from '../../foundation/access/grades.ts';
import type { PermissionKey } from '../../foundation/access/matrix.ts';
import { actorNames, staffQueries } from '../../modules/identity/index.ts';
import { activeGrants, profileOf } from './staff-row.ts';

/** Roles in force, the lead's name and, for oversight, sessions. History is loaded when its tab is opened. */
export async function staffExtra(row: Row, actor: ResourceActor): Promise<Readonly<Record<string, unknown>>> {
  const { deps } = actor;
  const now = deps.clock.now();
  const { managerUserId } = profileOf(row);
  const [sessions, names] = await Promise.all([
    may(actor, 'session.list') ? staffQueries.sessionsOf(deps, String(row.id), 20) : null,
    actorNames(deps, managerUserId ? [managerUserId] : []),
  ]);
  return {
    grants: activeGrants(row).map(({ id, role, isLead, expiresAt }) => ({
      id,
      role: `${role.replaceAll('_', ' ')}${isLead ? ' lead' : ''}`,
      expiresAt: expiresAt ?? null,
      isExpired: !isActive({ role, isLead, expiresAt: expiresAt ?? null }, now),
    })),
    lead: managerUserId ? (names.get(managerUserId) ?? null) : null,
    sessions,
    hasHistory: may(actor, 'audit.read_all'),
    hasGrants: grantFor(actor.staff, 'staff_grant.list', { now }) !== null,
    mayRevoke: may(actor, 'staff_grant.revoke'),
  };
}

function may({ staff, deps }: ResourceActor, permission: PermissionKey): boolean {
  const grant = grantFor(staff, permission, { now: deps.clock.now() });
  return grant !== null && !grant.own && !grant.team;
}
