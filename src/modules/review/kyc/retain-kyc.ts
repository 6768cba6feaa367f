import type { Prisma } from '@prisma/client';
import { z } from 'zod';
import { type CommandDeps, type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { runCommand } from '../../../foundation/command/run-command.ts';
import { defineJob } from '../../../foundation/jobs/job.ts';
import { deletePrivateFile, isPersonHeld } from '../../identity/index.ts';

const input = z.strictObject({ id: z.uuid() });
const atOnce = 200;

/**
 * Deletes the proofs of a submission past its retention: documents, files, name and birthday. That there was one, and who decided on it,
 * stays. Nothing is deleted of somebody on legal hold. Repeating it finds nothing more.
 */
export const retireKyc = defineCommand<z.infer<typeof input>, { deleted: number }>({
  name: 'retire-kyc',
  resource: 'kyc_submission',
  access: 'system',
  input,
  isIdempotent: false,
  async run(scope, { id }) {
    const { tx, now } = scope;
    await tx.$queryRaw`SELECT 1 AS locked FROM review.kyc_submission WHERE id = ${id}::uuid FOR UPDATE`;
    const due = await tx.kycSubmission.findFirst({ where: { id, ...stillThere(now) } });
    if (!due || (await isPersonHeld(tx, due.ownerUserId))) return { deleted: 0 };
    scope.touched(id, due.ownerUserId);
    return { deleted: await deleteProofs(scope, id) };
  },
});

/** Past its time, and not deleted yet: the time itself stays, as part of the decision. */
const stillThere = (now: Date): Prisma.KycSubmissionWhereInput => ({
  retentionUntil: { lte: now },
  OR: [{ legalNameEnc: { not: null } }, { documents: { some: {} } }],
});

/** Documents and files, and what the submission itself holds of the person. Returns how many documents there were. */
export async function deleteProofs(scope: CommandScope, submissionId: string): Promise<number> {
  const documents = await scope.tx.kycDocument.findMany({ where: { submissionId }, select: { fileId: true } });
  for (const { fileId } of documents) await deletePrivateFile(scope, fileId);
  await scope.tx.kycDocument.deleteMany({ where: { submissionId } });
  await scope.tx.kycSubmission.updateMany({
    where: { id: submissionId },
    data: {
      ...{ legalNameEnc: null, legalNameMasked: null, dateOfBirthEnc: null, notesToVendor: null, providerReference: null },
      version: { increment: 1 },
    },
  });
  return documents.length;
}

/** Every night; repeating it is harmless: what is gone is not found again, and what is held waits for the next night. */
export const retainKycJob = defineJob({
  queue: 'review.retain-kyc',
  payload: z.object({}),
  policy: 'exclusive',
  schedule: '40 2 * * *',
  handle: (_payload, deps) => retainKyc(deps),
});

/** All that are due. Held ones are passed over, however many stand in front. */
export async function retainKyc(deps: CommandDeps): Promise<void> {
  let after = '00000000-0000-0000-0000-000000000000';
  for (;;) {
    const due = await deps.database.prisma.kycSubmission.findMany({
      where: { id: { gt: after }, ...stillThere(deps.clock.now()) },
      select: { id: true },
      orderBy: { id: 'asc' },
      take: atOnce,
    });
    for (const { id } of due) await runCommand(deps, retireKyc, { input: { id } });
    const last = due.at(-1);
    if (!last) return;
    after = last.id;
  }
}
