import type { CaseJson, ChecklistEntry, DecisionName } from './review-types.ts';
import { useDraft } from './use-draft.component.tsx';

/** The forms of the decision pane, by the action they send. */
export type FormName = 'approve' | 'requestChanges' | 'reject' | 'escalate' | 'secondApprove' | 'secondDisagree';

export type DecisionDraft = { text: string; code: string; notes: readonly { field: string; note: string }[] };

const empty: DecisionDraft = { text: '', code: '', notes: [] };

/** What was written into a form, kept through a reload. Notes of failed items begin the notes to their fields. */
export function useDecisionDraft(shown: CaseJson, name: FormName, entries: readonly ChecklistEntry[]) {
  const [kept, setDraft] = useDraft<DecisionDraft>(shown.id, `form:${name}`, readDraft);
  const draft = kept ?? (name === 'requestChanges' ? { ...empty, notes: notesOf(shown, entries) } : empty);
  return { draft, change: (part: Partial<DecisionDraft>) => setDraft({ ...draft, ...part }) };
}

function notesOf({ fields }: CaseJson, entries: readonly ChecklistEntry[]): DecisionDraft['notes'] {
  return entries.flatMap(({ item, answer, note }) =>
    answer === 'fail' && note.trim() !== '' && fields.some(({ value }) => value === item) ? [{ field: item, note: note.trim() }] : [],
  );
}

function readDraft(kept: unknown): DecisionDraft | null {
  if (typeof kept !== 'object' || kept === null) return null;
  const { text, code, notes } = kept as Partial<Record<keyof DecisionDraft, unknown>>;
  if (typeof text !== 'string' || typeof code !== 'string' || !Array.isArray(notes)) return null;
  return { text, code, notes: notes.filter(isNote) };
}

function isNote(value: unknown): value is DecisionDraft['notes'][number] {
  if (typeof value !== 'object' || value === null) return false;
  return typeof Reflect.get(value, 'field') === 'string' && typeof Reflect.get(value, 'note') === 'string';
}

/** Notes that say something; the others are lines somebody opened and left. */
export function writtenNotes({ notes }: DecisionDraft): DecisionDraft['notes'] {
  return notes.flatMap(({ field, note }) => (note.trim() === '' ? [] : [{ field, note: note.trim() }]));
}

const shortestText = 20;

/** Why it cannot be sent yet, in a sentence; null when it can. The server has the last word. */
export function openPoint(name: FormName, draft: DecisionDraft, words: DraftWords): string | null {
  const length = draft.text.trim().length;
  if (name === 'reject') {
    if (draft.code === '') return words.code;
    return length < shortestText ? words.text(shortestText - length) : null;
  }
  if (name === 'requestChanges') return writtenNotes(draft).length === 0 ? words.notes : null;
  if (name === 'escalate' || name === 'secondDisagree') return length < 10 ? words.reason : null;
  return null;
}

export type DraftWords = { code: string; notes: string; reason: string; text: (missing: number) => string };

/** Which message of the case the form would send; null where the vendor is told nothing. */
export function messageOf(name: FormName): DecisionName | null {
  switch (name) {
    case 'approve':
    case 'secondApprove':
      return 'approve';
    case 'requestChanges':
      return 'request_changes';
    case 'reject':
      return 'reject';
    case 'escalate':
    case 'secondDisagree':
      return null;
    default:
      return name satisfies never;
  }
}
