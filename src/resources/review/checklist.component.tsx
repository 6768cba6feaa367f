import React, { useState } from 'react';
import { Icon } from '../../admin/components/icon.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import type { Answer, ChecklistEntry } from './review-types.ts';
import type { Checklist as Filled, Saving } from './use-checklist.component.tsx';

/** What has to be looked at, one line each: Tab goes from item to item, the arrow keys choose, notes open beside. */
export function ChecklistForm(props: { list: Filled; canWrite: boolean; onReload: () => void }): React.ReactElement {
  const { list, canWrite, onReload } = props;
  const answered = list.entries.filter(({ answer }) => answer !== null).length;
  const id = React.useId();
  return (
    <section className="fs-review-checklist" aria-labelledby={id}>
      <header>
        <h3 id={id}>{t('Checklist')}</h3>
        <span className="fs-muted fs-tabular">{t('{done} of {total}', { done: answered, total: list.entries.length })}</span>
        {canWrite ? <SavingNote saving={list.saving} onRetry={() => void list.flush()} onReload={onReload} /> : null}
      </header>
      <ol>
        {list.entries.map((entry) => (
          <Item key={entry.item} entry={entry} canWrite={canWrite} onChange={(part) => list.change(entry.item, part)} />
        ))}
      </ol>
    </section>
  );
}

function SavingNote(props: { saving: Saving; onRetry: () => void; onReload: () => void }): React.ReactElement {
  const { saving, onRetry, onReload } = props;
  if (saving.kind === 'failed') {
    const { problem } = saving;
    // Another window or a colleague was faster: saving again would be refused again before the case is loaded anew.
    const isStale = problem.status === 409;
    return (
      <span role="alert" className="fs-review-saving fs-field-error">
        {t('Not saved: {why}', { why: problem.message })}{' '}
        <button type="button" className="fs-link-button" onClick={isStale ? onReload : onRetry}>
          {isStale ? t('Load the new version') : t('Try again')}
        </button>
      </span>
    );
  }
  return (
    <span role="status" className="fs-review-saving fs-muted fs-small">
      {savingWords[saving.kind]}
    </span>
  );
}

const savingWords: Readonly<Record<Exclude<Saving['kind'], 'failed'>, string>> = {
  saved: t('Saved'),
  kept: t('Kept in this tab: answer the item to save its note'),
  held: t('Kept in this tab until you send your answer'),
  waiting: t('Saving'),
  saving: t('Saving'),
};

const words: Readonly<Record<Answer, string>> = { pass: t('Pass'), fail: t('Fail'), na: t('n/a') };
const icons: Readonly<Record<Answer, string>> = { pass: 'ok', fail: 'danger', na: 'neutral' };

function Item(props: {
  entry: ChecklistEntry;
  canWrite: boolean;
  onChange: (part: { answer?: Answer; note?: string }) => void;
}): React.ReactElement {
  const { entry, canWrite, onChange } = props;
  const [isNoting, setIsNoting] = useState(false);
  const id = React.useId();
  const hasNote = isNoting || entry.note !== '' || entry.answer === 'fail';
  return (
    <li className={`fs-review-item${entry.answer ? ` fs-review-item-${entry.answer}` : ''}`}>
      <fieldset>
        <legend>{entry.label}</legend>
        {canWrite ? (
          <span className="fs-review-answers">
            {(['pass', 'fail', 'na'] as const).map((answer) =>
              answer === 'na' && !entry.mayBeNa ? null : (
                <label key={answer} className={`fs-review-answer fs-review-answer-${answer}`}>
                  <input type="radio" name={id} value={answer} checked={entry.answer === answer} onChange={() => onChange({ answer })} />
                  <span>{words[answer]}</span>
                </label>
              ),
            )}
            {hasNote ? null : (
              <button type="button" className="fs-link-button fs-small" onClick={() => setIsNoting(true)}>
                {t('Note')}
                <span className="fs-visually-hidden">: {entry.label}</span>
              </button>
            )}
          </span>
        ) : (
          <span className="fs-review-said">
            {entry.answer ? (
              <>
                <Icon name={icons[entry.answer]} /> {words[entry.answer]}
              </>
            ) : (
              <span className="fs-muted">{t('Open')}</span>
            )}
          </span>
        )}
        {canWrite && hasNote ? (
          <textarea
            className="fs-review-note"
            aria-label={t('Note: {item}', { item: entry.label })}
            placeholder={t('Note for colleagues')}
            rows={2}
            maxLength={500}
            // biome-ignore lint/a11y/noAutofocus: it was opened by the person a moment ago.
            autoFocus={isNoting && entry.note === ''}
            value={entry.note}
            onChange={(event) => onChange({ note: event.target.value })}
          />
        ) : null}
        {!canWrite && entry.note ? <p className="fs-small fs-muted fs-wrap">{entry.note}</p> : null}
        {entry.preparedBy ? <p className="fs-small fs-muted">{t('Prepared by {name}', { name: entry.preparedBy })}</p> : null}
      </fieldset>
    </li>
  );
}
