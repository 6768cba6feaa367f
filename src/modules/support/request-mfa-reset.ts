import { z } from 'zod';
import type { PermissionKey } from '../../foundation/access/matrix.ts';
import { type CommandScope, defineCommand, type Refusal } from '../../foundation/command/command.ts';
import { fail } from '../../foundation/errors/app-error.ts';
import { type ApprovalSubject, lockSubject, secondFactorsOf } from '../identity/index.ts';
import { askerOf } from './asker.ts';
import { checksOfCall, passedChecks } from './identity-check.ts';
import { openApproval } from './open-approval.ts';

/** `checks`: items that passed; default: those of the caller check recorded for this call. */
const customerInput = z.strictObject({ id: z.uuid(), checks: passedChecks.optional() });
const staffInput = z.strictObject({ id: z.uuid() });

type Output = { approvalId: string; expiresAt: Date };

/**
 * Asks for the second factors of a customer who lost theirs to be removed; somebody else has to approve it within 48 hours.
 * @throws AppError 403 `forbidden`, `step_up_required`, 404 `not_found`, 409 `approval_open`, `no_factor`,
 * 422 `caller_check_required`
 */
export const requestMfaReset = defineCommand<z.infer<typeof customerInput>, Output, undefined, ApprovalSubject>({
  ...shared('user.reset_mfa'),
  input: customerInput,
  load: (scope, { id }) => requireSubject(scope, id),
  async run(scope, { id, checks }, subject) {
    const passed = await checksOfCall(scope, id, checks);
    return passed ? open(scope, subject, { passed }) : { refused: 'caller_check_required' };
  },
});

/**
 * The same for a colleague: an admin asks, a super admin approves, and both rank above them.
 * @throws AppError as requestMfaReset
 */
export const requestStaffMfaReset = defineCommand<z.infer<typeof staffInput>, Output, undefined, ApprovalSubject>({
  ...shared('staff.reset_mfa'),
  input: staffInput,
  load: (scope, { id }) => requireSubject(scope, id),
  run: (scope, _input, subject) => open(scope, subject, {}),
});

function shared(access: PermissionKey) {
  return {
    name: 'request-mfa-reset',
    resource: 'approval_request',
    access,
    half: 'request' as const,
    isIdempotent: true,
    subject: ({ facts }: ApprovalSubject) => facts,
    preview: async () => [
      'Asks a second person to remove authenticator, recovery codes and passkeys.',
      'Once approved all sessions end, payouts are held for 24 hours and the person is told.',
    ],
  };
}

/** @throws AppError 404 `not_found` */
export async function requireSubject(scope: CommandScope, userId: string): Promise<ApprovalSubject> {
  const subject = await lockSubject(scope, userId);
  return subject && subject.account.status !== 'erased' ? subject : fail('not_found');
}

async function open(scope: CommandScope, subject: ApprovalSubject, evidence: { passed?: readonly string[] }): Promise<Output | Refusal> {
  const { account, facts } = subject;
  const { by, words } = askerOf(scope);
  const factors = secondFactorsOf(account);
  if (factors.length === 0) return { refused: 'no_factor' };
  const opened = await openApproval(scope, {
    kind: 'mfa_reset',
    subjectUserId: account.id,
    requestedBy: by,
    reason: words,
    summary: factors.join(', '),
    evidence: { passed: [...(evidence.passed ?? [])] },
    restsOn: { subject, parts: ['contact', 'person', 'status', 'factors', ...(facts.kind === 'staff' ? (['grants'] as const) : [])] },
    ticket: scope.ticketId,
  });
  return opened ? { approvalId: opened.id, expiresAt: opened.expiresAt } : { refused: 'approval_open' };
}
