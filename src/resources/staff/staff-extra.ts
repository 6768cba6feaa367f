import { createSessionStore, type ResourceActor, type Row } from '../../admin/index.ts';
import { deviceName } from '../../admin/sign-in/device-name.ts';
import { grantFor } from '../../foundation/access/evaluate.ts';
import type { PermissionKey } from '../../foundation/access/matrix.ts';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { actorNames, type StaffPageFacts, staffLife } from '../../modules/identity/index.ts';
import { profileOf } from './staff-row.ts';

/** Roles in force with their last use, factors, lead, invitations and, for oversight, sessions. History is loaded when its tab is opened. */
export async function staffExtra(row: Row, actor: ResourceActor): Promise<Readonly<Record<string, unknown>>> {
  const { deps } = actor;
  const id = String(row.id);
  const { managerUserId } = profileOf(row);
  const mayEdit = may(actor, 'staff.edit_title');
  const [facts, sessions, managers] = await Promise.all([
    staffLife.staffPage(deps, id),
    may(actor, 'session.list') ? sessionsOf(deps, id) : null,
    mayEdit ? staffLife.listManagers(deps) : [],
  ]);
  const names = await actorNames(deps, [
    ...facts.grants.map((grant) => grant.grantedBy),
    ...facts.invites.map((invite) => invite.invitedBy),
  ]);
  return {
    grants: facts.grants.map((grant) => grantJson(grant, { names, holderId: id })),
    factors: facts.factors.map(({ kind, label, createdAt, lastUsedAt }) => ({ kind, label, createdAt, lastUsedAt })),
    invites: may(actor, 'staff_invite.list') ? facts.invites.map((invite) => inviteJson(invite, names)) : [],
    lead: managerUserId ? ((await actorNames(deps, [managerUserId])).get(managerUserId) ?? null) : null,
    managers: managers.filter((manager) => manager.id !== id).map((manager) => ({ value: manager.id, label: manager.name })),
    sessions,
    hasHistory: may(actor, 'audit.read_all'),
    hasGrants: grantFor(actor.staff, 'staff_grant.list', { now: deps.clock.now() }) !== null,
    mayRevoke: may(actor, 'staff_grant.revoke'),
  };
}

/** But for an emergency nobody gives a role to themselves: what stands as one's own gift came with the account. */
function grantJson(
  grant: StaffPageFacts['grants'][number],
  { names, holderId }: { names: ReadonlyMap<string, string>; holderId: string },
): object {
  const { role, isLead, grantedBy, ...rest } = grant;
  const giver = grantedBy === holderId && !grant.isBreakGlass ? 'the operator' : (names.get(grantedBy) ?? 'somebody who left');
  return { ...rest, role: `${role.replaceAll('_', ' ')}${isLead ? ' lead' : ''}`, grantedBy: giver };
}

function inviteJson(invite: StaffPageFacts['invites'][number], names: ReadonlyMap<string, string>): object {
  return { ...invite, invitedBy: names.get(invite.invitedBy) ?? 'somebody who left' };
}

/** Where they are signed in to the back office now. */
async function sessionsOf(deps: CommandDeps, userId: string): Promise<object[]> {
  const live = await createSessionStore(deps.database, deps.clock).list(userId);
  return live.map(({ id, userAgent, createdAt, lastUsedAt }) => ({ id, device: deviceName(userAgent), createdAt, lastUsedAt }));
}

function may({ staff, deps }: ResourceActor, permission: PermissionKey): boolean {
  const grant = grantFor(staff, permission, { now: deps.clock.now() });
  return grant !== null && !grant.own && !grant.team;
}
