import type { ReviewCase } from '@prisma/client';
import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { emitCase, moveCase } from './case-record.ts';
import { subjectFacts } from './subject.ts';

const input = z.strictObject({ kind: z.enum(['vendor', 'kyc', 'product', 'product_revision']), subjectId: z.uuid() });
type Input = z.infer<typeof input>;

/**
 * Ends the open case of something that its owner took back, or that was decided elsewhere; whoever held it is told. A subject that waits
 * again, because it was handed in anew before this event came, keeps its case. Repeating it finds nothing more.
 */
export const withdrawCase = defineCommand<Input, { withdrawn: number }>({
  name: 'withdraw-case',
  resource: 'review_case',
  access: 'system',
  input,
  isIdempotent: false,
  async run(scope, { kind, subjectId }) {
    const open = await lockOpen(scope, { kind, subjectId });
    if (!open) return { withdrawn: 0 };
    const facts = await subjectFacts(scope.tx, open);
    if (facts && facts.state !== 'elsewhere') return { withdrawn: 0 };
    await endCase(scope, open);
    return { withdrawn: 1 };
  },
});

/** `withdraw` of the table, with the event for whoever held the case, or gave its first answer. */
export async function endCase(scope: CommandScope, open: ReviewCase): Promise<void> {
  const ended = await moveCase(scope, open, 'withdraw');
  emitCase(scope, 'released', ended, { staffId: open.claimedBy ?? open.decidedBy, cause: 'withdrawn' });
}

async function lockOpen({ tx }: CommandScope, { kind, subjectId }: Input): Promise<ReviewCase | null> {
  const [open] = await tx.$queryRaw<{ id: string }[]>`
    SELECT c.id FROM review.review_case c
     WHERE c.kind = ${kind}::review.case_kind AND c.subject_id = ${subjectId}::uuid AND c.sample_of_id IS NULL
       AND c.status IN ('queued', 'claimed', 'pending_second') FOR UPDATE`;
  return open ? tx.reviewCase.findUnique({ where: { id: open.id } }) : null;
}
