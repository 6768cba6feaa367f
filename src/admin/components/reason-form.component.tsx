import type React from 'react';
import { useEffect, useRef } from 'react';
import type { Problem } from './admin-api.component.tsx';
import type { Action } from './admin-types.component.tsx';
import { ConflictView } from './conflict-view.component.tsx';
import { Dialog } from './dialog.component.tsx';
import { Field } from './form-field.component.tsx';
import { ReasonFields } from './reason-fields.component.tsx';
import { StepUpForm } from './step-up-form.component.tsx';
import { t } from './text.component.tsx';
import { TicketPicker } from './ticket-picker.component.tsx';
import { type ActionTarget, type Answer, type CommandCall, inputOf, useCommand } from './use-command.component.tsx';

export type { ActionTarget, Answer };

type Props = {
  action: Action;
  target: ActionTarget;
  /** Shown on top of the fields, for example what a run over many records would do with this input. */
  intro?: (input: Readonly<Record<string, unknown>>) => React.ReactNode;
  onClose: () => void;
  onDone: (answer: Answer) => void;
};

/**
 * The form of every action: reason code, text, ticket, the action's own fields; the effects in words before, the receipt
 * after. A refusal for want of a fresh factor asks for it and goes on; a version conflict shows both states and keeps the input.
 */
export function ReasonForm({ action, target, intro, onClose, onDone }: Props): React.ReactElement {
  const call = useCommand(action, target, onDone);
  if (call.isAsking) {
    return (
      <Dialog title={t('Confirm it is you')} onClose={call.stopAsking}>
        <StepUpForm
          onCancel={call.stopAsking}
          onDone={() => {
            call.stopAsking();
            void call.submit();
          }}
        />
      </Dialog>
    );
  }
  if (call.conflict) {
    return (
      <Dialog title={t('This changed while you had it open')} onClose={onClose}>
        <ConflictView
          conflict={call.conflict}
          opened={target.record?.params ?? {}}
          change={target.change ?? { ...inputOf(action, { ...target, fixedInput: {} }, call.draft) }}
          labels={Object.fromEntries(action.form.map(({ name, label }) => [name, label]))}
          onDiscard={() => onDone({})}
          onApply={call.applyToNew}
        />
      </Dialog>
    );
  }
  return (
    <Dialog title={action.label} onClose={onClose}>
      <Form action={action} target={target} call={call} intro={intro} onClose={onClose} />
    </Dialog>
  );
}

function Form(props: Pick<Props, 'action' | 'target' | 'onClose'> & { intro: Props['intro']; call: CommandCall }): React.ReactElement {
  const { action, target, call } = props;
  const { draft, change, problem, isBusy, effects, submit } = call;
  const form = useRef<HTMLFormElement>(null);
  const errors = fieldErrors(problem);
  useFirstEmpty(form);
  return (
    <form
      ref={form}
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
      {problem ? <FormProblem problem={problem} label={labelOf(action, Object.keys(errors)[0])} /> : null}
      <p className="fs-muted">{action.effect}</p>
      {props.intro?.(inputOf(action, target, draft))}
      {action.needs.reason ? <ReasonFields action={action} draft={draft} errors={errors} onChange={change} /> : null}
      {action.needs.ticket ? (
        <TicketPicker
          subjectUserId={target.subjectUserId ?? null}
          purpose={action.label}
          value={draft.ticketId}
          error={errors.ticketId ?? null}
          onChange={(ticketId) => change({ ticketId })}
        />
      ) : null}
      {action.form.map((field) => (
        <Field
          key={field.name}
          field={field}
          record={recordOf(target.base)}
          value={draft.values[field.name] ?? (field.type === 'checkbox' ? false : '')}
          error={errors[field.name] ?? null}
          onChange={(value) => change({ values: { ...draft.values, [field.name]: value } })}
        />
      ))}
      <div className="fs-effects" aria-live="polite">
        {effects.map((effect) => (
          <p key={effect}>{effect}</p>
        ))}
      </div>
      <footer className="fs-dialog-foot">
        <button type="button" className="fs-button" onClick={props.onClose}>
          {t('Cancel')}
        </button>
        <button type="submit" className="fs-button fs-button-primary" aria-disabled={isBusy}>
          {action.label}
        </button>
      </footer>
    </form>
  );
}

/** What was refused and why, on top of the form and with the focus, so that nobody has to look for it. */
function FormProblem({ problem, label }: { problem: Problem; label: string | null }): React.ReactElement {
  const summary = useRef<HTMLParagraphElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each new refusal takes the focus.
  useEffect(() => summary.current?.focus(), [problem]);
  return (
    <p ref={summary} tabIndex={-1} role="alert" className="fs-form-error">
      {label === null ? problem.message : `${label}: ${problem.message}`}
      {problem.requestId ? (
        <span className="fs-small">
          {' '}
          {t('Request')} <code>{problem.requestId}</code>
        </span>
      ) : null}
    </p>
  );
}

/** What the control of a refused value is called in the form; null for a refusal of the whole. */
function labelOf(action: Action, name: string | undefined): string | null {
  const named: Readonly<Record<string, string>> = {
    'reason.code': t('Reason'),
    'reason.text': t('In your words'),
    ticketId: t('Ticket or case'),
  };
  return action.form.find((field) => field.name === name)?.label ?? named[name ?? ''] ?? null;
}

/** Where the person has to write first; the dialog would take its close button. */
function useFirstEmpty(form: React.RefObject<HTMLFormElement | null>): void {
  useEffect(() => {
    const timer = setTimeout(() => {
      const controls = [...(form.current?.querySelectorAll<HTMLInputElement>('input, select, textarea') ?? [])];
      const first = controls.find((control) => control.value === '' && control.type !== 'checkbox') ?? controls[0];
      (first ?? form.current?.querySelector<HTMLElement>('[type=submit]'))?.focus();
    });
    return () => clearTimeout(timer);
  }, [form]);
}

/** Errors by the name of the control: the command's own fields come as `input.x` or `x`. */
function fieldErrors(problem: Problem | null): Readonly<Record<string, string>> {
  const errors = problem?.body.errors;
  if (!Array.isArray(errors)) return {};
  const pairs = errors.map((item: { path?: unknown; message?: unknown }) => [
    String(item.path ?? '').replace(/^input\./, ''),
    String(item.message ?? t('Please check this.')),
  ]);
  return Object.fromEntries(pairs);
}

/** Of `/resources/User/records/ID`; null for a page or a whole list. */
function recordOf(base: string): { resource: string; recordId: string } | null {
  const [, resource, recordId] = /^\/resources\/(\w+)\/records\/([^/]+)$/.exec(base) ?? [];
  return resource && recordId ? { resource, recordId: decodeURIComponent(recordId) } : null;
}
