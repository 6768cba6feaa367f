import React, { useEffect, useRef } from 'react';
import type { Problem } from '../../admin/components/admin-api.component.tsx';
import { Dialog } from '../../admin/components/dialog.component.tsx';
import { Field } from '../../admin/components/form-field.component.tsx';
import { StepUpForm } from '../../admin/components/step-up-form.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { type DecisionDraft, type FormName, messageOf, openPoint, useDecisionDraft } from './decision-draft.component.tsx';
import { DecisionProblem } from './decision-problem.component.tsx';
import { FieldNotes } from './field-notes.component.tsx';
import { MessagePreview } from './message-preview.component.tsx';
import type { CaseJson } from './review-types.ts';
import type { AcceptedFields } from './use-accepted.component.tsx';
import type { CaseWriter } from './use-case-writer.component.tsx';
import type { Checklist } from './use-checklist.component.tsx';
import { useDecide } from './use-decide.component.tsx';

export type DecisionFormProps = {
  shown: CaseJson;
  name: FormName;
  list: Checklist;
  accepted: AcceptedFields;
  writer: CaseWriter;
  onClose: () => void;
  onDecided: (name: FormName) => void;
  onReload: () => void;
};

/** The form of one decision, in its pane beside the evidence: what is asked, and the message that would go out. Ctrl+Enter sends, Escape closes. */
export function DecisionForm(props: DecisionFormProps): React.ReactElement {
  const { shown, name, list, accepted, onClose } = props;
  const { draft, change } = useDecisionDraft(shown, name, list.entries);
  const call = useDecide(props, draft);
  const form = useRef<HTMLFormElement>(null);
  const titleId = React.useId();
  const missingId = React.useId();
  useFocusFirst(form, name, call.problem);
  const missing = openPoint(name, draft, openWords);
  const message = messageOf(name);
  const preview = message ? shown.messages[message] : undefined;
  const send = () => {
    if (!call.isBusy && missing === null) void call.send();
  };
  return (
    <form
      ref={form}
      className="fs-review-form"
      aria-labelledby={titleId}
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') {
          event.stopPropagation();
          onClose();
        }
        if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
          event.preventDefault();
          send();
        }
      }}
    >
      <h3 id={titleId}>{formWords(shown, name).title}</h3>
      {call.problem ? <DecisionProblem problem={call.problem} shown={shown} onReload={props.onReload} /> : null}
      <p className="fs-muted fs-small">{formWords(shown, name).effect}</p>
      {accepted?.canChoose && (name === 'approve' || name === 'secondApprove') ? <AcceptedNote accepted={accepted} /> : null}
      <FormFields shown={shown} name={name} draft={draft} change={change} />
      {preview ? <MessagePreview message={preview} draft={draft} fields={shown.fields} /> : null}
      {missing ? (
        <p id={missingId} className="fs-small fs-muted">
          {missing}
        </p>
      ) : null}
      <footer>
        <button type="button" className="fs-button" onClick={onClose}>
          {t('Cancel')}
        </button>
        <button
          type="submit"
          className="fs-button fs-button-primary"
          aria-disabled={call.isBusy || missing !== null}
          aria-describedby={missing ? missingId : undefined}
        >
          {formWords(shown, name).verb}
        </button>
      </footer>
      {call.isAsking ? (
        <Dialog title={t('Confirm it is you')} onClose={call.stopAsking}>
          <StepUpForm
            onCancel={call.stopAsking}
            onDone={() => {
              call.stopAsking();
              void call.send();
            }}
          />
        </Dialog>
      ) : null}
    </form>
  );
}

function FormFields(props: {
  shown: CaseJson;
  name: FormName;
  draft: DecisionDraft;
  change: (part: Partial<DecisionDraft>) => void;
}): React.ReactElement {
  const { shown, name, draft, change } = props;
  const words = textWords(name);
  return (
    <>
      {name === 'reject' ? (
        <Field
          field={{ name: 'code', label: t('Reason'), type: 'select', isRequired: true, options: shown.rejectionCodes }}
          value={draft.code}
          error={null}
          onChange={(value) => change({ code: String(value) })}
        />
      ) : null}
      {name === 'requestChanges' ? <FieldNotes fields={shown.fields} notes={draft.notes} onChange={(notes) => change({ notes })} /> : null}
      <Field
        field={{ name: 'text', type: 'textarea', maxLength: name === 'escalate' ? 500 : 2000, ...words }}
        value={draft.text}
        error={null}
        onChange={(value) => change({ text: String(value) })}
      />
    </>
  );
}

function textWords(name: FormName): { label: string; isRequired: boolean; help?: string } {
  switch (name) {
    case 'reject':
      return { label: t('Why, as the vendor reads it'), isRequired: true, help: t('At least 20 characters.') };
    case 'requestChanges':
      return { label: t('Introduction'), isRequired: false, help: t('Stands above the notes.') };
    case 'escalate':
      return { label: t('What the lead should know'), isRequired: true, help: t('For colleagues; the vendor does not read it.') };
    case 'secondDisagree':
      return { label: t('Why you see it differently'), isRequired: true, help: t('For colleagues; the vendor does not read it.') };
    case 'approve':
      return { label: t('A word to the vendor'), isRequired: false };
    case 'secondApprove':
      return { label: t('Note'), isRequired: false, help: t('For colleagues; the vendor reads the words of the first person.') };
    default:
      return name satisfies never;
  }
}

/** Title, button and what happens, for a form of this case. */
export function formWords({ needsSecond, isBlind }: CaseJson, name: FormName): { title: string; verb: string; effect: string } {
  switch (name) {
    case 'approve':
      if (isBlind) return { title: t('Approve'), verb: t('Approve'), effect: t('A blind look: the vendor is told nothing.') };
      return {
        title: t('Approve'),
        verb: t('Approve'),
        effect: needsSecond
          ? t('A second person has to approve too. The vendor is told after that.')
          : t('Takes effect at once; the vendor is told.'),
      };
    case 'requestChanges':
      return { title: t('Request changes'), verb: t('Request changes'), effect: t('Goes back to the vendor with your notes.') };
    case 'reject':
      return { title: t('Reject'), verb: t('Reject'), effect: t('Ends this case; the vendor is told why.') };
    case 'escalate':
      return { title: t('Escalate'), verb: t('Escalate'), effect: t('Hands the case to a lead. Your answers stay.') };
    case 'secondApprove':
      return { title: t('Approve as second'), verb: t('Approve as second'), effect: t('Takes effect at once; the vendor is told.') };
    case 'secondDisagree':
      return {
        title: t('Disagree'),
        verb: t('Disagree'),
        effect: t('The case becomes yours to decide, with both answers in sight. The vendor is told nothing yet.'),
      };
    default:
      return name satisfies never;
  }
}

const openWords = {
  code: t('Choose a reason first.'),
  notes: t('Write at least one note to a field first.'),
  reason: t('Write at least 10 characters first.'),
  text: (missing: number) =>
    missing === 1 ? t('1 more character is needed.') : t('{count} more characters are needed.', { count: missing }),
};

function AcceptedNote({ accepted }: { accepted: NonNullable<AcceptedFields> }): React.ReactElement {
  const [chosen, all] = [accepted.chosen.size, accepted.all.length];
  return (
    <p className="fs-small">
      {chosen === all
        ? t('Takes over every field.')
        : t('Takes over {chosen} of {all} fields; choose them beside the evidence.', { chosen, all })}
    </p>
  );
}

/** Where the person has to write first; a form that asks for nothing takes its button. Also once a refusal that held the focus is gone. */
function useFocusFirst(form: React.RefObject<HTMLFormElement | null>, name: FormName, problem: Problem | null): void {
  useEffect(() => form.current?.querySelector<HTMLElement>(firstOf[name])?.focus(), [form, name]);
  useEffect(() => {
    if (problem === null && document.activeElement === document.body) form.current?.querySelector<HTMLElement>(firstOf[name])?.focus();
  }, [form, name, problem]);
}

const firstOf: Readonly<Record<FormName, string>> = {
  approve: '[type=submit]',
  secondApprove: '[type=submit]',
  requestChanges: '.fs-review-field-notes textarea, .fs-review-chips button',
  reject: 'select',
  escalate: 'textarea',
  secondDisagree: 'textarea',
};
