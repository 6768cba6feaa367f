import type React from 'react';
import { EmptyState } from '../../admin/components/empty-state.component.tsx';
import { Link } from '../../admin/components/router.component.tsx';
import { StatusPill, sentenceCase } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import { type StatusStep, toneOf, type VendorExtra } from './vendor-types.component.tsx';

/** The last decision in the words that the owner read, and every state the store was in. */
export function StatusTab({ extra }: { extra: VendorExtra }): React.ReactElement {
  const { lastDecision, statusHistory } = extra;
  return (
    <>
      {lastDecision ? <LastDecision decision={lastDecision} /> : null}
      <section className="fs-card">
        <h2>{t('States')}</h2>
        {statusHistory === null ? (
          <p className="fs-muted">{t('Your role does not read histories. The states of now are in the profile.')}</p>
        ) : statusHistory.length === 0 ? (
          <EmptyState icon="history" title={t('Nothing happened yet')}>
            {t('The store is as it was when it was registered.')}
          </EmptyState>
        ) : (
          <ol className="fs-plain-list fs-lines">
            {statusHistory.map((step) => (
              <Step key={`${step.at} ${step.to}`} step={step} />
            ))}
          </ol>
        )}
      </section>
    </>
  );
}

function Step({ step }: { step: StatusStep }): React.ReactElement {
  return (
    <li>
      <div>
        <p>
          <Time value={step.at} /> {t('by {name}', { name: step.by })}
          {step.from ? <span className="fs-muted"> {t('from {status}', { status: sentenceCase(step.from).toLowerCase() })}</span> : null}
        </p>
        {step.reason ? <blockquote className="fs-wrap">{step.reason}</blockquote> : null}
        {step.actionId ? (
          <p className="fs-small">
            <Link href={`/admin/pages/audit?action=${step.actionId}`}>{t('See in audit')}</Link>
          </p>
        ) : null}
      </div>
      {step.to ? <StatusPill tone={toneOf(step.to)}>{sentenceCase(step.to)}</StatusPill> : null}
    </li>
  );
}

function LastDecision({ decision }: { decision: NonNullable<VendorExtra['lastDecision']> }): React.ReactElement {
  return (
    <section className="fs-card">
      <h2>{t('Last decision')}</h2>
      <p>
        {decision.code ? sentenceCase(decision.code) : t('Decided')} {decision.at ? <Time value={decision.at} /> : null}
      </p>
      {decision.text ? <blockquote className="fs-wrap">{decision.text}</blockquote> : null}
      {decision.notes.length > 0 ? (
        <dl className="fs-facts">
          {decision.notes.map(({ field, note }) => (
            <div key={`${field} ${note}`}>
              <dt>{sentenceCase(field)}</dt>
              <dd className="fs-wrap">{note}</dd>
            </div>
          ))}
        </dl>
      ) : null}
    </section>
  );
}
