import React from 'react';
import type { Action, RecordPageProps, ShowAnswer } from '../../admin/components/admin-types.component.tsx';
import { MaskedValue } from '../../admin/components/masked-value.component.tsx';
import { type ActionTarget, ReasonForm } from '../../admin/components/reason-form.component.tsx';
import { RecordHistory } from '../../admin/components/record-history.component.tsx';
import { RecordFacts } from '../../admin/components/record-screen.component.tsx';
import { Link, recordHref } from '../../admin/components/router.component.tsx';
import { Tabs } from '../../admin/components/tabs.component.tsx';
import { t } from '../../admin/components/text.component.tsx';

type Extra = { openRequest: string | null; hasHistory: boolean };

/** One payout account: what is known of it, the number for a minute where finance may see it, and what waits for a second person. */
export default function BankAccountPage({ resource, answer, reload }: RecordPageProps): React.ReactElement {
  const { openRequest, hasHistory } = answer.extra as Extra;
  const of = `record=${encodeURIComponent(`identity.vendor_bank_account:${answer.record.id}`)}`;
  const details = () => (
    <>
      <AccountNumber answer={answer} />
      <RecordFacts fields={resource.fields} answer={answer} />
    </>
  );
  return (
    <>
      {openRequest ? (
        <p className="fs-card" role="status">
          {t('A change of this account waits for a second person.')}{' '}
          <Link href={recordHref('ApprovalRequest', openRequest)}>{t('Open the request')}</Link>
        </p>
      ) : null}
      <Tabs
        label={t('About this account')}
        tabs={[
          { id: 'details', label: t('Details'), content: details },
          ...(hasHistory ? [{ id: 'history', label: t('History'), content: () => <RecordHistory of={of} onChanged={reload} /> }] : []),
        ]}
      />
    </>
  );
}

/** The number in its mask; revealing it asks for reason, ticket and a fresh factor. */
function AccountNumber({ answer }: { answer: ShowAnswer }): React.ReactElement | null {
  const [asking, setAsking] = React.useState<{ resolve: (value: string | null) => void } | null>(null);
  const reveal = answer.actions.find((action) => action.name === 'reveal') ?? null;
  if (!reveal) return null;
  const finish = (value: string | null) => {
    asking?.resolve(value);
    setAsking(null);
  };
  const isOffered = reveal.refusal === null;
  return (
    <section className="fs-card">
      <h2>{t('Account number')}</h2>
      <MaskedValue
        value={String(answer.record.params.accountLast4 ?? '')}
        label={t('account number')}
        {...(isOffered ? { reveal: () => new Promise<string | null>((resolve) => setAsking({ resolve })) } : {})}
      />
      {reveal.refusal ? <p className="fs-muted fs-small">{reveal.refusal}</p> : null}
      {asking ? (
        <ReasonForm
          action={reveal}
          target={targetOf(answer, reveal)}
          onClose={() => finish(null)}
          onDone={({ shown }) => finish(typeof shown?.value === 'string' ? shown.value : null)}
        />
      ) : null}
    </section>
  );
}

function targetOf({ record, version, subjectUserId }: ShowAnswer, action: Action): ActionTarget {
  const base = `/resources/BankAccount/records/${encodeURIComponent(record.id)}`;
  return { path: `${base}/${action.name}`, base, record, version, subjectUserId, hasCaller: false };
}
