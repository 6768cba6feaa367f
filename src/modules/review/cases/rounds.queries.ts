import type { ReviewCase } from '@prisma/client';
import { z } from 'zod';
import type { CommandDeps } from '../../../foundation/command/command.ts';
import { actorNames } from '../../identity/index.ts';
import type { PreviousRound } from './case-shapes.ts';
import { fieldNote } from './decision.ts';
import { colleagueOf } from './queue.queries.ts';

const shown = 10;

/** The rounds before this one, the last first, with the words that the vendor read; a second look has those of the case it looks at. */
export async function roundsBefore(
  deps: CommandDeps,
  { kind, subjectId, round, sampleOfId, createdAt }: ReviewCase,
  readerId: string,
): Promise<(PreviousRound & { snapshotId: string | null })[]> {
  const { prisma } = deps.database;
  const looked = sampleOfId
    ? await prisma.reviewCase.findUnique({ where: { id: sampleOfId }, select: { round: true, createdAt: true } })
    : null;
  const rows = await prisma.reviewCase.findMany({
    where: {
      ...{ kind, subjectId, sampleOfId: null, round: { lt: looked?.round ?? round }, createdAt: { lte: looked?.createdAt ?? createdAt } },
      status: { in: ['approved', 'rejected', 'changes_requested'] },
    },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: shown,
  });
  const names = await actorNames(
    deps,
    rows.flatMap(({ decidedBy, secondBy }) => [decidedBy, secondBy].filter((id) => id !== null)),
  );
  return rows.map((row) => ({
    ...{ caseId: row.id, round: row.round, status: row.status, decision: row.decision, code: row.decisionCode, text: row.decisionText },
    fieldNotes: notesOf(row),
    decidedBy: colleagueOf(row.decidedBy, names, readerId),
    secondBy: colleagueOf(row.secondBy, names, readerId),
    ...{ decidedAt: row.decidedAt, snapshotId: row.snapshotId },
  }));
}

export function notesOf({ fieldNotes }: Pick<ReviewCase, 'fieldNotes'>): { field: string; note: string }[] {
  return z.array(fieldNote).catch([]).parse(fieldNotes);
}
