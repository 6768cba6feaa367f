import type { StaffRoleGrant } from '@prisma/client';
import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { actorIdOf } from '../../../foundation/runtime/actor.ts';
import { reasonText } from '../customers/reason-words.ts';
import { loadStaffMember, type StaffMember, staffName, staffSubject } from './staff-record.ts';

/** `id` is the grant's. */
const input = z.strictObject({ id: z.uuid() });
type Input = z.infer<typeof input>;
type Loaded = { grant: StaffRoleGrant; member: StaffMember };

const load = async (scope: CommandScope, { id }: Input): Promise<Loaded> => {
  const grant = (await scope.tx.staffRoleGrant.findUnique({ where: { id } })) ?? fail('not_found');
  return { grant, member: await loadStaffMember(scope, grant.userId) };
};

const preview = async (_scope: CommandScope, _input: Input, { grant, member }: Loaded) => [
  `Takes the role ${grant.role.replaceAll('_', ' ')} from ${staffName(member.account)} at their next click.`,
  'Sends an email.',
];

/** @throws AppError 403 `forbidden` for admin and super admin grants, 404 `not_found`, 409 `transition_not_allowed` */
export const revokeRole = defineCommand<Input, { userId: string }, undefined, Loaded>({
  name: 'revoke-role',
  resource: 'staff_grant',
  access: 'staff_grant.revoke',
  input,
  load,
  subject: ({ member }) => staffSubject(member),
  preview,
  async run(scope, _input, { grant }) {
    if (grant.role === 'admin' || grant.role === 'super_admin')
      return { refused: 'forbidden', details: { extra: { rule: 'admin_grant' } } };
    return revoke(scope, grant);
  },
});

/** Super admins are removed only by an operator on the server. @throws AppError 403 `forbidden`, 404 `not_found`, 409 `transition_not_allowed` */
export const revokeAdminRole = defineCommand<Input, { userId: string }, undefined, Loaded>({
  name: 'revoke-admin-role',
  resource: 'staff_grant',
  access: 'staff_grant.revoke_admin',
  input,
  load,
  subject: ({ member }) => staffSubject(member),
  preview,
  async run(scope, _input, { grant }) {
    if (grant.role !== 'admin') return { refused: 'forbidden', details: { extra: { rule: 'not_an_admin_grant' } } };
    return revoke(scope, grant);
  },
});

async function revoke(scope: CommandScope, grant: StaffRoleGrant) {
  const { count } = await scope.tx.staffRoleGrant.updateMany({
    where: { id: grant.id, revokedAt: null },
    data: { revokedAt: scope.now, revokedBy: actorIdOf(scope.actor), revokeReason: reasonText(scope.reason), version: { increment: 1 } },
  });
  if (count === 0) return { refused: 'transition_not_allowed' } as const;
  scope.touched(grant.userId, grant.id);
  scope.emit({
    name: 'identity.grant.revoked',
    aggregateId: grant.userId,
    payload: { userId: grant.userId, role: grant.role, grantId: grant.id },
  });
  return { userId: grant.userId };
}
