import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { isPersonHeld, loadCustomer } from '../../identity/index.ts';
import { requestSeconds } from '../approval-request.ts';
import { openApproval } from '../open-approval.ts';
import { type PrivacyRecord, privacySubject } from './privacy-record.ts';
import { openRequestOf } from './privacy-request.ts';

const input = z.strictObject({
  /** The person who asked to be erased. */
  id: z.uuid(),
});

/**
 * The first of the two members of staff: has looked into an erasure that its owner asked for and puts it before the second. They may do
 * so while the grace runs; it is carried out at its end at the earliest, and not before the second agrees.
 * @throws AppError 403 `forbidden`, 404 `not_found` where the person asked for none, 409 `in_progress` where it is before somebody,
 * `legal_hold`, `transition_not_allowed` before the person is verified
 */
export const askErasureApproval = defineCommand<z.infer<typeof input>, { approvalId: string }, undefined, PrivacyRecord>({
  name: 'ask-erasure-approval',
  resource: 'user',
  access: 'user.erase',
  half: 'request',
  input,
  isIdempotent: true,
  async load(scope, { id }) {
    const customer = await loadCustomer(scope, { id });
    const request = await openRequestOf(scope.tx, id, 'erase');
    return request ? { request, customer } : fail('not_found');
  },
  subject: privacySubject,
  async preview(_scope, _input, { request: { cancelUntil } }) {
    return [`A second person decides. Carried out after ${cancelUntil?.toISOString().slice(0, 10) ?? 'the grace'} at the earliest.`];
  },
  async run(scope, { id }, record) {
    const { request, customer } = record;
    if (scope.actor.kind !== 'staff') return fail('forbidden');
    if (request.status === 'received') return { refused: 'transition_not_allowed' };
    if (await isPersonHeld(scope.tx, id)) return { refused: 'legal_hold' };
    const opened = await openApproval(scope, {
      kind: 'erasure',
      subjectUserId: id,
      requestedBy: scope.actor.id,
      reason: scope.reason?.text ?? scope.reason?.code ?? null,
      summary: `erasure asked for on ${request.createdAt.toISOString().slice(0, 10)}`,
      // Somebody else's hands on the account between the request and its day must not carry it through.
      restsOn: { subject: { account: customer.account, facts: { userId: id, kind: customer.account.kind, rank: 0 } }, parts: ['contact'] },
      ticket: scope.ticketId,
      expiresAt: addSeconds(scope.now, requestSeconds),
    });
    if (!opened) return { refused: 'in_progress' };
    await scope.tx.privacyRequest.updateMany({ where: { id: request.id }, data: { approvalId: opened.id, version: { increment: 1 } } });
    scope.touched(request.id, id);
    return { approvalId: opened.id };
  },
});
