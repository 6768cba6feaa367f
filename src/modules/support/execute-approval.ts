import type { ApprovalRequest, Prisma } from '@prisma/client';
import { z } from 'zod';
import { type Command, type CommandDeps, type CommandScope, defineCommand, type Refusal } from '../../foundation/command/command.ts';
import { AppError, fail } from '../../foundation/errors/app-error.ts';
import { addSeconds } from '../../foundation/runtime/clock.ts';
import { type ApprovalSubject, askForProof, lockSubject, proofSeconds, requireTwoPeople, resetMfa, takeSend } from '../identity/index.ts';
import type { ApprovalStep } from './approval-request.ts';
import { contactPayload } from './contact-payload.ts';
import { moveApproval, requireMove } from './move-approval.ts';

const input = z.strictObject({ approvalId: z.uuid() });
type Input = z.infer<typeof input>;
type Output = { isDone: true };
type Prepared = { maySend: boolean };

/** What a kind does once it is approved, and where that takes the request. Everything is asked before anything is written. */
type Executor = {
  name: string;
  resource: string;
  prepare?(deps: CommandDeps, request: ApprovalRequest): Promise<Prepared>;
  carryOut(scope: CommandScope, approved: Approved, prepared: Prepared): Promise<Next>;
};
type Approved = { request: ApprovalRequest; subject: ApprovalSubject; people: { requestedBy: string; approvedBy: string } };
type Next = { step: ApprovalStep; data: Prisma.ApprovalRequestUpdateManyMutationInput };

export type ExecutorCommand = Command<Input, Output, Prepared>;

/**
 * Carries out what two people decided, in one transaction with the request's next state, so that a repeated or parallel run finds
 * it done and is refused. Whether both people still may is asked again. What cannot be done any more ends as `failed` with its code.
 * @throws AppError 403 `four_eyes`, `forbidden`, 404 `not_found`, 409 `no_factor`, `transition_not_allowed`
 */
function executorOf(kind: ApprovalRequest['kind'], executor: Executor): ExecutorCommand {
  return defineCommand<Input, Output, Prepared>({
    name: executor.name,
    resource: executor.resource,
    access: 'system',
    input,
    isIdempotent: false,
    async prepare(deps, { approvalId }) {
      const request = await deps.database.prisma.approvalRequest.findFirst({ where: { id: approvalId, kind, status: 'approved' } });
      return request && executor.prepare ? executor.prepare(deps, request) : { maySend: false };
    },
    async run(scope, { approvalId }, _loaded, prepared) {
      const request = (await scope.tx.approvalRequest.findFirst({ where: { id: approvalId, kind } })) ?? fail('not_found');
      scope.touched(request.subjectUserId, approvalId);
      if (request.status !== 'approved') return { refused: 'transition_not_allowed' };
      scope.note(`requested by ${request.requestedBy}, approved by ${request.decidedBy}`);
      return attempt(scope, request, (approved) => executor.carryOut(scope, approved, prepared));
    },
  });
}

async function attempt(
  scope: CommandScope,
  request: ApprovalRequest,
  carryOut: (approved: Approved) => Promise<Next>,
): Promise<Output | Refusal> {
  let next: Next;
  try {
    const subject = (await lockSubject(scope, request.subjectUserId)) ?? fail('not_found');
    const people = { requestedBy: request.requestedBy, approvedBy: request.decidedBy ?? fail('four_eyes') };
    next = await carryOut({ request, subject, people });
  } catch (error) {
    // Nothing is half done by then. Anything that is not a refusal is tried again by the queue.
    if (!(error instanceof AppError) || error.status >= 500) throw error;
    await moveApproval(scope, request, { step: 'fail', data: { errorCode: error.code } });
    return { refused: error.code, details: error.details };
  }
  // The person may have called it off in between.
  await requireMove(scope, request, next);
  return { isDone: true };
}

const resetFactors = executorOf('mfa_reset', {
  name: 'reset-mfa',
  resource: 'user',
  async carryOut(scope, { subject, people }) {
    await resetMfa(scope, subject, people);
    return { step: 'execute', data: { executedAt: scope.now } };
  },
});

const startContactProof = executorOf('contact_change', {
  name: 'start-contact-proof',
  resource: 'approval_request',
  /** The cap of the new contact is counted before the transaction, as for every code. */
  async prepare(deps, request) {
    const contact = await contactPayload.open(deps, deps.database.prisma, request);
    return { maySend: contact !== null && (await takeSend(deps, 'contact_change', contact)) };
  },
  async carryOut(scope, { request, subject: { account }, people }, { maySend }) {
    await requireTwoPeople(scope, { permission: 'user.change_contact', userId: account.id, ...people });
    if (account.status !== 'active') fail('transition_not_allowed');
    const contact = (await contactPayload.open(scope.deps, scope.tx, request)) ?? fail('not_found');
    await askForProof(scope, { approvalId: request.id, account, contact, maySend });
    return { step: 'ask_proof', data: { expiresAt: addSeconds(scope.now, proofSeconds) } };
  },
});

/** By kind. An erasure has a day of its own (product.md 4.8) and is carried out by the privacy request it belongs to. */
export const executors = { mfa_reset: resetFactors, contact_change: startContactProof } as const;
