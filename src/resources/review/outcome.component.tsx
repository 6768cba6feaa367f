import type React from 'react';
import { StatePill, StatusPill } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import { decisionStates } from './queue-pane.component.tsx';
import type { CaseJson, Outcome } from './review-types.ts';

/** What a case that is over waits for, or that it waits for nothing. */
const endings: Readonly<Record<string, string>> = {
  approved: t('It is decided.'),
  rejected: t('It is decided.'),
  changes_requested: t('It waits for the vendor; a new round begins when they hand it in again.'),
  withdrawn: t('The vendor took it back.'),
};

/** Whether nothing more is decided in this case: then no decision is drawn that could not be made. */
export function isOver({ status }: Pick<CaseJson, 'status'>): boolean {
  return Object.hasOwn(endings, status);
}

/** Who said what in the case and when, as far as the reader may know it; of a case that is over how it stands. */
export function Outcomes({ shown }: { shown: Pick<CaseJson, 'status' | 'states' | 'answers'> }): React.ReactElement {
  const { status, states, answers } = shown;
  return (
    <>
      {isOver(shown) ? (
        <p className="fs-review-hint">
          <StatePill value={status} states={states} /> {endings[status]}
        </p>
      ) : null}
      {answers.map((answer) => (
        <Given key={`${answer.part} ${answer.at}`} answer={answer} isOnly={isOver(shown) && answers.length === 1} />
      ))}
    </>
  );
}

function Given({ answer, isOnly }: { answer: Outcome; isOnly: boolean }): React.ReactElement {
  return (
    <section className="fs-review-given">
      <h3>{isOnly ? t('Decision') : answer.part === 'first' ? t('First answer') : t('Second answer')}</h3>
      <p>
        <StatePill value={answer.decision} states={decisionStates} />{' '}
        {answer.code ? <StatusPill tone="neutral">{answer.code}</StatusPill> : null}
      </p>
      <p className="fs-small fs-muted">
        {answer.by} <Time value={answer.at} />
      </p>
      {answer.text ? <blockquote className="fs-quote fs-wrap">{answer.text}</blockquote> : null}
      {[...answer.notes, ...answer.failed.map(({ label, note }) => ({ label, note: note ?? t('Fails') }))].map(({ label, note }) => (
        <p key={label} className="fs-small">
          <strong>{label}</strong>: <span className="fs-wrap">{note}</span>
        </p>
      ))}
    </section>
  );
}
