import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../foundation/command/command.ts';
import { newId } from '../../foundation/runtime/new-id.ts';
import { endProof, type Restored, restoreContact } from '../identity/index.ts';
import { moveApproval } from './move-approval.ts';
import { approvalOf } from './open-approval.ts';
import { openTicket } from './open-ticket.ts';

const input = z.object({ token: z.string().max(512) });

/**
 * The holder of the old contact takes a change back within 72 hours, once: the old contact is back, every session ends, an open
 * further change is called off and an urgent case is opened.
 * @throws AppError 410 `token_expired` for unknown, used and over-age tokens alike
 */
export const undoContactChange = defineCommand<z.infer<typeof input>, { caseId: string }>({
  name: 'undo-contact-change',
  resource: 'approval_request',
  access: 'public',
  input,
  isIdempotent: false,
  async run(scope, { token }) {
    const restored = await restoreContact(scope, token);
    if (!restored) return { refused: 'token_expired', details: { status: 410 } };
    await markUndone(scope, restored);
    await callOffNext(scope, restored.userId);
    const { ticketId } = await openTicket(scope, {
      id: newId(),
      category: 'account_access',
      priority: 'urgent',
      title: restored.isRestored
        ? 'A contact change was taken back by the holder of the old contact'
        : 'A contact change was taken back, but the old contact belongs to another account now',
      subjectUserId: restored.userId,
      tags: ['contact_change_undone'],
    });
    return { caseId: ticketId };
  },
});

async function markUndone(scope: CommandScope, { approvalId, isRestored }: Restored): Promise<void> {
  const request = await scope.tx.approvalRequest.findUnique({ where: { id: approvalId } });
  if (request && isRestored) await moveApproval(scope, request, { step: 'undo' });
}

/** Whoever changed the contact may be about to change it again. */
async function callOffNext(scope: CommandScope, userId: string): Promise<void> {
  const next = await approvalOf(scope.tx, { kind: 'contact_change', subjectId: userId });
  if (next && (await moveApproval(scope, next, { step: 'cancel' }))) await endProof(scope, next.id);
}
