import { z } from 'zod';
import { defineCommand } from '../../foundation/command/command.ts';
import { type ApprovalSubject, passkeyOf } from '../identity/index.ts';
import { askerOf } from './asker.ts';
import { checksOfCall, passedChecks } from './identity-check.ts';
import { openApproval } from './open-approval.ts';
import { requireSubject } from './request-mfa-reset.ts';

/** `checks`: items that passed; default: those of the caller check recorded for this call. */
const input = z.strictObject({ id: z.uuid(), passkeyId: z.uuid(), checks: passedChecks.optional() });
type Input = z.infer<typeof input>;

/**
 * Asks for one passkey of a customer to be removed, such as of a lost device; somebody else has to approve it within 48 hours.
 * @throws AppError 403 `forbidden`, `step_up_required`, 404 `not_found`, also for a passkey of somebody else, 409 `approval_open`, 422
 * `caller_check_required`
 */
export const requestPasskeyRemoval = defineCommand<Input, { approvalId: string; expiresAt: Date }, undefined, ApprovalSubject>({
  name: 'request-passkey-removal',
  resource: 'approval_request',
  access: 'user.remove_passkey',
  half: 'request',
  input,
  isIdempotent: true,
  load: (scope, { id }) => requireSubject(scope, id),
  subject: ({ facts }) => facts,
  preview: async () => ['Asks a second person to remove this passkey. Other factors stay.', 'Once approved the person is told.'],
  async run(scope, { id, passkeyId, checks }, subject) {
    const { by, words } = askerOf(scope);
    const passkey = await passkeyOf(scope, { userId: id, passkeyId });
    if (!passkey) return { refused: 'not_found' };
    const passed = await checksOfCall(scope, id, checks);
    if (!passed) return { refused: 'caller_check_required' };
    const opened = await openApproval(scope, {
      kind: 'passkey_removal',
      subjectUserId: id,
      subjectId: passkeyId,
      requestedBy: by,
      reason: words,
      summary: `passkey of ${passkey.createdAt.toISOString().slice(0, 10)}`,
      evidence: { passed },
      restsOn: { subject, parts: ['contact', 'person', 'status'] },
      ticket: scope.ticketId,
    });
    return opened ? { approvalId: opened.id, expiresAt: opened.expiresAt } : { refused: 'approval_open' };
  },
});
