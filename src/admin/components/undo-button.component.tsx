import type React from 'react';
import { useState } from 'react';
import { newKey, Problem, postJson } from './admin-api.component.tsx';
import type { Receipt, Undo } from './admin-types.component.tsx';
import { Dialog } from './dialog.component.tsx';
import { Field } from './form-field.component.tsx';
import { StepUpForm } from './step-up-form.component.tsx';
import { t } from './text.component.tsx';

type Answer = { message?: string; receipt?: Receipt };
type Call = Undo & { path: string; reason: { code: string; text?: string } | null };

const shortestReason = 10;

/**
 * Takes an action back while its receipt offers it: an action of its own in the audit, with the reason of the first one, or with one
 * that is asked for where that had none. It is refused once somebody changed the record since.
 */
export function UndoButton(props: { undo: Call; secondsLeft: number; onDone: (answer: Answer) => void }): React.ReactElement {
  const { undo, secondsLeft, onDone } = props;
  const [key] = useState(newKey);
  const [asking, setAsking] = useState<'reason' | 'factor' | null>(null);
  const [words, setWords] = useState('');
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isBusy, setIsBusy] = useState(false);
  const run = async () => {
    setIsBusy(true);
    setRefusal(null);
    setAsking(null);
    try {
      onDone(await postJson<Answer>(undo.path, { ...bodyOf(undo, words), idempotencyKey: key }));
    } catch (error) {
      const problem = error instanceof Problem ? error : new Problem(0, {});
      if (problem.code === 'step_up_required') setAsking('factor');
      else setRefusal(t('Not taken back. {why}', { why: problem.message }));
    } finally {
      setIsBusy(false);
    }
  };
  const needsWords = undo.needsReason && !undo.reason?.text;
  return (
    <>
      <button
        type="button"
        className="fs-link-button"
        aria-disabled={isBusy}
        onClick={() => {
          if (isBusy) return;
          if (needsWords) setAsking('reason');
          else void run();
        }}
      >
        {t('Undo')} <span className="fs-tabular">({clock(secondsLeft)})</span>
      </button>
      {refusal ? (
        <p role="alert" className="fs-field-error">
          {refusal}
        </p>
      ) : null}
      {asking === 'reason' ? (
        <Dialog title={undo.label} onClose={() => setAsking(null)}>
          <form
            className="fs-dialog-body"
            onSubmit={(event) => {
              event.preventDefault();
              if (words.trim().length >= shortestReason) void run();
            }}
          >
            <Field
              field={{ name: 'reason.text', label: t('Why you take it back'), type: 'textarea', isRequired: true, maxLength: 500 }}
              value={words}
              error={null}
              onChange={(value) => setWords(String(value))}
            />
            <footer className="fs-dialog-foot">
              <button type="submit" className="fs-button fs-button-primary" aria-disabled={words.trim().length < shortestReason}>
                {undo.label}
              </button>
            </footer>
          </form>
        </Dialog>
      ) : null}
      {asking === 'factor' ? (
        <Dialog title={t('Confirm it is you')} onClose={() => setAsking(null)}>
          <StepUpForm onCancel={() => setAsking(null)} onDone={() => void run()} />
        </Dialog>
      ) : null}
    </>
  );
}

function bodyOf(undo: Call, words: string): object {
  const text = undo.reason?.text ? t('Taken back: {text}', { text: undo.reason.text }).slice(0, 500) : words.trim();
  return {
    input: undo.input,
    ...(undo.needsReason ? { reason: { code: undo.reason?.code ?? 'error_correction', text } } : {}),
    ...(undo.expectedVersion === undefined ? {} : { expectedVersion: undo.expectedVersion }),
  };
}

/** 14:59 or 40 s. */
function clock(seconds: number): string {
  if (seconds < 60) return t('{count} s', { count: seconds });
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}
