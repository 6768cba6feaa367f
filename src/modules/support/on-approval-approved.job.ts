import { z } from 'zod';
import { runCommand } from '../../foundation/command/run-command.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import { defineJob } from '../../foundation/jobs/job.ts';
import { outboxEventSchema } from '../../foundation/outbox/outbox-event.ts';
import { approvalKinds } from './approval-request.ts';
import { executorFor } from './execute-approval.ts';

const payload = z.object({ approvalId: z.uuid(), kind: z.enum(approvalKinds) });

/**
 * Carries out what a second person approved. Repeating is harmless: a request that is not approved any more is left alone. A refusal
 * is an answer, which stands in the request; only other failures are tried again.
 */
export const onApprovalApproved = defineJob({
  queue: 'support.on-approval-approved',
  payload: z.object({ event: outboxEventSchema(payload) }),
  async handle({ event: { payload: approved } }, deps) {
    const { approvalId, kind } = approved;
    const executor = executorFor(kind);
    if (!executor) return;
    try {
      await runCommand(deps, executor, { input: { approvalId } });
    } catch (error) {
      if (!(error instanceof AppError) || error.status >= 500) throw error;
      deps.log.info({ event: 'approval.refused', approvalId, errorCode: error.code });
    }
  },
});

export const approvalApprovedSubscription = { queue: onApprovalApproved.queue, events: ['support.approval.approved'] };
