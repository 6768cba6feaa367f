import type { ReviewCaseView } from '../../modules/review/index.ts';
import { sentence } from './evidence-words.ts';
import type { CaseJson, Outcome, Round } from './review-types.ts';
import { storedValue } from './stored-value.ts';

type View = Pick<ReviewCaseView, 'noteFields' | 'checklist'>;

const fieldLabel = ({ noteFields }: View, name: string) => noteFields.find(({ field }) => field === name)?.label ?? sentence(name);

/** What differs from the round before; an encrypted value only says that it changed. */
export function changesJson(changes: ReviewCaseView['changes']): CaseJson['changes'] {
  if (!changes) return null;
  return changes.map(({ field, label, before, after, isEncrypted }) => ({
    ...{ table: '', recordId: '', eventId: '', field, label },
    before: isEncrypted ? ({ kind: 'encrypted' } as const) : storedValue(before),
    after: isEncrypted ? ({ kind: 'encrypted' } as const) : storedValue(after),
  }));
}

export function roundJson(
  view: View,
  { caseId, round, decision, status, text, fieldNotes, decidedAt }: ReviewCaseView['rounds'][number],
): Round {
  return {
    ...{ id: caseId, round, text },
    at: decidedAt?.toISOString() ?? null,
    decision: decision ?? status,
    notes: fieldNotes.map(({ field, note }) => ({ label: fieldLabel(view, field), note })),
  };
}

export function answerJson(
  view: View,
  { part, decision, code, text, fieldNotes, checklist, by, at }: ReviewCaseView['answers'][number],
): Outcome {
  return {
    ...{ part, decision, text },
    by: by.isMe ? 'You' : by.name,
    at: at.toISOString(),
    code: code && sentence(code),
    notes: fieldNotes.map(({ field, note }) => ({ label: fieldLabel(view, field), note })),
    failed: checklist
      .filter(({ answer }) => answer === 'fail')
      .map(({ item, note }) => ({ label: view.checklist.find((line) => line.item === item)?.label ?? sentence(item), note: note ?? null })),
  };
}
