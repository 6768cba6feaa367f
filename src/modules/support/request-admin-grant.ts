import { z } from 'zod';
import { defineCommand } from '../../foundation/command/command.ts';
import { type ApprovalSubject, adminRoles, requireGrantable } from '../identity/index.ts';
import { askerOf } from './asker.ts';
import { grantPayload } from './grant-payload.ts';
import { openApproval } from './open-approval.ts';
import { requireSubject } from './request-mfa-reset.ts';

const input = z.strictObject({
  /** The colleague. */
  id: z.uuid(),
  role: z.enum(adminRoles),
  /** ISO 8601; absent means until revoked. */
  expiresAt: z.iso.datetime().optional(),
});
type Input = z.infer<typeof input>;

/**
 * Asks for a colleague to become admin or super admin. An admin may ask; a super admin who is somebody else approves, and both rank
 * above the colleague as they are now (product.md 5.1 rule 4).
 * @throws AppError 403 `forbidden`, `step_up_required`, 404 `not_found`, 409 `approval_open`, `already_exists`,
 * `transition_not_allowed`, 422 `invalid_value`, `role_not_allowed`
 */
export const requestAdminGrant = defineCommand<Input, { approvalId: string; expiresAt: Date }, undefined, ApprovalSubject>({
  name: 'request-admin-grant',
  resource: 'approval_request',
  access: 'staff_grant.grant_admin',
  half: 'request',
  input,
  isIdempotent: true,
  load: (scope, { id }) => requireSubject(scope, id),
  rightOf: (_subject, { role }) => (role === 'admin' ? 'staff_grant.grant_admin' : 'staff_grant.grant_super_admin'),
  subject: ({ facts }) => facts,
  async preview(_scope, { role }) {
    return [`Asks a super admin to give the role ${role.replace('_', ' ')}. Nothing changes before.`];
  },
  async run(scope, { id, role, expiresAt }, subject) {
    const { by, words } = askerOf(scope);
    const grant = { role, expiresAt: expiresAt === undefined ? null : new Date(expiresAt) };
    await requireGrantable(scope, subject, grant);
    const opened = await openApproval(scope, {
      kind: 'staff_grant',
      subjectUserId: id,
      requestedBy: by,
      reason: words,
      payload: grantPayload.seal(grant),
      summary: `${role.replace('_', ' ')}${expiresAt ? ` until ${expiresAt.slice(0, 10)}` : ''}`,
      evidence: { role },
      restsOn: { subject, parts: ['contact', 'person', 'status', 'grants'] },
      ticket: scope.ticketId,
    });
    return opened ? { approvalId: opened.id, expiresAt: opened.expiresAt } : { refused: 'approval_open' };
  },
});
