import type React from 'react';
import { Link, recordHref } from '../../admin/components/router.component.tsx';
import { StatusPill, sentenceCase } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import type { CustomerExtra } from './customer-types.component.tsx';
import { requestWords } from './request-words.component.tsx';

/** What waits for a second person, what the person asked about their data, and what they agreed to. */
export function RequestsTab({ extra }: { extra: CustomerExtra }): React.ReactElement {
  const { approvals, privacy, consents, profile } = extra;
  return (
    <>
      {approvals ? (
        <section className="fs-card">
          <h2>{t('Waiting for a second person')}</h2>
          {approvals.length === 0 ? <p className="fs-muted">{t('Nothing waits.')}</p> : null}
          <ul className="fs-plain-list fs-lines">
            {approvals.map((request) => (
              <Line key={request.id} href={recordHref('ApprovalRequest', request.id)} kind={request.kind} status={request.status}>
                {t('asked')} <Time value={request.createdAt} />, {t('lapses')} <Time value={request.dueAt} />
              </Line>
            ))}
          </ul>
        </section>
      ) : null}
      {privacy ? (
        <section className="fs-card">
          <h2>{t('Privacy requests')}</h2>
          {privacy.length === 0 ? <p className="fs-muted">{t('None is open.')}</p> : null}
          <ul className="fs-plain-list fs-lines">
            {privacy.map((request) => (
              <Line key={request.id} href={recordHref('PrivacyRequest', request.id)} kind={request.kind} status={request.status}>
                {t('received')} <Time value={request.createdAt} />, {t('due')} <Time value={request.dueAt} />
              </Line>
            ))}
          </ul>
        </section>
      ) : null}
      {consents ? <Consents consents={consents} objected={profile.objectedPurposes} /> : null}
    </>
  );
}

function Line(props: { href: string; kind: string; status: string; children: React.ReactNode }): React.ReactElement {
  return (
    <li>
      <div>
        <Link href={props.href}>{sentenceCase(requestWords(props.kind))}</Link>
        <p className="fs-muted fs-small">{props.children}</p>
      </div>
      <StatusPill tone="info">{sentenceCase(props.status)}</StatusPill>
    </li>
  );
}

function Consents(props: { consents: NonNullable<CustomerExtra['consents']>; objected: readonly string[] }): React.ReactElement {
  const { consents, objected } = props;
  return (
    <section className="fs-card">
      <h2>{t('Consents')}</h2>
      {objected.length > 0 ? (
        <p>{t('Objected to: {purposes}.', { purposes: objected.map((purpose) => purpose.replaceAll('_', ' ')).join(', ') })}</p>
      ) : null}
      {consents.length === 0 ? <p className="fs-muted">{t('None is recorded.')}</p> : null}
      <ul className="fs-plain-list fs-lines">
        {consents.map((consent) => (
          <li key={`${consent.purpose} ${consent.at}`}>
            <div>
              {sentenceCase(consent.purpose)}{' '}
              <span className="fs-muted fs-small">
                {t('text {version},', { version: consent.version })} <Time value={consent.at} />
              </span>
            </div>
            <StatusPill tone={consent.granted ? 'ok' : 'neutral'}>{consent.granted ? t('Given') : t('Withdrawn')}</StatusPill>
          </li>
        ))}
      </ul>
    </section>
  );
}
