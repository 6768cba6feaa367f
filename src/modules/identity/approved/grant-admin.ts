import type { CommandScope } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import { areGrantsSound } from '../staff/create-staff.ts';
import { activeGrants } from '../staff/staff-account.ts';
import { requireTwoPeople } from '../staff/two-people.ts';
import type { ApprovalSubject } from './subject.ts';

/** The roles that one person alone cannot give (product.md 5.3). */
export const adminRoles = ['admin', 'super_admin'] as const;
export type AdminRole = (typeof adminRoles)[number];

export type AdminGrant = { role: AdminRole; expiresAt: Date | null };

/**
 * Whether the role can be given to this person at all; asked when it is requested and when it is carried out.
 * @throws AppError 409 `already_exists`, `transition_not_allowed` for a closed account or a customer, 422 `invalid_value`,
 * `role_not_allowed` beside an auditor's grant
 */
export async function requireGrantable(scope: CommandScope, { account }: ApprovalSubject, { role, expiresAt }: AdminGrant): Promise<void> {
  if (account.kind !== 'staff' || account.status !== 'active') fail('transition_not_allowed');
  if (expiresAt && expiresAt <= scope.now) fail('invalid_value');
  const held = await activeGrants(scope.tx, account.id, scope.now);
  if (held.some((grant) => grant.role === role)) fail('already_exists');
  if (!areGrantsSound([...held, { role, isLead: false }])) fail('role_not_allowed');
}

type Approved = { requestedBy: string; approvedBy: string; approvalId: string; reason: string };

/**
 * Gives the role that one person asked for and another approved. Nothing is written before it is clear that both still may.
 * @throws AppError 403 `four_eyes`, `forbidden`, and those of requireGrantable()
 */
export async function grantAdmin(
  scope: CommandScope,
  subject: ApprovalSubject,
  { role, expiresAt, requestedBy, approvedBy, approvalId, reason }: AdminGrant & Approved,
): Promise<void> {
  const userId = subject.account.id;
  const permission = role === 'admin' ? 'staff_grant.grant_admin' : 'staff_grant.grant_super_admin';
  await requireTwoPeople(scope, { permission, userId, subject: subject.facts, requestedBy, approvedBy });
  await requireGrantable(scope, subject, { role, expiresAt });
  await makeRoom(scope, userId, role);
  const grantId = newId();
  await scope.tx.staffRoleGrant.createMany({
    data: { id: grantId, createdAt: scope.now, userId, role, reason, grantedBy: approvedBy, approvalId, expiresAt },
  });
  scope.touched(userId, grantId);
  scope.emit({ name: 'identity.grant.added', aggregateId: userId, payload: { userId, role, grantId } });
}

/** A run-out grant of the same role still holds its place in the unique index. */
async function makeRoom({ tx, now }: CommandScope, userId: string, role: AdminRole): Promise<void> {
  await tx.staffRoleGrant.updateMany({
    where: { userId, role, revokedAt: null, expiresAt: { lte: now } },
    data: { revokedAt: now, revokeReason: 'expired', version: { increment: 1 } },
  });
}
