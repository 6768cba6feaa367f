import type { KycDocument, KycSubmission } from '@prisma/client';
import { z } from 'zod';
import type { AccessSubject } from '../../../foundation/access/decide.ts';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { leaseSeconds } from '../case-rules.ts';
import { staffIn } from '../cases/case-record.ts';
import { tiedTo } from '../cases/conflict.ts';
import { caseToLookAt } from './document-reach.ts';

/** `id`: the submission, as on its record page. */
export const documentInput = z.strictObject({ id: z.uuid(), documentId: z.uuid() });

/** `hasConflict`: something ties the caller to the owner; then they look at no proof, whoever they are (F88). */
export type ReachedDocument = { submission: KycSubmission; document: KycDocument; caseId: string | null; hasConflict: boolean };

/** A document with the case for which the caller may look at it, if any. @throws AppError 404 `not_found` */
export async function loadDocument(scope: CommandScope, { id, documentId }: z.infer<typeof documentInput>): Promise<ReachedDocument> {
  const staff = staffIn(scope);
  const caseId = await caseToLookAt(scope, staff, id);
  const found = await scope.tx.kycDocument.findFirst({ where: { id: documentId, submissionId: id }, include: { submission: true } });
  if (!found) fail('not_found');
  const { submission, ...document } = found;
  const ties = await tiedTo(scope.tx, submission.ownerUserId, [staff.id]);
  return { submission, document, caseId, hasConflict: ties.size > 0 };
}

export function documentSubject({ submission, caseId, hasConflict }: ReachedDocument): AccessSubject {
  return { userId: submission.ownerUserId, kind: 'vendor', rank: 0, isOwn: caseId !== null, hasConflict };
}

/** Looking at a proof is work on the case: the claim of its holder starts its half hour again. The version stays, so nobody's form ages. */
export async function renewClaim(scope: CommandScope, caseId: string | null): Promise<void> {
  if (caseId === null) return;
  await scope.tx.reviewCase.updateMany({
    where: { id: caseId, status: 'claimed', claimedBy: staffIn(scope).id },
    data: { claimExpiresAt: addSeconds(scope.now, leaseSeconds) },
  });
}
