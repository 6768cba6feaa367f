import type { ReviewCase } from '@prisma/client';
import { z } from 'zod';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { type FieldError, validationError } from '../../../foundation/errors/app-error.ts';
import { rejectionCodes } from '../case-rules.ts';
import { answers, checklistFaults, checklists } from '../checklists.ts';
import type { CaseDecision } from './case-shapes.ts';
import type { StoredAnswer } from './checklist.ts';

const shortestRejection = 20;
const shortestWords = 10;

/** A field by its name in the API, also a part of it such as `media.0.alt`. */
export const fieldNote = z.strictObject({
  field: z
    .string()
    .max(60)
    .regex(/^[A-Za-z]\w*(?:\.\w+)*$/),
  note: z.string().trim().min(3).max(500),
});
const words = z.string().trim().max(2000);

/** What somebody sends with a decision; `checklist` replaces what is kept so far. */
export const decisionInput = z.strictObject({
  id: z.uuid(),
  code: z.string().max(40).optional(),
  text: words.optional(),
  fieldNotes: z.array(fieldNote).max(40).optional(),
  checklist: z
    .array(z.strictObject({ item: z.string().max(40), answer: z.enum(answers), note: z.string().trim().max(500).optional() }))
    .max(40)
    .optional(),
  /** Of a proposed change: what is taken over; left out, all of it. */
  acceptedFields: z.array(z.string().max(60)).min(1).max(40).optional(),
});
export type DecisionInput = z.infer<typeof decisionInput>;

/** An answer as it is kept in the case, with all that the person said. */
export const givenAnswer = z.object({
  part: z.enum(['first', 'second']),
  decision: z.enum(['approve', 'reject', 'request_changes']),
  code: z.string().nullable(),
  text: z.string().nullable(),
  fieldNotes: z.array(z.object({ field: z.string(), note: z.string() })),
  checklist: z.array(z.object({ item: z.string(), answer: z.enum(answers), note: z.string().optional() })),
  acceptedFields: z.array(z.string()).nullable(),
  by: z.string(),
  at: z.string(),
});
export type StoredDecision = z.infer<typeof givenAnswer>;

export function answersOf({ answers: kept }: Pick<ReviewCase, 'answers'>): StoredDecision[] {
  return z.array(givenAnswer).catch([]).parse(kept);
}

/**
 * Whether a decision is whole: an approval has an answer to every item and no fail; a rejection a code of its kind and 20 characters; a
 * request for changes at least one note on a field.
 * @throws AppError 422 with every fault at its place
 */
export function requireWhole(
  reviewCase: Pick<ReviewCase, 'kind'>,
  decision: CaseDecision,
  {
    code,
    text = '',
    fieldNotes = [],
    checklist,
  }: Pick<DecisionInput, 'code' | 'text' | 'fieldNotes'> & { checklist: readonly StoredAnswer[] },
): void {
  const faults: FieldError[] = [...checklistFaults(reviewCase.kind, checklist, decision)];
  if (decision === 'reject') faults.push(...rejectionFaults(reviewCase, { code, text }));
  if (decision === 'request_changes' && fieldNotes.length === 0) faults.push({ path: 'fieldNotes', code: 'required' });
  if (decision !== 'reject' && code !== undefined) faults.push({ path: 'code', code: 'invalid_value' });
  if (faults.length > 0) throw validationError(faults);
}

function rejectionFaults({ kind }: Pick<ReviewCase, 'kind'>, { code, text }: { code: string | undefined; text: string }): FieldError[] {
  const known: readonly string[] = rejectionCodes[kind];
  const faults: FieldError[] = [];
  if (code === undefined) faults.push({ path: 'code', code: 'required' });
  else if (!known.includes(code)) faults.push({ path: 'code', code: 'invalid_value' });
  if (text.length < shortestRejection || new Set(text).size < 2)
    faults.push({ path: 'text', code: text === '' ? 'required' : 'too_short' });
  return faults;
}

/** Words that ask or explain: at least ten characters that say something. @throws AppError 422 at `text` */
export function requireWords(text: string | undefined): string {
  const said = text?.trim() ?? '';
  if (said === '') throw validationError([{ path: 'text', code: 'required' }]);
  if (said.length < shortestWords || new Set(said).size < 2) throw validationError([{ path: 'text', code: 'too_short' }]);
  return said;
}

/**
 * What the history says of a decision in one line (product.md 6.2): which case, version and snapshot, every answer of the checklist, how
 * long it took, and by whom. The words to the vendor stand in the event of the case.
 */
export function noteDecision(
  scope: CommandScope,
  reviewCase: ReviewCase,
  said: {
    decision: CaseDecision | 'second_approve' | 'second_disagree';
    code: string | null;
    checklist: readonly StoredAnswer[];
    people: string;
  },
): void {
  const { id, kind, round, subjectVersion, snapshotId, createdAt } = reviewCase;
  const minutes = Math.round((scope.now.getTime() - createdAt.getTime()) / 60_000);
  const failed = said.checklist.filter(({ answer }) => answer === 'fail').length;
  const given = said.checklist.map(({ item, answer }) => `${item} ${answer}`).join(', ');
  scope.note(
    [
      `${said.decision.replaceAll('_', ' ')}${said.code ? ` (${said.code})` : ''}: ${kind} case ${id}, round ${round}, version ${subjectVersion}`,
      snapshotId ? `snapshot ${snapshotId}` : 'no snapshot',
      `checklist ${said.checklist.length} of ${checklists[kind].length} answered, ${failed} failed${given ? `: ${given}` : ''}`,
      said.people,
      `${minutes} minutes from submission`,
    ].join('; '),
  );
}
