import type React from 'react';
import type { RecordPageProps } from '../../admin/components/admin-types.component.tsx';
import { DueClock } from '../../admin/components/due-clock.component.tsx';
import { Icon } from '../../admin/components/icon.component.tsx';
import { RecordHistory } from '../../admin/components/record-history.component.tsx';
import { SubjectCard, type SubjectJson } from '../../admin/components/subject-card.component.tsx';
import { type Tab, Tabs } from '../../admin/components/tabs.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { OtherRequests, type PrivacyExtra, Result, textIn, Work } from './privacy-parts.component.tsx';

/** One privacy request: how far it is, how long the law gives, what was asked, and what came of it. */
export default function PrivacyPage({ resource, answer }: RecordPageProps): React.ReactElement {
  const extra = answer.extra as PrivacyExtra & { subject: SubjectJson | null };
  const { id, params } = answer.record;
  const statuses = resource.fields.find((field) => field.name === 'status')?.states ?? null;
  const kinds = resource.fields.find((field) => field.name === 'kind')?.states ?? null;
  const receivedAt = textIn(params, 'createdAt');
  const isOpen = openStatuses.has(String(params.status));
  const tabs: (Tab | null)[] = [
    {
      id: 'request',
      label: t('Request'),
      content: () => (
        <>
          {extra.subject?.isOnLegalHold ? (
            <p className="fs-banner fs-banner-warn" role="status">
              {t('A legal hold stands on this person: nothing about them is erased until it is released.')}
            </p>
          ) : null}
          <section className="fs-card fs-stack">
            <h2>{t('How far it is')}</h2>
            <Stepper status={String(params.status)} isErasure={params.kind === 'erase'} />
            {isOpen && receivedAt && extra.dueAt ? (
              <DueClock from={receivedAt} until={extra.dueAt} now={extra.now} label={t('The law wants an answer')} />
            ) : null}
          </section>
          <Work extra={extra} params={params} fields={resource.fields} />
          <Result extra={extra} params={params} />
        </>
      ),
    },
    {
      id: 'person',
      label: t('Person'),
      content: () => (
        <>
          {extra.subject ? <SubjectCard subject={extra.subject} /> : null}
          <OtherRequests others={extra.others} words={{ kinds, statuses }} />
        </>
      ),
    },
    extra.hasHistory
      ? { id: 'history', label: t('History'), content: () => <RecordHistory of={`record=support.privacy_request:${id}`} /> }
      : null,
  ];
  return <Tabs label={t('About this request')} tabs={tabs.filter((tab) => tab !== null)} />;
}

const openStatuses: ReadonlySet<string> = new Set(['received', 'identity_verified', 'approved', 'processing']);

const steps = [
  ['received', t('Received')],
  ['identity_verified', t('Identity verified')],
  ['approved', t('Approved')],
  ['processing', t('Being carried out')],
  ['completed', t('Completed')],
] as const;

/** The way of a request; one that ended otherwise says so instead of the steps that never came. */
function Stepper({ status, isErasure }: { status: string; isErasure: boolean }): React.ReactElement {
  const at = steps.findIndex(([name]) => name === status);
  if (at < 0) return <p>{status === 'refused' ? t('It was refused.') : t('The person withdrew it.')}</p>;
  return (
    <ol className="fs-stepper" aria-label={t('Steps')}>
      {steps.map(([name, label], index) => (
        <li key={name} {...(index === at ? { 'aria-current': 'step' as const } : {})}>
          {index < at || status === 'completed' ? (
            <span className="fs-done">
              <Icon name="ok" />
              <span className="fs-visually-hidden">{t('Done:')}</span>
            </span>
          ) : (
            <Icon name="neutral" />
          )}
          {name === 'approved' && isErasure ? t('Approved by two people') : label}
        </li>
      ))}
    </ol>
  );
}
