import { z } from 'zod';
import { type CommandDeps, type CommandScope, defineCommand } from '../../foundation/command/command.ts';
import { runCommand } from '../../foundation/command/run-command.ts';
import { openStatuses } from './approval-request.ts';
import { moveApproval } from './move-approval.ts';

const input = z.strictObject({ userId: z.uuid() });

type Forgotten = { rows: Record<string, number>; records: string[] };

const written = { not: null };

/** Free text of a privacy request. */
const noWords = { refusalText: null, decisionReason: null, extensionReason: null, outcome: null };

/** What is left of a ticket about somebody who is erased. */
const erasedTitle = 'About an erased person';

/**
 * Empties what tickets and requests hold of an erased person: contacts, reasons and other free text. That something was asked, by
 * whom it was decided and when stays as proof. Requests that were still open are called off, but for the erasure itself. Repeating
 * it finds nothing more.
 */
export const forgetApprovals = defineCommand<z.infer<typeof input>, Forgotten>({
  name: 'forget-approvals',
  resource: 'approval_request',
  access: 'system',
  input,
  isIdempotent: false,
  async run(scope, { userId }) {
    await callOffOpen(scope, userId);
    const approvals = await scope.tx.approvalRequest.updateMany({
      where: {
        subjectUserId: userId,
        OR: [{ payloadEnc: written }, { payloadSummary: written }, { reason: written }, { decisionReason: written }],
      },
      data: { payloadEnc: null, payloadSummary: null, reason: null, decisionReason: null, evidence: {}, version: { increment: 1 } },
    });
    const tickets = await scope.tx.ticket.updateMany({
      where: { subjectUserId: userId, OR: [{ title: { not: erasedTitle } }, { resolution: written }, { escalationReason: written }] },
      data: { title: erasedTitle, resolution: null, escalationReason: null, tags: [], checklist: [], version: { increment: 1 } },
    });
    const privacy = await scope.tx.privacyRequest.updateMany({
      where: {
        subjectUserId: userId,
        OR: [{ refusalText: written }, { decisionReason: written }, { extensionReason: written }, { outcome: written }],
      },
      data: { ...noWords, version: { increment: 1 } },
    });
    const rows = {
      'support.approval_request': approvals.count,
      'support.ticket': tickets.count,
      'support.privacy_request': privacy.count,
    };
    return { rows, records: [] };
  },
});

async function callOffOpen(scope: CommandScope, userId: string): Promise<void> {
  const open = await scope.tx.approvalRequest.findMany({
    where: { subjectUserId: userId, kind: { not: 'erasure' }, status: { in: [...openStatuses] } },
  });
  for (const request of open) {
    const isCancelled = await moveApproval(scope, request, { step: 'cancel' });
    if (!isCancelled) await moveApproval(scope, request, { step: 'fail', data: { errorCode: 'not_found' } });
  }
}

/** The same for the erasing job. */
export async function forgetApprovalsOf(deps: CommandDeps, { userId }: { userId: string }): Promise<Forgotten> {
  return (await runCommand(deps, forgetApprovals, { input: { userId } })).output;
}
