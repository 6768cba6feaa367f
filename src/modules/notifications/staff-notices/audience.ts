import type { AccessIntent, AccessSubject } from '../../../foundation/access/decide.ts';
import { decide } from '../../../foundation/access/evaluate.ts';
import { gradesOf, rankOf } from '../../../foundation/access/grades.ts';
import type { PermissionKey } from '../../../foundation/access/matrix.ts';
import type { Grade } from '../../../foundation/access/roles.ts';
import type { CommandDeps } from '../../../foundation/command/command.ts';
import type { StaffActor } from '../../../foundation/runtime/actor.ts';
import { type ActiveStaff, activeStaff } from '../../identity/index.ts';

/** A member of staff as the matrix sees them, without a session. */
export function asActor({ userId, name, grants }: ActiveStaff): StaffActor {
  return { kind: 'staff', id: userId, displayName: name, grants, sessionHash: Buffer.alloc(32), hasMfa: false, factorAt: null };
}

type Question = { permission: PermissionKey; intent?: AccessIntent; subject?: AccessSubject };

/** Everybody whom the matrix lets do it, asked one by one with the facts of the record. Looking only is not doing. */
export async function whoMay(deps: CommandDeps, { permission, intent, subject }: Question): Promise<readonly string[]> {
  const now = deps.clock.now();
  const staff = await activeStaff(deps);
  return staff
    .filter((member) => {
      const decision = decide({ actor: asActor(member), permission, now, ...(intent ? { intent } : {}), ...(subject ? { subject } : {}) });
      return decision.isAllowed && (intent === 'view' || decision.mode === 'allow' || decision.mode === 'approve');
    })
    .map(({ userId }) => userId);
}

/** Everybody who acts from one of these columns of the matrix. */
export async function whoIs(deps: CommandDeps, wanted: readonly Grade[]): Promise<readonly string[]> {
  const now = deps.clock.now();
  const staff = await activeStaff(deps);
  return staff.filter((member) => gradesOf(asActor(member), now).some((grade) => wanted.includes(grade))).map(({ userId }) => userId);
}

/** Administrators and auditors: who answers for the system. */
export function oversight(deps: CommandDeps): Promise<readonly string[]> {
  return whoIs(deps, ['auditor', 'admin', 'super_admin']);
}

/** Who leads somebody: their own lead; without one, the leads of their role; without those, the administrators. */
export async function leadsOf(deps: CommandDeps, staffUserId: string): Promise<readonly string[]> {
  const now = deps.clock.now();
  const staff = await activeStaff(deps);
  const member = staff.find(({ userId }) => userId === staffUserId);
  if (member?.leadId && staff.some(({ userId }) => userId === member.leadId)) return [member.leadId];
  const held = member ? gradesOf(asActor(member), now) : [];
  const lead: Grade = held.includes('reviewer') ? 'reviewer_lead' : 'support_lead';
  const ofRole = staff.filter((other) => other.userId !== staffUserId && gradesOf(asActor(other), now).includes(lead));
  return ofRole.length > 0 ? ofRole.map(({ userId }) => userId) : whoIs(deps, ['admin', 'super_admin']);
}

/** Of these people, those who are staff and may sign in now. */
export async function stillThere(deps: CommandDeps, ids: readonly (string | null | undefined)[]): Promise<readonly string[]> {
  const wanted = new Set(ids);
  return (await activeStaff(deps)).filter(({ userId }) => wanted.has(userId)).map(({ userId }) => userId);
}

/** Rank of a member of staff now; 0 for customers. */
export async function rankNow(deps: CommandDeps, userId: string): Promise<number> {
  const member = (await activeStaff(deps)).find((each) => each.userId === userId);
  return member ? rankOf(member.grants, deps.clock.now()) : 0;
}
