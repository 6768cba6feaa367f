import { useEffect, useMemo, useState } from 'react';
import { newKey, Problem, postJson } from './admin-api.component.tsx';
import type { Action, Receipt, RecordJson } from './admin-types.component.tsx';
import type { FieldValue } from './form-field.component.tsx';
import { mentionsIn } from './mention-input.component.tsx';
import { useReceipts } from './receipts.component.tsx';

export type ActionTarget = {
  /** Below /admin/api, for example /resources/User/records/ID/unlock. */
  path: string;
  /** Where an undo action of the same place is posted: the path without the action's name. */
  base: string;
  record: RecordJson | null;
  version: number | null;
  recordIds?: readonly string[];
  /** Part of the input that the place of the button says already, such as which session. */
  fixedInput?: Readonly<Record<string, unknown>>;
  /** On a page, which has one address for all its actions: which of them. */
  pageAction?: string;
  /** What is to be written, in words, where the form does not hold it: for the table of a version conflict. */
  change?: Readonly<Record<string, unknown>>;
  /** Whose record it is: the tickets offered are that person's. */
  subjectUserId?: string | null;
  /** The person is on the phone and was checked: what they ask for is the likely reason. */
  hasCaller?: boolean;
};

export type Answer = {
  message?: string;
  receipt?: Receipt;
  /** What the action hands to the page besides the message. */
  shown?: Readonly<Record<string, unknown>>;
  results?: readonly { id: string; outcome: string; reason?: string }[];
  /** The run that does them, one by one. */
  runId?: string;
};

export type Conflict = { current: Readonly<Record<string, unknown>>; currentVersion: number | null };

/** What the form of an action holds while it is open. */
export type Draft = {
  values: Readonly<Record<string, FieldValue>>;
  reasonCode: string;
  reasonText: string;
  ticketId: string;
};

export type CommandCall = {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  problem: Problem | null;
  conflict: Conflict | null;
  /** A fresh factor is asked for. */
  isAsking: boolean;
  isBusy: boolean;
  effects: readonly string[];
  submit: () => Promise<void>;
  stopAsking: () => void;
  applyToNew: () => void;
};

/**
 * One call of an action from its opened form to the receipt: the same idempotency key however often it is sent, the input kept through
 * a fresh factor and through a version conflict.
 */
export function useCommand(action: Action, target: ActionTarget, onDone: (answer: Answer) => void): CommandCall {
  const [draft, setDraft] = useState<Draft>(() => firstDraft(action, target));
  const [version, setVersion] = useState(target.version);
  const [key, setKey] = useState(newKey);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const [isAsking, setIsAsking] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const showReceipt = useReceipts();
  const effects = useEffects(action, target, draft);
  const submit = async () => {
    setIsBusy(true);
    setProblem(null);
    try {
      const answer = await postJson<Answer>(target.path, {
        ...bodyOf({ action, target, draft }),
        ...versionOf(version),
        idempotencyKey: key,
      });
      if (answer.message)
        showReceipt({ message: answer.message, receipt: answer.receipt ?? null, undo: undoOf({ target, draft, answer, onDone }) });
      onDone(answer);
    } catch (error) {
      const refused = error instanceof Problem ? error : new Problem(0, {});
      if (refused.code === 'step_up_required') setIsAsking(true);
      else if (refused.code === 'version_conflict') setConflict(conflictOf(refused));
      else setProblem(refused);
    } finally {
      setIsBusy(false);
    }
  };
  return {
    draft,
    change: (part) => setDraft((before) => ({ ...before, ...part })),
    problem,
    conflict,
    isAsking,
    isBusy,
    effects,
    submit,
    stopAsking: () => setIsAsking(false),
    applyToNew: () => {
      setVersion(conflict?.currentVersion ?? version);
      setKey(newKey());
      setConflict(null);
    },
  };
}

function firstDraft(action: Action, target: ActionTarget): Draft {
  const isAsked = target.hasCaller === true && action.needs.reason && action.reasonCodes.includes('customer_request');
  return { values: storedValues(action, target), reasonCode: isAsked ? 'customer_request' : '', reasonText: '', ticketId: '' };
}

/** A form that corrects something begins with what is stored. */
export function storedValues(action: Action, target: ActionTarget): Readonly<Record<string, FieldValue>> {
  if (!action.isEdit) return {};
  const params = target.record?.params ?? {};
  return Object.fromEntries(
    action.form.map(({ name, type }) => {
      const stored = params[name];
      return [name, type === 'checkbox' ? stored === true : stored === null || stored === undefined ? '' : String(stored)];
    }),
  );
}

/** The command's input: of a correction only what was changed, an emptied field as null. */
export function inputOf(action: Action, target: ActionTarget, draft: Draft): Readonly<Record<string, unknown>> {
  const stored = storedValues(action, target);
  const entries = action.form.map(({ name, type }) => {
    const value = draft.values[name] ?? (type === 'checkbox' ? false : '');
    if (action.isEdit) return [name, value === stored[name] ? undefined : value === '' ? null : value] as const;
    if (type === 'number' && value !== '') return [name, Number(value)] as const;
    return [name, value === '' ? undefined : value] as const;
  });
  const mentions = action.isEdit ? [] : mentionsOf(action, draft);
  return {
    ...Object.fromEntries(entries.filter(([, value]) => value !== undefined)),
    ...(mentions.length > 0 ? { mentions } : {}),
    ...target.fixedInput,
  };
}

/** Ids of the colleagues whom the notes of the form name. */
function mentionsOf(action: Action, { values }: Draft): readonly string[] {
  return action.form.flatMap(({ name, type }) => (type === 'note' ? mentionsIn(String(values[name] ?? '')) : []));
}

type Call = { action: Action; target: ActionTarget; draft: Draft };

function bodyOf({ action, target, draft }: Call): object {
  const { ticketId } = draft;
  const reason = reasonOf(draft);
  return {
    ...(target.pageAction ? { action: target.pageAction } : {}),
    input: inputOf(action, target, draft),
    ...(reason ? { reason } : {}),
    ...(ticketId.trim() ? { ticketId: ticketId.trim() } : {}),
    ...(target.recordIds ? { recordIds: target.recordIds } : {}),
  };
}

const versionOf = (version: number | null) => (version === null ? {} : { expectedVersion: version });

function reasonOf({ reasonCode, reasonText }: Draft): { code: string; text?: string } | null {
  if (!reasonCode) return null;
  return { code: reasonCode, ...(reasonText.trim() ? { text: reasonText.trim() } : {}) };
}

/** The way back with the reason of the way there; without one it is asked for when somebody takes it. */
function undoOf(done: { target: ActionTarget; draft: Draft; answer: Answer; onDone: (answer: Answer) => void }) {
  const { target, draft, answer, onDone } = done;
  const undo = answer.receipt?.undo;
  return undo ? { ...undo, path: `${target.base}/${undo.action}`, reason: reasonOf(draft), onDone } : null;
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** What it would do, asked of the server a moment after the last change; silent when the form is not complete yet. */
function useEffects(action: Action, target: ActionTarget, draft: Draft): readonly string[] {
  const [effects, setEffects] = useState<readonly string[]>([]);
  const input = useMemo(() => JSON.stringify(inputOf(action, target, draft)), [action, target, draft]);
  const isComplete = action.form.every(({ name, isRequired }) => !isRequired || (draft.values[name] ?? '') !== '');
  // Of a number that is being typed the server could only say that there is no such ticket.
  const ticketId = uuid.test(draft.ticketId) ? draft.ticketId : '';
  // biome-ignore lint/correctness/useExhaustiveDependencies: the target is made anew with each rendering; its path and the input say what is asked.
  useEffect(() => {
    if (target.recordIds || !isComplete) {
      setEffects([]);
      return undefined;
    }
    const timer = setTimeout(() => {
      postJson<{ effects: readonly string[] }>(target.path, {
        ...(target.pageAction ? { action: target.pageAction } : {}),
        input: JSON.parse(input),
        ...(ticketId ? { ticketId } : {}),
        dryRun: true,
      })
        .then((answer) => setEffects(answer.effects))
        .catch(() => setEffects([]));
    }, 250);
    return () => clearTimeout(timer);
  }, [target.path, input, ticketId, isComplete]);
  return effects;
}

function conflictOf(problem: Problem): Conflict {
  const { current, currentVersion } = problem.body;
  return {
    current: typeof current === 'object' && current !== null ? (current as Record<string, unknown>) : {},
    currentVersion: typeof currentVersion === 'number' ? currentVersion : null,
  };
}
