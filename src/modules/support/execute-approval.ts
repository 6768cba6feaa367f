import type { ApprovalRequest, Prisma } from '@prisma/client';
import { z } from 'zod';
import { type Command, type CommandDeps, type CommandScope, defineCommand, type Refusal } from '../../foundation/command/command.ts';
import { AppError, fail } from '../../foundation/errors/app-error.ts';
import { addSeconds } from '../../foundation/runtime/clock.ts';
import {
  type ApprovalSubject,
  askForProof,
  changeBankAccount,
  grantAdmin,
  lockSubject,
  proofSeconds,
  removePasskeyByTwo,
  requireTwoPeople,
  resetMfa,
  secondFactorsOf,
  takeSend,
} from '../identity/index.ts';
import { changedSinceAsked } from './approval-evidence.ts';
import type { ApprovalStep } from './approval-request.ts';
import { bankPayload } from './bank-payload.ts';
import { contactPayload } from './contact-payload.ts';
import { grantPayload } from './grant-payload.ts';
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
 * @throws AppError 403 `four_eyes`, `forbidden`, 404 `not_found`, 409 `no_factor`, `subject_changed`, `transition_not_allowed`
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
      const found = (await scope.tx.approvalRequest.findFirst({ where: { id: approvalId, kind } })) ?? fail('not_found');
      // Behind the lock that every step of a request takes: of two workers the second finds it done.
      await lockSubject(scope, found.subjectUserId);
      const request = await scope.tx.approvalRequest.findUniqueOrThrow({ where: { id: approvalId } });
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

/**
 * What was asked for must still be what is there: whom the caller was checked against, and what is to be taken away.
 * @throws AppError 409 `subject_changed`
 */
async function requireUnchanged(scope: CommandScope, { request, subject }: Approved): Promise<void> {
  const changed = await changedSinceAsked(scope, subject, request);
  if (changed.length > 0) fail('subject_changed', { extra: { changed } });
}

const executed = ({ now }: CommandScope): Next => ({ step: 'execute', data: { executedAt: now } });

const resetFactors = executorOf('mfa_reset', {
  name: 'reset-mfa',
  resource: 'user',
  async carryOut(scope, approved) {
    const { subject, people } = approved;
    // What is plainer than "changed" is said as it is.
    if (subject.account.status !== 'active' && subject.account.status !== 'suspended') fail('transition_not_allowed');
    if (secondFactorsOf(subject.account).length === 0) fail('no_factor');
    await requireUnchanged(scope, approved);
    await resetMfa(scope, subject, people);
    return executed(scope);
  },
});

const removeOnePasskey = executorOf('passkey_removal', {
  name: 'remove-passkey',
  resource: 'user',
  async carryOut(scope, approved) {
    const { request, subject, people } = approved;
    await requireUnchanged(scope, approved);
    await removePasskeyByTwo(scope, subject, { passkeyId: request.subjectId, ...people });
    return executed(scope);
  },
});

const giveAdminRole = executorOf('staff_grant', {
  name: 'grant-admin',
  resource: 'staff_grant',
  async carryOut(scope, approved) {
    const { request, subject, people } = approved;
    const grant = (await grantPayload.open(scope.deps, scope.tx, request)) ?? fail('not_found');
    await requireUnchanged(scope, approved);
    await grantAdmin(scope, subject, { ...grant, ...people, approvalId: request.id, reason: request.reason ?? 'asked for by a colleague' });
    return executed(scope);
  },
});

const changePayoutAccount = executorOf('bank_change', {
  name: 'change-bank-account',
  resource: 'vendor_bank_account',
  async carryOut(scope, approved) {
    const { request, subject, people } = approved;
    await requireUnchanged(scope, approved);
    const change = (await bankPayload.open(scope.deps, scope.tx, request)) ?? fail('not_found');
    await changeBankAccount(scope, subject, { change, ...people });
    return executed(scope);
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
  async carryOut(scope, approved, { maySend }) {
    const { request, people } = approved;
    const { account } = approved.subject;
    await requireTwoPeople(scope, { permission: 'user.change_contact', userId: account.id, ...people });
    if (account.status !== 'active') fail('transition_not_allowed');
    await requireUnchanged(scope, approved);
    const contact = (await contactPayload.open(scope.deps, scope.tx, request)) ?? fail('not_found');
    await askForProof(scope, { approvalId: request.id, account, contact, maySend });
    return { step: 'ask_proof', data: { expiresAt: addSeconds(scope.now, proofSeconds) } };
  },
});

/** By kind. An erasure has a day of its own (product.md 4.8) and is carried out by the privacy request it belongs to. */
export const executors = {
  mfa_reset: resetFactors,
  contact_change: startContactProof,
  passkey_removal: removeOnePasskey,
  staff_grant: giveAdminRole,
  bank_change: changePayoutAccount,
} as const;

/** The executor of a kind; null for those that another module carries out. */
export function executorFor(kind: ApprovalRequest['kind']): ExecutorCommand | null {
  return Object.entries(executors).find(([name]) => name === kind)?.[1] ?? null;
}
