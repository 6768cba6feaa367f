import { z } from 'zod';
import { defineCommand } from '../../foundation/command/command.ts';
import { endProof, lockOwnAccount } from '../identity/index.ts';
import { endLapsed, requireMove } from './move-approval.ts';
import { approvalOf } from './open-approval.ts';

const input = z.object({});

/**
 * The customer calls the own contact change off, whoever asked for it, until it is effective; its code dies with it.
 * @throws AppError 404 `not_found` where none is open
 */
export const cancelContactChange = defineCommand<
  z.infer<typeof input>,
  Record<string, never>,
  undefined,
  Awaited<ReturnType<typeof lockOwnAccount>>
>({
  name: 'cancel-contact-change',
  resource: 'approval_request',
  access: 'owner',
  input,
  isIdempotent: false,
  load: lockOwnAccount,
  async run(scope, _input, account) {
    const request = await approvalOf(scope.tx, { kind: 'contact_change', subjectId: account.id });
    if (!request || (await endLapsed(scope, request))) return { refused: 'not_found' };
    await requireMove(scope, request, { step: 'cancel' });
    await endProof(scope, request.id);
    return {};
  },
});
