import type { ReviewCase } from '@prisma/client';
import type { CommandDeps } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import type { StaffActor } from '../../../foundation/runtime/actor.ts';
import { actorNames } from '../../identity/index.ts';
import { rejectionCodes } from '../case-rules.ts';
import { checklists } from '../checklists.ts';
import { isBlindFor, partIn, withoutFirstAnswer } from './case-reach.ts';
import { isHeld } from './case-record.ts';
import { rightsOf } from './case-rights.ts';
import type { CaseView, ChecklistLine, GivenAnswer } from './case-shapes.ts';
import { changesSince, hasRounds } from './changes.queries.ts';
import { type StoredAnswer, storedChecklist } from './checklist.ts';
import { clockOf } from './clock.ts';
import { conflictsWith, isAuthorOf } from './conflict.ts';
import { answersOf } from './decision.ts';
import { type CaseEvidence, evidenceOf } from './evidence.queries.ts';
import { noteFields } from './note-fields.ts';
import { closedWords, colleagueOf } from './queue.queries.ts';
import { roundsBefore } from './rounds.queries.ts';

export type ReviewCaseView = CaseView<CaseEvidence>;

/**
 * Everything the screen shows about one case: evidence by kind, what changed since the last round, the rounds before, signals, checklist,
 * who holds it, and what the reader may do with the sentence of each refusal. Of a first answer that the reader must not see yet,
 * nothing is loaded into it. The caller records the read.
 * @throws AppError 403 `forbidden` for whoever may not open it (F87), 404 `not_found`
 */
export async function caseView(deps: CommandDeps, staff: StaffActor, caseId: string): Promise<ReviewCaseView> {
  const { prisma } = deps.database;
  const now = deps.clock.now();
  const stored = (await prisma.reviewCase.findUnique({ where: { id: caseId } })) ?? fail('not_found');
  const part = await requirePart(deps, staff, stored);
  const isBlind = isBlindFor(stored, staff, now);
  const row = isBlind && stored.status === 'pending_second' ? withoutFirstAnswer(stored) : stored;
  const [evidence, rounds, conflict, isAuthor] = await Promise.all([
    evidenceOf(deps, stored, { isBlind }),
    roundsBefore(deps, stored, staff.id),
    conflictsWith(prisma, staff.id, [stored.ownerUserId]),
    isAuthorOf(prisma, staff.id, stored),
  ]);
  const before = rounds[0];
  const changes = before && hasRounds(stored.kind) ? await changesSince(deps, { ...stored, snapshotId: before.snapshotId }) : null;
  const checklist = storedChecklist(row);
  const answers = answersOf(row);
  const names = await actorNames(deps, peopleIn(stored, checklist, answers));
  const person = (who: string | null) => colleagueOf(who, names, staff.id);
  const holder = person(stored.claimedBy);
  const facts = { claimerName: holder?.name ?? null, conflict: conflict.get(stored.ownerUserId) ?? null, isAuthor };
  return {
    ...headOf(stored),
    clock: clockOf(stored, now),
    isSample: stored.sampleOfId !== null,
    escalation: escalationOf(stored, person),
    preparedBy: person(row.preparedBy),
    claim:
      holder && stored.claimedAt && stored.claimExpiresAt
        ? { by: holder, since: stored.claimedAt, until: stored.claimExpiresAt, isLapsed: !isHeld(stored, now) }
        : null,
    ...{ part, isBlind },
    checklist: linesOf(row, checklist, person),
    changes: changes && [...changes, ...evidence.changed(before?.decidedAt ?? null)],
    rounds: rounds.map(({ snapshotId: _, ...round }) => round),
    answers: answers.flatMap((answer): GivenAnswer[] => {
      const { by, at, acceptedFields: _, ...said } = answer;
      const who = person(by);
      return who ? [{ ...said, by: who, at: new Date(at) }] : [];
    }),
    signals: evidence.signals,
    evidence: evidence.evidence,
    noteFields: noteFields[stored.kind],
    rejectionCodes: rejectionCodes[stored.kind],
    rights: rightsOf(stored, staff, { now, facts }),
    now,
  };
}

/** @throws AppError 403 `forbidden` */
async function requirePart(deps: CommandDeps, staff: StaffActor, stored: ReviewCase): Promise<ReviewCaseView['part']> {
  const part = partIn(stored, staff, deps.clock.now());
  if (!part) {
    const names = await actorNames(deps, stored.claimedBy ? [stored.claimedBy] : []);
    fail('forbidden', { extra: { rule: 'not_yours', sentence: 'access.not_yours', words: closedWords(stored, names) } });
  }
  // Whoever looks at a decision again does not read it first by another door.
  const looksAgain = await deps.database.prisma.reviewCase.findFirst({
    where: { sampleOfId: stored.id, claimedBy: staff.id, status: 'claimed' },
    select: { id: true },
  });
  return looksAgain ? fail('forbidden', { extra: { rule: 'blind', words: 'You look at this one again; give your answer first.' } }) : part;
}

function headOf(row: ReviewCase) {
  const { id, version, kind, subjectId, subjectVersion, vendorId, ownerUserId, title, status, round, priority, riskScore } = row;
  const { createdAt: openedAt, needsSecond, needsLead } = row;
  return {
    ...{ id, version, kind, subjectId, subjectVersion, vendorId, ownerUserId, title, status, round, priority, riskScore },
    ...{ openedAt, needsSecond, needsLead },
  };
}

type Person = (who: string | null) => ReturnType<typeof colleagueOf>;

function escalationOf(
  { escalatedAt: at, escalatedBy, escalationReason: reason }: ReviewCase,
  person: Person,
): ReviewCaseView['escalation'] {
  const by = person(escalatedBy);
  return at && by ? { at, by, reason: reason ?? '' } : null;
}

function linesOf({ kind }: ReviewCase, given: readonly StoredAnswer[], person: Person): ChecklistLine[] {
  const byItem = new Map(given.map((answer) => [answer.item, answer]));
  return checklists[kind].map(({ item, label, mayBeNa }) => {
    const answer = byItem.get(item);
    return {
      item,
      label,
      mayBeNa,
      answer: answer?.answer ?? null,
      note: answer?.note ?? null,
      preparedBy: person(answer?.preparedBy ?? null),
    };
  });
}

function peopleIn(row: ReviewCase, checklist: readonly StoredAnswer[], answers: readonly { by: string }[]): string[] {
  const { claimedBy, preparedBy, escalatedBy } = row;
  const named = [
    claimedBy,
    preparedBy,
    escalatedBy,
    ...checklist.map((answer) => answer.preparedBy ?? null),
    ...answers.map(({ by }) => by),
  ];
  return [...new Set(named.filter((who) => who !== null))];
}
