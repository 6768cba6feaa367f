import { z } from 'zod';
import { roles } from '../../../foundation/access/roles.ts';
import { type CommandDeps, defineCommand } from '../../../foundation/command/command.ts';
import { actorIdOf } from '../../../foundation/runtime/actor.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import { isEnabled } from '../../../foundation/settings/live-settings.ts';
import { reasonText } from '../customers/reason-words.ts';
import { areGrantsSound } from './create-staff.ts';
import { endRunOutGrants } from './end-run-out-grants.ts';
import { loadStaffMember, type StaffMember, staffName, staffSubject } from './staff-record.ts';

/** Every role but the highest: who is super admin is decided by two people, always. */
export const breakGlassRoles = roles.filter((role) => role !== 'super_admin');

const input = z.strictObject({ id: z.uuid(), role: z.enum(breakGlassRoles) });
type Input = z.infer<typeof input>;

const breakGlassSeconds = 3600;

/**
 * Gives a colleague a role for 60 minutes in an emergency, admin included and without a second person. It is shown on each of their
 * pages and looked at afterwards: support opens a ticket on the event. Off unless the flag `break_glass` is on.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `feature_disabled`, `already_exists`, `transition_not_allowed`, 422 `role_not_allowed`
 */
export const breakGlass = defineCommand<Input, { grantId: string; expiresAt: Date }, { isOn: boolean }, StaffMember>({
  name: 'break-glass',
  resource: 'staff_grant',
  access: 'staff_grant.break_glass',
  input,
  prepare: async (deps: CommandDeps) => ({ isOn: await isEnabled(deps, 'break_glass') }),
  load: (scope, { id }) => loadStaffMember(scope, id),
  subject: staffSubject,
  preview: async (_scope, { role }, { account }) => [
    `Gives ${staffName(account)} the role ${role.replaceAll('_', ' ')} for 60 minutes, from their next click.`,
    'Shown on every page of theirs. Opens a ticket for the review. Sends an email.',
  ],
  async run(scope, { id, role }, member, { isOn }) {
    if (!isOn) return { refused: 'feature_disabled' };
    if (member.account.status !== 'active') return { refused: 'transition_not_allowed' };
    if (member.grants.some((grant) => grant.role === role)) return { refused: 'already_exists' };
    if (!areGrantsSound([...member.grants, { role, isLead: false }])) return { refused: 'role_not_allowed' };
    const grantId = newId();
    const by = actorIdOf(scope.actor) ?? id;
    const expiresAt = addSeconds(scope.now, breakGlassSeconds);
    await endRunOutGrants(scope, { userId: id, role });
    await scope.tx.staffRoleGrant.createMany({
      data: {
        id: grantId,
        createdAt: scope.now,
        userId: id,
        role,
        reason: reasonText(scope.reason),
        grantedBy: by,
        expiresAt,
        isBreakGlass: true,
      },
    });
    scope.touched(id, grantId);
    scope.emit({ name: 'identity.grant.added', aggregateId: id, payload: { userId: id, role, grantId } });
    scope.emit({ name: 'identity.grant.broke_glass', aggregateId: id, payload: { userId: id, role, grantId, grantedBy: by } });
    return { grantId, expiresAt };
  },
});
