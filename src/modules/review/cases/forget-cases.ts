import { z } from 'zod';
import { type CommandDeps, defineCommand } from '../../../foundation/command/command.ts';
import { runCommand } from '../../../foundation/command/run-command.ts';

const input = z.strictObject({ userId: z.uuid() });
type Forgotten = { rows: Record<string, number>; records: string[] };

/**
 * Ends the open cases of an erased person and takes every word out of all of theirs: name, messages, notes, remarks of checklists. That
 * there was a case, what was decided, when and by whom stays. Repeating it finds nothing more.
 */
export const forgetCases = defineCommand<z.infer<typeof input>, Forgotten>({
  name: 'forget-cases',
  resource: 'review_case',
  access: 'system',
  input,
  isIdempotent: false,
  async run({ tx, touched, note }, { userId }) {
    const version = { increment: 1 };
    await tx.reviewCase.updateMany({
      where: { ownerUserId: userId, status: { in: ['queued', 'claimed', 'pending_second'] } },
      data: { status: 'withdrawn', claimedBy: null, claimedAt: null, claimExpiresAt: null, pausedAt: null, version },
    });
    const cleared = await tx.reviewCase.updateManyAndReturn({
      where: { ownerUserId: userId, title: { not: null } },
      data: {
        ...{ title: null, decisionText: null, secondText: null, escalationReason: null },
        ...{ fieldNotes: [], checklist: [], answers: [], version },
      },
      select: { id: true },
    });
    touched(...cleared.map(({ id }) => id));
    note(`${cleared.length} cases of an erased person`);
    return { rows: { 'review.review_case': cleared.length }, records: cleared.map(({ id }) => `review.review_case:${id}`) };
  },
});

/** The same for the erasing job. */
export async function forgetCasesOf(deps: CommandDeps, { userId }: { userId: string }): Promise<Forgotten> {
  return (await runCommand(deps, forgetCases, { input: { userId } })).output;
}
