import type { ReviewCase } from '@prisma/client';
import { z } from 'zod';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { tiedTo } from './cases/conflict.ts';

export type DecidedKind = ReviewCase['kind'];

type Asked = { kind: DecidedKind; subjectId: string; caseId: string | null; notAfter: Date };

const notesShape = z.array(z.object({ field: z.string(), note: z.string() })).catch([]);

/**
 * For messages: what the reviewer wrote to the owner, text and notes word for word, of the case named, or of the last one of the subject
 * that was decided by `notAfter`. Null where there is none, for example for a step that no case led to.
 */
export async function decisionWords(
  { database }: Pick<CommandDeps, 'database'>,
  { kind, subjectId, caseId, notAfter }: Asked,
): Promise<{ text: string | null; notes: { field: string; note: string }[] } | null> {
  const found = await database.prisma.reviewCase.findFirst({
    where: {
      kind,
      status: { in: ['approved', 'rejected', 'changes_requested'] },
      ...(caseId ? { id: caseId } : { subjectId, decidedAt: { lte: notAfter }, sampleOfId: null }),
    },
    orderBy: { decidedAt: 'desc' },
    select: { decisionText: true, fieldNotes: true },
  });
  return found && { text: found.decisionText, notes: notesShape.parse(found.fieldNotes) };
}

/** For messages: what the owner of a store was told about the proofs as a whole; null where nothing was written. */
export async function noteOnDocuments({ database }: Pick<CommandDeps, 'database'>, vendorId: string): Promise<string | null> {
  const row = await database.prisma.kycSubmission.findUnique({ where: { vendorId }, select: { notesToVendor: true } });
  return row?.notesToVendor ?? null;
}

/** For notices to staff: the facts of a case that name nobody. Null when there is no such case. */
export async function caseFacts(
  { database }: Pick<CommandDeps, 'database'>,
  caseId: string,
): Promise<Pick<
  ReviewCase,
  'id' | 'kind' | 'round' | 'status' | 'ownerUserId' | 'claimedBy' | 'preparedBy' | 'decidedBy' | 'secondBy' | 'decision' | 'needsLead'
> | null> {
  return database.prisma.reviewCase.findUnique({
    where: { id: caseId },
    select: {
      ...{ id: true, kind: true, round: true, status: true, ownerUserId: true, claimedBy: true, preparedBy: true },
      ...{ decidedBy: true, secondBy: true, decision: true, needsLead: true },
    },
  });
}

/** For notices to staff: of these colleagues, those who share nothing with the owner and may judge. */
export async function untiedOf(
  { database }: Pick<CommandDeps, 'database'>,
  ownerUserId: string,
  staffIds: readonly string[],
): Promise<readonly string[]> {
  const tied = await tiedTo(database.prisma, ownerUserId, staffIds);
  return staffIds.filter((id) => !tied.has(id));
}
