import type { ApprovalRequest } from '@prisma/client';
import { z } from 'zod';
import type { AccessSubject } from '../../foundation/access/decide.ts';
import type { PermissionKey } from '../../foundation/access/matrix.ts';
import { type Command, type CommandScope, defineCommand, type Refusal } from '../../foundation/command/command.ts';
import { fail } from '../../foundation/errors/app-error.ts';
import { lockSubject } from '../identity/index.ts';
import { type ApprovalKind, type ApprovalStatus, approvalRights } from './approval-request.ts';
import { askerOf } from './asker.ts';
import { endLapsed, moveApproval } from './move-approval.ts';

/** `id` is the request's. */
const input = z.strictObject({ id: z.uuid() });
type Input = z.infer<typeof input>;
type Output = { status: ApprovalStatus; version: number };
type Loaded = { request: ApprovalRequest; subject: AccessSubject };

type Verb = 'approve' | 'deny' | 'cancel';
export type DecisionCommand = Command<Input, Output, undefined, Loaded>;

/**
 * The three commands for requests of one kind; each asks the right of that kind, so that no screen decides what somebody may.
 * - `approve`, `deny`: not the requester, not the person, rank above the person, a factor of the last five minutes, a reason
 * - `cancel`: the requester
 * @throws AppError 403 `four_eyes`, `forbidden`, `step_up_required`, 404 `not_found` (also for a request of another kind), 409
 * `transition_not_allowed`, `version_conflict`
 */
function decisionsOf(kind: ApprovalKind, access: PermissionKey): Record<Verb, DecisionCommand> {
  const command = (verb: Verb) =>
    defineCommand<Input, Output, undefined, Loaded>({
      name: `${verb}-request`,
      resource: 'approval_request',
      access,
      half: verb === 'cancel' ? 'withdraw' : 'approve',
      input,
      isIdempotent: true,
      load: (scope, { id }) => load(scope, id, kind),
      subject: ({ subject }) => subject,
      version: ({ request }) => request.version,
      preview: async () => [effects[verb]],
      run: (scope, _input, { request }) => (verb === 'cancel' ? withdraw(scope, request) : decide(scope, request, verb)),
    });
  return { approve: command('approve'), deny: command('deny'), cancel: command('cancel') };
}

const effects: Readonly<Record<Verb, string>> = {
  approve: 'Carries the request out at once. Your name and the other person stand in the history.',
  deny: 'Ends the request. Nothing changes.',
  cancel: 'Takes your request back. Nothing changes.',
};

async function load(scope: CommandScope, id: string, kind: ApprovalKind): Promise<Loaded> {
  const request = await scope.tx.approvalRequest.findUnique({ where: { id } });
  const person = request?.kind === kind ? await lockSubject(scope, request.subjectUserId) : null;
  if (!request || !person) return fail('not_found');
  return { request, subject: { ...person.facts, requestedById: request.requestedBy } };
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

/** By what is asked for; the MFA of a colleague is a right of its own. */
export const decisions = {
  mfa_reset: decisionsOf('mfa_reset', approvalRights.mfa_reset),
  staff_mfa_reset: decisionsOf('mfa_reset', 'staff.reset_mfa'),
  contact_change: decisionsOf('contact_change', approvalRights.contact_change),
  erasure: decisionsOf('erasure', approvalRights.erasure),
} as const;
