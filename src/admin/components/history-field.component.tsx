import type React from 'react';
import type { AsOfAnswer, FieldAnswer } from '../history/history-answers.ts';
import type { FieldStepJson } from '../history/version-json.ts';
import { Change } from './diff-view.component.tsx';
import { EmptyState, ErrorState } from './empty-state.component.tsx';
import type { HistoryAddress } from './history-address.component.tsx';
import { RevealStored } from './reveal-stored.component.tsx';
import { StatusPill } from './status-pill.component.tsx';
import { t } from './text.component.tsx';
import { Time } from './time.component.tsx';
import { usePages } from './use-pages.component.tsx';
import { useRemote } from './use-remote.component.tsx';

/** The values of one field over time, newest first, with who gave them and why. */
export function HistoryField({ record, address }: { record: string; address: HistoryAddress }): React.ReactElement {
  const field = address.read('field');
  const now = useRemote<AsOfAnswer>(`/pages/history?view=as-of&record=${encodeURIComponent(record)}&version=now`);
  const fields = now.data?.state.fields ?? [];
  return (
    <>
      <div className="fs-field fs-history-field">
        <label htmlFor="fs-history-one">{t('Field')}</label>
        <select id="fs-history-one" value={field ?? ''} onChange={(event) => address.go({ field: event.target.value })}>
          <option value="">{t('Choose a field')}</option>
          {field && !fields.some((each) => each.field === field) ? <option value={field}>{field}</option> : null}
          {fields.map((each) => (
            <option key={each.field} value={each.field}>
              {each.label}
            </option>
          ))}
        </select>
      </div>
      {field ? <Steps key={`${record} ${field}`} record={record} field={field} /> : null}
    </>
  );
}

function Steps({ record, field }: { record: string; field: string }): React.ReactElement {
  const path = `/pages/history?view=field&record=${encodeURIComponent(record)}&field=${encodeURIComponent(field)}`;
  const pages = usePages<FieldAnswer, FieldStepJson>(path, ({ steps, next }) => ({ items: steps, next }));
  if (pages.problem) return <ErrorState problem={pages.problem} retry={pages.reload} />;
  const label = pages.last?.label ?? field;
  const [table = '', recordId = ''] = record.split(/:(.*)/s);
  return (
    <section className="fs-card" aria-busy={pages.isLoading}>
      <h2>{t('{label} over time', { label })}</h2>
      {pages.items.length === 0 && !pages.isLoading ? (
        <EmptyState icon="history" title={t('It never changed')}>
          {t('No value of this field was recorded.')}
        </EmptyState>
      ) : null}
      <ol className="fs-steps">
        {pages.items.map((step) => (
          <li key={step.eventId}>
            <p>
              <Change before={step.before} after={step.after} />
              {(['before', 'after'] as const).map((side) => (
                <RevealStored
                  key={side}
                  action={pages.last?.reveal ?? null}
                  entry={{ table, recordId, field, label, eventId: step.eventId }}
                  value={step[side]}
                  side={side}
                />
              ))}
            </p>
            <p className="fs-muted fs-small">
              {step.actor}
              {step.role ? ` (${step.role})` : ''}, <Time value={step.at} />{' '}
              {step.isSealed ? <StatusPill tone="ok">{t('Sealed')}</StatusPill> : null}
            </p>
            {step.reason ? <blockquote>{step.reason}</blockquote> : null}
          </li>
        ))}
      </ol>
      {pages.next ? (
        <button type="button" className="fs-button" onClick={pages.more}>
          {t('Older')}
        </button>
      ) : null}
    </section>
  );
}
