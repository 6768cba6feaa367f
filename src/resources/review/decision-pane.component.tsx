import React, { useState } from 'react';
import { Icon } from '../../admin/components/icon.component.tsx';
import { readOnlyWords, useReadOnly } from '../../admin/components/read-only.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { CaseTools } from './case-tools.component.tsx';
import { ChecklistForm } from './checklist.component.tsx';
import type { FormName } from './decision-draft.component.tsx';
import { DecisionForm, formWords } from './decision-form.component.tsx';
import { LeaseClock, useLease } from './lease.component.tsx';
import { isOver, Outcomes } from './outcome.component.tsx';
import { clockTime } from './queue-pane.component.tsx';
import type { CaseJson, Holder } from './review-types.ts';
import type { AcceptedFields } from './use-accepted.component.tsx';
import type { CaseWriter } from './use-case-writer.component.tsx';
import { approvalRefusal, type Checklist } from './use-checklist.component.tsx';

type Props = {
  shown: CaseJson;
  now: string;
  list: Checklist;
  accepted: AcceptedFields;
  writer: CaseWriter;
  form: FormName | null;
  onForm: (name: FormName | null) => void;
  onDecided: (name: FormName) => void;
  onReload: () => void;
  onLeft: () => void;
};

/** Whose case it is, the checklist, and the decisions with what each of them would do. */
export function DecisionPane(props: Props): React.ReactElement {
  const { shown, list, form, onForm } = props;
  const canWrite = shown.mode !== 'read';
  const offered = formsOf(shown);
  const isShort = form !== null;
  return (
    <>
      <h2 className="fs-visually-hidden">{t('Decision')}</h2>
      <Standing shown={shown} now={props.now} writer={props.writer} onOver={props.onReload} />
      <CaseTools shown={shown} onLeft={props.onLeft} onReload={props.onReload} />
      <Outcomes shown={shown} />
      {isShort ? (
        <details className="fs-review-folded">
          <summary>{t('Checklist')}</summary>
          <ChecklistForm list={list} canWrite={canWrite} onReload={props.onReload} />
        </details>
      ) : (
        <ChecklistForm list={list} canWrite={canWrite} onReload={props.onReload} />
      )}
      {form && offered.includes(form) ? (
        <DecisionForm
          key={`${shown.id} ${form}`}
          shown={shown}
          name={form}
          list={list}
          accepted={props.accepted}
          writer={props.writer}
          onClose={() => {
            onForm(null);
            // Back to the button that opened it, which is drawn anew.
            setTimeout(() => document.querySelector<HTMLElement>(`[data-form="${form}"]`)?.focus());
          }}
          onDecided={props.onDecided}
          onReload={props.onReload}
        />
      ) : (
        <DecisionButtons shown={shown} names={offered} list={list} onOpen={onForm} />
      )}
    </>
  );
}

const everyForm = ['approve', 'requestChanges', 'reject', 'secondApprove', 'secondDisagree', 'escalate'] as const;

/** The decisions to draw for this case: those the role knows, of the half that is asked; once it is over only what can still be done. */
export function formsOf(shown: Pick<CaseJson, 'rights' | 'mode' | 'status'>): readonly FormName[] {
  const { rights, mode } = shown;
  const isSecond = mode === 'second';
  return everyForm.filter((name) => {
    if (rights[name] === undefined || (isOver(shown) && rights[name] !== null)) return false;
    const ofSecond = name === 'secondApprove' || name === 'secondDisagree';
    return name === 'escalate' ? true : ofSecond === isSecond;
  });
}

/** Why a decision cannot be made now, in a sentence; null when its form may be sent. */
export function formRefusal(shown: CaseJson, name: FormName, list: Checklist): string | null {
  const right = shown.rights[name];
  if (right) return right;
  return name === 'approve' || name === 'secondApprove' ? approvalRefusal(list.entries) : null;
}

export const formKeys: Readonly<Record<FormName, string>> = {
  approve: 'a',
  secondApprove: 'a',
  requestChanges: 'c',
  reject: 'r',
  secondDisagree: 'r',
  escalate: 'e',
};

/** Side by side and always in sight; a sentence that holds for several stands there once. */
function DecisionButtons(props: {
  shown: CaseJson;
  names: readonly FormName[];
  list: Checklist;
  onOpen: (name: FormName) => void;
}): React.ReactElement | null {
  const { shown, names, list, onOpen } = props;
  const id = React.useId();
  const readOnly = useReadOnly();
  if (names.length === 0) return null;
  const refusals = new Map(names.map((name) => [name, formRefusal(shown, name, list) ?? (readOnly ? readOnlyWords(readOnly) : null)]));
  const sentences = [...new Set(refusals.values())].filter((sentence) => sentence !== null);
  return (
    <div className="fs-review-buttons">
      {names.map((name) => {
        const refusal = refusals.get(name) ?? null;
        const isPrimary = (name === 'approve' || name === 'secondApprove') && refusal === null;
        return (
          <button
            key={name}
            type="button"
            data-form={name}
            className={`fs-button${isPrimary ? ' fs-button-primary' : ''}`}
            aria-disabled={refusal !== null}
            aria-describedby={refusal === null ? undefined : `${id}-${sentences.indexOf(refusal)}`}
            aria-keyshortcuts={formKeys[name]}
            onClick={() => {
              if (refusal === null) onOpen(name);
            }}
          >
            {formWords(shown, name).title}
            <span className="fs-kbd" aria-hidden="true">
              {formKeys[name]}
            </span>
          </button>
        );
      })}
      {sentences.map((sentence, at) => (
        <p key={sentence} id={`${id}-${at}`} className="fs-small fs-muted">
          {sentence}
        </p>
      ))}
    </div>
  );
}

/** Whose it is now, and for how long. */
function Standing({ shown, now, writer, onOver }: Pick<Props, 'shown' | 'now' | 'writer'> & { onOver: () => void }): React.ReactElement {
  const { holder, mode, isBlind, preparedBy, escalation } = shown;
  return (
    <div className="fs-review-standing">
      {holder?.isMe ? <OwnLease holder={holder} now={now} writer={writer} onOver={onOver} /> : null}
      {holder && !holder.isMe ? (
        <p>
          <Icon name="user" /> {t('With {name} until {time}', { name: holder.name, time: clockTime.format(new Date(holder.until)) })}
        </p>
      ) : null}
      {mode === 'second' ? (
        <p className="fs-review-hint">
          <Icon name="eye-off" /> {t('You are the second person. The first answer is shown once you have given yours.')}
        </p>
      ) : null}
      {isBlind ? (
        <p className="fs-review-hint">
          <Icon name="eye-off" /> {t('A blind look: this was decided before. Decide as if you saw it first; the vendor is told nothing.')}
        </p>
      ) : null}
      {escalation ? (
        <div className="fs-review-hint">
          <p>
            <Icon name="flag" /> {t('{name} asked for a lead:', { name: escalation.by })}
          </p>
          <p className="fs-wrap">{escalation.reason}</p>
        </div>
      ) : null}
      {preparedBy ? <p className="fs-small fs-muted">{t('Checklist prepared by {name}', { name: preparedBy })}</p> : null}
    </div>
  );
}

function OwnLease(props: { holder: Holder; now: string; writer: CaseWriter; onOver: () => void }): React.ReactElement {
  const [isTold, setIsTold] = useState(false);
  const lease = useLease({ until: props.holder.until, now: props.now, writer: props.writer }, () => {
    if (!isTold) props.onOver();
    setIsTold(true);
  });
  return <LeaseClock lease={lease} />;
}
