import { useCallback, useEffect, useRef, useState } from 'react';
import { Problem } from '../../admin/components/admin-api.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import type { Answer, CaseJson, ChecklistEntry } from './review-types.ts';
import type { CaseWriter } from './use-case-writer.component.tsx';
import { useDraft } from './use-draft.component.tsx';

/** What was answered or noted here and is not on the server yet. */
type Own = Readonly<Record<string, { answer: Answer | null; note: string }>>;

/** `kept`: a note whose item has no answer yet stays in the tab. `held`: a second answer, which goes up with its decision. */
export type Saving =
  | { kind: 'saved' }
  | { kind: 'kept' }
  | { kind: 'held' }
  | { kind: 'waiting' }
  | { kind: 'saving' }
  | { kind: 'failed'; problem: Problem };

export type Checklist = {
  entries: readonly ChecklistEntry[];
  saving: Saving;
  change: (item: string, part: { answer?: Answer; note?: string }) => void;
  /** Saves what waits. False where it could not be saved. */
  flush: () => Promise<boolean>;
};

const afterAnswerMs = 250;
const afterWordsMs = 900;

/** The checklist of a case, saved while it is filled in. Answers wait in the tab until the server has them, through reloads too. */
export function useChecklist(shown: Pick<CaseJson, 'id' | 'version' | 'checklist' | 'mode'>, writer: CaseWriter): Checklist {
  const [own, setOwn] = useDraft<Own>(shown.id, 'checklist', readOwn);
  const [stored, setStored] = useState(shown.checklist);
  const [saving, setSaving] = useState<Saving>({ kind: own ? 'waiting' : 'saved' });
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);
  const tail = useRef<Promise<boolean>>(Promise.resolve(true));
  useEffect(() => setStored(shown.checklist), [shown.checklist]);
  const entries = merged(stored, own);
  const latest = useRef({ entries, own });
  latest.current = { entries, own };
  const save = useCallback(async () => {
    const { entries: sent, own: drafted } = latest.current;
    if (!drafted || shown.mode === 'read') return true;
    // A second answer is sent whole, with its checklist: nothing of it is kept before.
    if (shown.mode === 'second') {
      setSaving({ kind: 'held' });
      return true;
    }
    setSaving({ kind: 'saving' });
    try {
      const checklist = sent.flatMap(({ item, answer, note }) =>
        answer ? [{ item, answer, ...(note.trim() ? { note: note.trim() } : {}) }] : [],
      );
      await writer.write(shown.mode === 'prepare' ? 'prepare' : 'saveChecklist', { input: { checklist } });
      setStored(sent);
      // What was typed meanwhile, and notes without an answer, stay here.
      const left = remaining(latest.current.own, sent);
      latest.current = { entries: merged(sent, left), own: left };
      setOwn(left);
      setSaving({ kind: left === null ? 'saved' : isOnlyNotes(left) ? 'kept' : 'waiting' });
      return true;
    } catch (error) {
      setSaving({
        kind: 'failed',
        problem: error instanceof Problem ? error : new Problem(0, { detail: t('The server cannot be reached.') }),
      });
      return false;
    }
  }, [shown.mode, setOwn, writer]);
  const queue = useCallback(() => {
    clearTimeout(timer.current);
    tail.current = tail.current.then(save);
    return tail.current;
  }, [save]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another version of the case takes what an older one refused.
  useEffect(() => {
    // What was typed before a reload, or was refused on an older version, goes up now.
    if (latest.current.own) void queue();
    return () => {
      clearTimeout(timer.current);
    };
  }, [queue, shown.version]);
  const change: Checklist['change'] = (item, part) => {
    const entry = entries.find((each) => each.item === item);
    if (!entry) return;
    const next = { answer: part.answer ?? entry.answer, note: part.note ?? entry.note };
    const drafted = { ...(own ?? {}), [item]: next };
    latest.current = { entries: merged(stored, drafted), own: drafted };
    setOwn(drafted);
    setSaving({ kind: 'waiting' });
    clearTimeout(timer.current);
    timer.current = setTimeout(() => void queue(), part.answer ? afterAnswerMs : afterWordsMs);
  };
  return { entries, saving, change, flush: queue };
}

function merged(stored: readonly ChecklistEntry[], own: Own | null): readonly ChecklistEntry[] {
  if (!own) return stored;
  return stored.map((entry) => {
    const mine = Object.hasOwn(own, entry.item) ? own[entry.item] : undefined;
    return mine ? { ...entry, ...mine } : entry;
  });
}

function remaining(own: Own | null, sent: readonly ChecklistEntry[]): Own | null {
  const left = Object.entries(own ?? {}).filter(([item, { answer, note }]) => {
    const entry = sent.find((each) => each.item === item);
    return !entry || answer === null || entry.answer !== answer || entry.note !== note;
  });
  return left.length === 0 ? null : Object.fromEntries(left);
}

function isOnlyNotes(own: Own): boolean {
  return Object.values(own).every(({ answer }) => answer === null);
}

const answers: readonly unknown[] = ['pass', 'fail', 'na', null];

function readOwn(kept: unknown): Own | null {
  if (typeof kept !== 'object' || kept === null) return null;
  const isOwn = Object.values(kept).every(
    (entry: unknown) =>
      typeof entry === 'object' &&
      entry !== null &&
      answers.includes(Reflect.get(entry, 'answer')) &&
      typeof Reflect.get(entry, 'note') === 'string',
  );
  return isOwn ? (kept as Own) : null;
}

/** Why it cannot be approved with these answers, in a sentence; null when it can. */
export function approvalRefusal(entries: readonly ChecklistEntry[]): string | null {
  const failed = entries.filter(({ answer }) => answer === 'fail').length;
  const open = entries.filter(({ answer }) => answer === null).length;
  if (failed === 1) return t('Approving needs every item to pass: 1 fails.');
  if (failed > 1) return t('Approving needs every item to pass: {count} fail.', { count: failed });
  if (open === 1) return t('Approving needs an answer to every item: 1 is open.');
  return open > 1 ? t('Approving needs an answer to every item: {count} are open.', { count: open }) : null;
}
