import { z } from 'zod';
import { defineCommand } from '../../foundation/command/command.ts';
import { beginWorkflow, readWorkflow } from '../../foundation/jobs/workflow-run.ts';
import { newId } from '../../foundation/runtime/new-id.ts';
import { isStalled, verificationWorkflow } from './verification.queries.ts';

/** Published when staff ask for a verification; taken up by `audit.verify-now`. */
export const verificationRequested = 'audit.verify.requested';

const input = z.strictObject({ scope: z.enum(['full', 'since_verified']).default('full') });

/**
 * "Verify now": notes a run and asks the worker for it. While one is under way its id is given instead, so that impatience
 * starts nothing twice. Progress: readVerification().
 */
export const requestVerification = defineCommand({
  name: 'request-verification',
  resource: 'audit',
  access: 'audit.verify',
  input,
  async run(scope, { scope: wanted }) {
    const open = await readWorkflow({ prisma: scope.tx }, { name: verificationWorkflow });
    if (open && (open.status === 'waiting' || open.status === 'running') && !isStalled(open, scope.now)) return { runId: open.id };
    const runId = await beginWorkflow(scope.tx, { name: verificationWorkflow, key: newId(), step: wanted });
    scope.touched(runId);
    scope.emit({ name: verificationRequested, aggregateId: runId, payload: { runId, scope: wanted } });
    return { runId };
  },
});
