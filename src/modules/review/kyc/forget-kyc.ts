import { z } from 'zod';
import { type CommandDeps, defineCommand } from '../../../foundation/command/command.ts';
import { runCommand } from '../../../foundation/command/run-command.ts';
import { deleteProofs } from './retain-kyc.ts';

const input = z.strictObject({ userId: z.uuid() });

type Forgotten = { rows: Record<string, number>; records: string[] };

/**
 * Deletes the proofs of an erased person; their files are gone already, and what was sealed opens no more. That there was a submission,
 * and who decided on it, stays. Repeating it finds nothing more.
 */
const forgetKyc = defineCommand<z.infer<typeof input>, Forgotten>({
  name: 'forget-kyc',
  resource: 'kyc_submission',
  access: 'system',
  input,
  isIdempotent: false,
  async run(scope, { userId }) {
    const { tx } = scope;
    const documents = await tx.kycDocument.findMany({ where: { ownerUserId: userId }, select: { id: true } });
    const submissions = await tx.kycSubmission.findMany({ where: { ownerUserId: userId }, select: { id: true } });
    for (const { id } of submissions) await deleteProofs(scope, id);
    scope.touched(...submissions.map(({ id }) => id));
    scope.note(`${documents.length} documents of an erased person`);
    const records = [
      ...documents.map(({ id }) => `review.kyc_document:${id}`),
      ...submissions.map(({ id }) => `review.kyc_submission:${id}`),
    ];
    return { rows: { 'review.kyc_document': documents.length, 'review.kyc_submission': submissions.length }, records };
  },
});

/** The same for the erasing job. */
export async function forgetKycOf(deps: CommandDeps, { userId }: { userId: string }): Promise<Forgotten> {
  return (await runCommand(deps, forgetKyc, { input: { userId } })).output;
}
