import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { lockOwnAccount } from '../../identity/index.ts';
import { cancelApproval } from '../open-approval.ts';
import { openRequestOf, requireStep } from './privacy-request.ts';

/**
 * Calls the own erasure off, until the moment it is carried out: both lock the person. What staff had begun to approve ends with it.
 * @throws AppError 404 `not_found` where none is open
 */
export const withdrawErasure = defineCommand<object, { requestId: string }>({
  name: 'withdraw-erasure',
  resource: 'privacy_request',
  access: 'owner',
  input: z.object({}),
  isIdempotent: false,
  async run(scope) {
    const account = await lockOwnAccount(scope);
    const request = await openRequestOf(scope.tx, account.id, 'erase');
    if (!request) return fail('not_found');
    if (request.approvalId) await cancelApproval(scope, request.approvalId);
    await requireStep(scope, request, 'withdraw');
    return { requestId: request.id };
  },
});
