import type { ApprovalRequest } from '@prisma/client';
import { z } from 'zod';
import { type Command, type CommandScope, defineCommand, type Refusal } from '../../foundation/command/command.ts';
import { fail } from '../../foundation/errors/app-error.ts';
import { type ApprovalSubject, lockSubject } from '../identity/index.ts';
import { approvalEffects } from './approval-effects.ts';
import { approvalRight } from './approval-evidence.ts';
import type { ApprovalStatus } from './approval-request.ts';
import { askerOf } from './asker.ts';
import { endLapsed, moveApproval } from './move-approval.ts';

/** `id` is the request's. */
const input = z.strictObject({ id: z.uuid() });
type Input = z.infer<typeof input>;
type Output = { status: ApprovalStatus; version: number };
type Loaded = { request: ApprovalRequest; subject: ApprovalSubject };

type Verb = 'approve' | 'deny' | 'cancel';
export type DecisionCommand = Command<Input, Output, undefined, Loaded>;

/**
 * The three commands of a request that exists; each asks the right of the request's own kind, read from the locked row.
 * - `approve`, `deny`: not the requester, not the person, rank above the person, a factor of the last five minutes, a reason
 * - `cancel`: the requester
 * @throws AppError 403 `four_eyes`, `forbidden`, `step_up_required`, 404 `not_found`, 409 `transition_not_allowed`, `version_conflict`
 */
function decision(verb: Verb): DecisionCommand {
  return defineCommand<Input, Output, undefined, Loaded>({
    name: `${verb}-request`,
    resource: 'approval_request',
    access: 'approval_request.decide',
    half: verb === 'cancel' ? 'withdraw' : 'approve',
    input,
    isIdempotent: true,
    load,
    rightOf: ({ request, subject }) => approvalRight(request, subject.facts.kind === 'staff'),
    subject: ({ request, subject }) => ({ ...subject.facts, requestedById: request.requestedBy }),
    version: ({ request }) => request.version,
    async preview(scope, _input, { request, subject }) {
      return verb === 'approve' ? approvalEffects(scope, request, subject) : [effects[verb]];
    },
    run: (scope, _input, { request }) => (verb === 'cancel' ? withdraw(scope, request) : decide(scope, request, verb)),
  });
}

const effects = {
  deny: 'Ends the request. Nothing changes, and whoever asked is told.',
  cancel: 'Takes your request back. Nothing changes.',
} as const;

/** The person first, then the request as it is behind that lock: of n people who decide at once, the others see what the first did. */
async function load(scope: CommandScope, { id }: Input): Promise<Loaded> {
  const found = await scope.tx.approvalRequest.findUnique({ where: { id }, select: { subjectUserId: true } });
  const subject = found && (await lockSubject(scope, found.subjectUserId));
  const request = subject && (await scope.tx.approvalRequest.findUnique({ where: { id } }));
  return request ? { request, subject } : fail('not_found');
}

async function decide(scope: CommandScope, request: ApprovalRequest, verb: 'approve' | 'deny'): Promise<Output | Refusal> {
  if (await endLapsed(scope, request)) return { refused: 'transition_not_allowed' };
  const { by, words } = askerOf(scope);
  const data = { decidedBy: by, decidedAt: scope.now, decisionReason: words };
  const isDone = await moveApproval(scope, request, { step: verb, data });
  return isDone
    ? { status: verb === 'approve' ? 'approved' : 'denied', version: request.version + 1 }
    : { refused: 'transition_not_allowed' };
}

async function withdraw(scope: CommandScope, request: ApprovalRequest): Promise<Output | Refusal> {
  if (request.requestedBy !== askerOf(scope).by) return { refused: 'forbidden', details: { extra: { rule: 'not_yours' } } };
  if (await endLapsed(scope, request)) return { refused: 'transition_not_allowed' };
  const isDone = request.status === 'requested' && (await moveApproval(scope, request, { step: 'cancel' }));
  return isDone ? { status: 'cancelled', version: request.version + 1 } : { refused: 'transition_not_allowed' };
}

export const decisions = { approve: decision('approve'), deny: decision('deny'), cancel: decision('cancel') } as const;
