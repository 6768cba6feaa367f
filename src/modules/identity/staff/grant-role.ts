import { z } from 'zod';
import { roles } from '../../../foundation/access/roles.ts';
import { defineCommand } from '../../../foundation/command/command.ts';
import { actorIdOf } from '../../../foundation/runtime/actor.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import { reasonText } from '../customers/reason-words.ts';
import { areGrantsSound } from './create-staff.ts';
import { endRunOutGrants } from './end-run-out-grants.ts';
import { highestRank, loadStaffMember, type StaffMember, staffName, staffSubject } from './staff-record.ts';

const input = z.strictObject({
  id: z.uuid(),
  role: z.enum(roles),
  isLead: z.boolean().default(false),
  /** ISO 8601; absent means until revoked. */
  expiresAt: z.iso.datetime().optional(),
});
type Input = z.infer<typeof input>;

const adminRank = 80;

/**
 * Gives a member of staff a role below admin. Admin and super admin need a second person and are refused here.
 * @throws AppError 403 `four_eyes`, `forbidden`, 404 `not_found`, 409 `already_exists`,
 * `transition_not_allowed` for a disabled account, 422 `role_not_allowed`, `invalid_value`
 */
export const grantRole = defineCommand<Input, { grantId: string }, undefined, StaffMember>({
  name: 'grant-role',
  resource: 'staff_grant',
  access: 'staff_grant.grant',
  input,
  load: (scope, { id }) => loadStaffMember(scope, id),
  subject: staffSubject,
  async preview(_scope, body, { account }) {
    return [
      `Gives ${staffName(account)} the role ${wordsOf(body)}${body.expiresAt ? ` until ${body.expiresAt.slice(0, 10)}` : ''}.`,
      'Takes effect at their next click. Sends an email.',
    ];
  },
  async run(scope, body, member) {
    if (highestRank([body]) >= adminRank) return { refused: 'four_eyes', details: { extra: { rule: 'admin_grant_two_people' } } };
    if (member.account.status !== 'active') return { refused: 'transition_not_allowed' };
    const expiresAt = body.expiresAt ? new Date(body.expiresAt) : null;
    if (expiresAt && expiresAt <= scope.now) return { refused: 'invalid_value' };
    if (member.grants.some(({ role }) => role === body.role)) return { refused: 'already_exists' };
    if (!areGrantsSound([...member.grants, body])) return { refused: 'role_not_allowed' };
    const grantId = newId();
    // A run-out grant of the same role still holds its place in the unique index.
    await endRunOutGrants(scope, { userId: body.id, role: body.role });
    await scope.tx.staffRoleGrant.createMany({
      data: {
        id: grantId,
        createdAt: scope.now,
        userId: body.id,
        role: body.role,
        isLead: body.isLead,
        reason: reasonText(scope.reason),
        grantedBy: actorIdOf(scope.actor) ?? body.id,
        expiresAt,
      },
    });
    scope.touched(body.id, grantId);
    scope.emit({ name: 'identity.grant.added', aggregateId: body.id, payload: { userId: body.id, role: body.role, grantId } });
    return { grantId };
  },
});

const wordsOf = ({ role, isLead }: Pick<Input, 'role' | 'isLead'>) => `${role.replaceAll('_', ' ')}${isLead ? ' lead' : ''}`;
