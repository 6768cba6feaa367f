import { z } from 'zod';
import { defineCommand } from '../../foundation/command/command.ts';
import { addSeconds } from '../../foundation/runtime/clock.ts';
import { changeContact, lockOwnAccount, otpSchema, proveContact, requireFresh, undoSeconds, whyNoProof } from '../identity/index.ts';
import { isLapsed } from './approval-request.ts';
import { requireMove } from './move-approval.ts';
import { approvalOf } from './open-approval.ts';

const input = z.object({ flowId: z.string(), code: otpSchema });
type Input = z.infer<typeof input>;

/**
 * The code of the new contact comes back: the contact changes at once, every session ends, both contacts are told. Of n parallel
 * right codes one succeeds: they queue on the account's row.
 * @throws AppError 401 `otp_invalid`, `otp_expired`, `otp_exhausted`, 403 `reauth_required`, `account_frozen`, 410 `flow_expired`,
 * 422 `otp_malformed`
 */
export const verifyContactChange = defineCommand<
  Input,
  { requestId: string; status: 'executed' },
  undefined,
  Awaited<ReturnType<typeof lockOwnAccount>>
>({
  name: 'verify-contact-change',
  resource: 'approval_request',
  access: 'owner',
  input,
  isIdempotent: false,
  load: lockOwnAccount,
  async run(scope, { flowId, code }, account) {
    requireFresh(scope, account, scope.deps.config.reauthFreshSeconds);
    const request = await approvalOf(scope.tx, { kind: 'contact_change', subjectId: account.id });
    // Without an open change only the flow itself says why: unknown, over, or of another purpose.
    const isOpen = request?.status === 'awaiting_proof' && !isLapsed(request, scope.now);
    if (!isOpen) return { refused: await whyNoProof(scope, flowId) };
    const proven = await proveContact(scope, { approvalId: request.id, account, flowId, code });
    if ('refused' in proven) return proven;
    await changeContact(scope, { account, contact: proven.contact, approvalId: request.id });
    const data = { executedAt: scope.now, undoUntil: addSeconds(scope.now, undoSeconds) };
    await requireMove(scope, request, { step: 'execute', data });
    return { requestId: request.id, status: 'executed' };
  },
});
