import type React from 'react';
import { useEffect, useMemo, useRef, useState } from 'react';
import { newKey, Problem, postJson } from './admin-api.component.tsx';
import type { Action, Receipt, RecordJson } from './admin-types.component.tsx';
import { Dialog } from './dialog.component.tsx';
import { textOf } from './diff-view.component.tsx';
import { Field, type FieldValue } from './form-field.component.tsx';
import { useReceipts } from './receipts.component.tsx';
import { sentenceCase } from './status-pill.component.tsx';
import { StepUpForm } from './step-up-form.component.tsx';

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
};

export type Answer = {
  message?: string;
  receipt?: Receipt;
  /** What the action hands to the page besides the message. */
  shown?: Readonly<Record<string, unknown>>;
  results?: readonly { id: string; outcome: string; reason?: string }[];
};
type Conflict = { current: Readonly<Record<string, unknown>>; currentVersion: number | null };

/**
 * The form of every action: reason code, text, ticket, the action's own fields; the effects in words before, the receipt
 * after. A refusal for want of a fresh factor asks for it and goes on; a version conflict shows both states and keeps the input.
 */
export function ReasonForm(props: {
  action: Action;
  target: ActionTarget;
  onClose: () => void;
  onDone: (answer: Answer) => void;
}): React.ReactElement {
  const { action, target, onClose, onDone } = props;
  const [values, setValues] = useState<Readonly<Record<string, FieldValue>>>({});
  const [reasonCode, setReasonCode] = useState('');
  const [reasonText, setReasonText] = useState('');
  const [ticketId, setTicketId] = useState('');
  const [version, setVersion] = useState(target.version);
  const [key, setKey] = useState(newKey);
  const [problem, setProblem] = useState<Problem | null>(null);
  const [conflict, setConflict] = useState<Conflict | null>(null);
  const [isAsking, setIsAsking] = useState(false);
  const [isBusy, setIsBusy] = useState(false);
  const summary = useRef<HTMLParagraphElement>(null);
  const showReceipt = useReceipts();
  const effects = useEffects(action, target, values);

  const body = () => ({
    ...(target.pageAction ? { action: target.pageAction } : {}),
    input: { ...inputOf(action, values), ...target.fixedInput },
    ...(reasonCode ? { reason: { code: reasonCode, ...(reasonText.trim() ? { text: reasonText.trim() } : {}) } } : {}),
    ...(ticketId.trim() ? { ticketId: ticketId.trim() } : {}),
    ...(version !== null ? { expectedVersion: version } : {}),
    ...(target.recordIds ? { recordIds: target.recordIds } : {}),
    idempotencyKey: key,
  });

  const submit = async () => {
    setIsBusy(true);
    setProblem(null);
    try {
      const answer = await postJson<Answer>(target.path, body());
      const { receipt } = answer;
      if (answer.message) {
        const undo = receipt?.undo;
        showReceipt({
          message: answer.message,
          receipt: receipt ?? null,
          undo: undo
            ? () => void postJson<Answer>(`${target.base}/${undo.action}`, { input: undo.input, idempotencyKey: newKey() }).then(onDone)
            : null,
        });
      }
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

  useEffect(() => {
    if (problem) summary.current?.focus();
  }, [problem]);

  if (isAsking) {
    return (
      <Dialog title="Confirm it is you" onClose={() => setIsAsking(false)}>
        <StepUpForm
          onCancel={() => setIsAsking(false)}
          onDone={() => {
            setIsAsking(false);
            void submit();
          }}
        />
      </Dialog>
    );
  }
  if (conflict) {
    return (
      <Dialog title="This changed while you had it open" onClose={onClose}>
        <ConflictView
          conflict={conflict}
          opened={target.record?.params ?? {}}
          change={{ ...inputOf(action, values), ...target.change }}
          onDiscard={() => onDone({})}
          onApply={() => {
            setVersion(conflict.currentVersion);
            setKey(newKey());
            setConflict(null);
          }}
        />
      </Dialog>
    );
  }
  const errors = fieldErrors(problem);
  return (
    <Dialog title={action.label} onClose={onClose}>
      <form
        className="fs-dialog-body"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          if (!isBusy) void submit();
        }}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && !isBusy) void submit();
        }}
      >
        {problem ? (
          <p ref={summary} tabIndex={-1} role="alert" className="fs-form-error">
            {problem.message}
            {problem.requestId ? (
              <span className="fs-small">
                {' '}
                Request <code>{problem.requestId}</code>
              </span>
            ) : null}
          </p>
        ) : null}
        <p className="fs-muted">{action.effect}</p>
        {action.needs.reason ? (
          <>
            <Field
              field={{
                name: 'reason.code',
                label: 'Reason',
                type: 'select',
                isRequired: true,
                options: action.reasonCodes.map((code) => ({ value: code, label: sentenceCase(code) })),
              }}
              value={reasonCode}
              error={errors['reason.code'] ?? null}
              onChange={(value) => setReasonCode(String(value))}
            />
            <Field
              field={{
                name: 'reason.text',
                label: 'In your words',
                type: 'textarea',
                isRequired: true,
                maxLength: 500,
                help: 'At least 10 characters; kept with the action.',
              }}
              value={reasonText}
              error={errors['reason.text'] ?? null}
              onChange={(value) => setReasonText(String(value))}
            />
          </>
        ) : null}
        {action.needs.ticket ? (
          <Field
            field={{ name: 'ticketId', label: 'Ticket or case', type: 'text', isRequired: true, maxLength: 36 }}
            value={ticketId}
            error={errors.ticketId ?? null}
            onChange={(value) => setTicketId(String(value))}
          />
        ) : null}
        {action.form.map((field) => (
          <Field
            key={field.name}
            field={field}
            value={values[field.name] ?? (field.type === 'checkbox' ? false : '')}
            error={errors[field.name] ?? null}
            onChange={(value) => setValues((before) => ({ ...before, [field.name]: value }))}
          />
        ))}
        <div className="fs-effects" aria-live="polite">
          {effects.map((effect) => (
            <p key={effect}>{effect}</p>
          ))}
        </div>
        <footer className="fs-dialog-foot">
          <button type="button" className="fs-button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="fs-button fs-button-primary" aria-disabled={isBusy}>
            {action.label}
          </button>
        </footer>
      </form>
    </Dialog>
  );
}

function inputOf(action: Action, values: Readonly<Record<string, FieldValue>>): Readonly<Record<string, unknown>> {
  const entries = action.form.map((field) => {
    const value = values[field.name] ?? (field.type === 'checkbox' ? false : '');
    if (field.type === 'number' && value !== '') return [field.name, Number(value)] as const;
    return [field.name, value === '' ? undefined : value] as const;
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** What it would do, asked of the server a moment after the last change; silent when the form is not complete yet. */
function useEffects(action: Action, target: ActionTarget, values: Readonly<Record<string, FieldValue>>): readonly string[] {
  const [effects, setEffects] = useState<readonly string[]>([]);
  const input = useMemo(() => ({ ...inputOf(action, values), ...target.fixedInput }), [action, target, values]);
  useEffect(() => {
    if (target.recordIds) return undefined;
    const timer = setTimeout(() => {
      postJson<{ effects: readonly string[] }>(target.path, {
        ...(target.pageAction ? { action: target.pageAction } : {}),
        input,
        dryRun: true,
      })
        .then((answer) => setEffects(answer.effects))
        .catch(() => setEffects([]));
    }, 250);
    return () => clearTimeout(timer);
  }, [target, input]);
  return effects;
}

/** Errors by the name of the control: the command's own fields come as `input.x` or `x`. */
function fieldErrors(problem: Problem | null): Readonly<Record<string, string>> {
  const errors = problem?.body.errors;
  if (!Array.isArray(errors)) return {};
  const pairs = errors.map((item: { path?: unknown; message?: unknown }) => [
    String(item.path ?? '').replace(/^input\./, ''),
    String(item.message ?? 'Please check this.'),
  ]);
  return Object.fromEntries(pairs);
}

function conflictOf(problem: Problem): Conflict {
  const { current, currentVersion } = problem.body;
  return {
    current: typeof current === 'object' && current !== null ? (current as Record<string, unknown>) : {},
    currentVersion: typeof currentVersion === 'number' ? currentVersion : null,
  };
}

function ConflictView(props: {
  conflict: Conflict;
  opened: Readonly<Record<string, unknown>>;
  change: Readonly<Record<string, unknown>>;
  onApply: () => void;
  onDiscard: () => void;
}): React.ReactElement {
  const { conflict, opened, change } = props;
  const names = Object.keys(conflict.current).filter((name) => textOf(conflict.current[name]) !== textOf(opened[name]) || name in change);
  return (
    <div className="fs-dialog-body">
      <p>Someone changed this record after you opened it. Nothing of yours was saved yet.</p>
      <div className="fs-scroll">
        <table className="fs-table-plain">
          <thead>
            <tr>
              <th scope="col">Field</th>
              <th scope="col">When you opened it</th>
              <th scope="col">Now</th>
              <th scope="col">Your change</th>
            </tr>
          </thead>
          <tbody>
            {names.map((name) => (
              <tr key={name}>
                <th scope="row">{sentenceCase(name)}</th>
                <td>{textOf(opened[name])}</td>
                <td>{textOf(conflict.current[name])}</td>
                <td>{textOf(change[name])}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <footer className="fs-dialog-foot">
        <button type="button" className="fs-button" onClick={props.onDiscard}>
          Discard
        </button>
        <button type="button" className="fs-button fs-button-primary" onClick={props.onApply}>
          Apply mine to the new version
        </button>
      </footer>
    </div>
  );
}
