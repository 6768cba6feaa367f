import type React from 'react';
import type { RecordPageProps } from '../../admin/components/admin-types.component.tsx';
import { RecordHistory } from '../../admin/components/record-history.component.tsx';
import { RecordFacts } from '../../admin/components/record-screen.component.tsx';
import { StatusPill } from '../../admin/components/status-pill.component.tsx';
import { Tabs } from '../../admin/components/tabs.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import { KycDocument } from './kyc-document.component.tsx';
import type { KycExtra } from './kyc-types.component.tsx';

/** Proofs of identity of one store: where they stand, which documents there are, and the rounds they went through. */
export default function KycPage({ resource, answer, reload }: RecordPageProps): React.ReactElement {
  const extra = answer.extra as KycExtra;
  const { id } = answer.record;
  const of = `record=${encodeURIComponent(`review.kyc_submission:${id}`)}`;
  return (
    <Tabs
      label={t('About this submission')}
      tabs={[
        { id: 'documents', label: t('Documents'), content: () => <Documents answer={answer} extra={extra} reload={reload} /> },
        { id: 'details', label: t('Details'), content: () => <RecordFacts fields={resource.fields} answer={answer} /> },
        { id: 'rounds', label: t('Rounds'), content: () => <Rounds cases={extra.cases} /> },
        ...(resource.historyTable
          ? [{ id: 'history', label: t('History'), content: () => <RecordHistory of={of} onChanged={reload} /> }]
          : []),
      ]}
    />
  );
}

type Shown = Pick<RecordPageProps, 'answer' | 'reload'> & { extra: KycExtra };

function Documents({ answer, extra, reload }: Shown): React.ReactElement {
  const actionOf = (name: string) => answer.actions.find((action) => action.name === name) ?? null;
  return (
    <>
      <section className="fs-card fs-stack">
        <h2>{t('Documents')}</h2>
        {extra.documents.length === 0 ? (
          <p className="fs-muted">{t('There are no documents: none were handed in, or their time is over.')}</p>
        ) : null}
        <ul className="fs-review-documents">
          {extra.documents.map((document) => (
            <KycDocument
              key={document.id}
              document={document}
              submissionId={answer.record.id}
              open={actionOf('open')}
              reveal={actionOf('revealNumber')}
              reload={reload}
            />
          ))}
        </ul>
        {extra.quotaLeft === null ? null : (
          <p className="fs-small fs-muted">{t('Each opening is recorded. Left to you today: {left}.', { left: extra.quotaLeft })}</p>
        )}
      </section>
      <section className="fs-card">
        <h2>{t('What this business needs')}</h2>
        <dl className="fs-facts">
          {extra.required.map(({ label, isGiven }) => (
            <div key={label}>
              <dt>{label}</dt>
              <dd>
                <StatusPill tone={isGiven ? 'ok' : 'danger'}>{isGiven ? t('Handed in') : t('Missing')}</StatusPill>
              </dd>
            </div>
          ))}
        </dl>
      </section>
    </>
  );
}

const caseWords: Readonly<Record<string, string>> = {
  queued: t('Waiting'),
  claimed: t('In review'),
  pending_second: t('Second look'),
  changes_requested: t('Asked again'),
  approved: t('Approved'),
  rejected: t('Rejected'),
  withdrawn: t('Withdrawn'),
};

function Rounds({ cases }: Pick<KycExtra, 'cases'>): React.ReactElement {
  if (cases.length === 0) return <p className="fs-muted">{t('Nobody has looked at these documents yet.')}</p>;
  return (
    <section className="fs-card">
      <h2>{t('Rounds')}</h2>
      <ol className="fs-stack">
        {cases.map(({ id, round, status, createdAt, decidedAt }) => (
          <li key={id}>
            <strong>{t('Round {round}', { round })}</strong> {caseWords[status] ?? status}, {t('opened')} <Time value={createdAt} />
            {decidedAt ? (
              <>
                , {t('decided')} <Time value={decidedAt} />
              </>
            ) : null}
          </li>
        ))}
      </ol>
    </section>
  );
}
