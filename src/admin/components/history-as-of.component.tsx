import type React from 'react';
import { useState } from 'react';
import type { AsOfAnswer } from '../history/history-answers.ts';
import { pageState } from './admin-types.component.tsx';
import { EmptyState, ErrorState } from './empty-state.component.tsx';
import type { HistoryAddress } from './history-address.component.tsx';
import { RestoreDialog } from './restore-dialog.component.tsx';
import { RevealStored } from './reveal-stored.component.tsx';
import { StatusPill } from './status-pill.component.tsx';
import { t } from './text.component.tsx';
import { exactTime } from './time.component.tsx';
import { useRemote } from './use-remote.component.tsx';
import { ValueView } from './value-view.component.tsx';
import { fromLocalInput, toLocalInput } from './zoned-time.component.tsx';

type Props = { record: string; address: HistoryAddress; onChanged?: () => void };

/** The record as it was at a moment of one's choice, or as one change left it; marked so that nobody takes it for the present. */
export function HistoryAsOf({ record, address, onChanged }: Props): React.ReactElement {
  const at = address.read('at');
  const version = address.read('version');
  const [typed, setTyped] = useState(() => toLocalInput(at ? new Date(at) : new Date()));
  const [isWrong, setIsWrong] = useState(false);
  return (
    <>
      <form
        className="fs-history-filters"
        onSubmit={(event) => {
          event.preventDefault();
          const moment = fromLocalInput(typed);
          setIsWrong(moment === null);
          // The end of the minute: what happened within it is part of it.
          if (moment) address.go({ view: 'as-of', at: new Date(moment.getTime() + 59_999).toISOString() });
        }}
      >
        <div className="fs-field">
          <label htmlFor="fs-history-at">{t('State as of ({timeZone})', { timeZone: pageState.preferences.timeZone })}</label>
          <input
            id="fs-history-at"
            type="datetime-local"
            required
            value={typed}
            aria-invalid={isWrong || undefined}
            onChange={(event) => setTyped(event.target.value)}
          />
        </div>
        <button type="submit" className="fs-button fs-button-primary">
          {t('Show')}
        </button>
      </form>
      {at || version ? (
        <State record={record} asked={version ? `version=${version}` : `at=${at ?? ''}`} {...(onChanged ? { onChanged } : {})} />
      ) : (
        <p className="fs-muted">{t('Choose a day and time.')}</p>
      )}
    </>
  );
}

function State({ record, asked, onChanged }: { record: string; asked: string; onChanged?: () => void }): React.ReactElement {
  const remote = useRemote<AsOfAnswer>(`/pages/history?view=as-of&record=${encodeURIComponent(record)}&${asked}`);
  const [isRestoring, setIsRestoring] = useState(false);
  if (remote.problem) return <ErrorState problem={remote.problem} retry={remote.reload} />;
  if (!remote.data) return <div className="fs-skeleton" />;
  const { state, restore, recordLabel, reveal, at } = remote.data;
  if (!state.version) {
    return (
      <EmptyState icon="history" title={t('Nothing was recorded yet')}>
        {t('The history of this record begins later.')}
      </EmptyState>
    );
  }
  const { version, condition } = state;
  const moment = exactTime(new Date(at ?? version.at));
  const [table = '', recordId = ''] = record.split(/:(.*)/s);
  return (
    <section className="fs-card fs-as-of" aria-label={t('{recordLabel} as of {moment}', { recordLabel, moment })}>
      <p role="status" className="fs-as-of-mark">
        <strong>{t('As of {moment}, not current.', { moment })}</strong>{' '}
        {condition === 'deleted' ? <StatusPill tone="danger">{t('Deleted by then')}</StatusPill> : null}
        {condition === 'partial' ? <StatusPill tone="warn">{t('Its beginning is archived: some fields are missing')}</StatusPill> : null}
        <span className="fs-block fs-muted fs-small">
          {t('Last change before: {actor}, {at}', { actor: version.actor, at: exactTime(new Date(version.at)) })}
        </span>
      </p>
      {restore ? (
        <button type="button" className="fs-button" onClick={() => setIsRestoring(true)}>
          {restore.isWhole ? t('Bring it back') : t('Restore fields')}
        </button>
      ) : null}
      <dl className="fs-facts">
        {state.fields.map(({ field, label, value }) => (
          <div key={field}>
            <dt>{label}</dt>
            <dd>
              <ValueView value={value} />{' '}
              <RevealStored
                action={reveal}
                entry={{ table, recordId, eventId: version.eventId, field, label }}
                value={value}
                side="state"
              />
            </dd>
          </div>
        ))}
      </dl>
      {isRestoring && restore ? (
        <RestoreDialog
          restore={restore}
          then={state.fields}
          onClose={() => setIsRestoring(false)}
          onDone={() => {
            setIsRestoring(false);
            remote.reload();
            onChanged?.();
          }}
        />
      ) : null}
    </section>
  );
}
