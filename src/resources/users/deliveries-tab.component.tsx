import type React from 'react';
import { useState } from 'react';
import type { Action, ListAnswer, RecordJson } from '../../admin/components/admin-types.component.tsx';
import { EmptyState, ErrorState } from '../../admin/components/empty-state.component.tsx';
import { ReasonForm } from '../../admin/components/reason-form.component.tsx';
import { Link } from '../../admin/components/router.component.tsx';
import { StatusPill, sentenceCase } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import { useIsSlow, useRemote } from '../../admin/components/use-remote.component.tsx';
import { actionOf, type TabProps, targetOf } from './customer-types.component.tsx';

const tones = { queued: 'info', sent: 'ok', delivered: 'ok', failed: 'danger', bounced: 'danger', suppressed: 'warn' } as const;

/** What was sent to the customer and whether it arrived; never the words, never a code. What did not arrive can be sent again. */
export function DeliveriesTab({ answer, extra, reload }: TabProps): React.ReactElement {
  const userId = extra.profile.id;
  const remote = useRemote<ListAnswer>(`/resources/Delivery/actions/list?filters.userId=${userId}&perPage=50`);
  const isSlow = useIsSlow(remote.isLoading && remote.data === null);
  const [again, setAgain] = useState<Action | null>(null);
  if (remote.problem) return <ErrorState problem={remote.problem} retry={remote.reload} />;
  if (!remote.data) return <p role="status">{isSlow ? t('Loading') : ''}</p>;
  const { records } = remote.data;
  if (records.length === 0) {
    return (
      <EmptyState icon="mail" title={t('Nothing was sent to this person yet')}>
        {t('Codes, links and notices appear here as they go out.')}
      </EmptyState>
    );
  }
  const latest = records.find(({ params }) => params.carriesCode === true);
  return (
    <section className="fs-card">
      <h2>{t('Deliveries')}</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scroller must be reachable by keyboard. */}
      <section className="fs-scroll" tabIndex={0} aria-label={t('Deliveries')}>
        <table className="fs-table-plain">
          <thead>
            <tr>
              <th scope="col">{t('Message')}</th>
              <th scope="col">{t('Status')}</th>
              <th scope="col">{t('To')}</th>
              <th scope="col" className="fs-number">
                {t('Tries')}
              </th>
              <th scope="col">{t('When')}</th>
              <th scope="col">{t('Why it failed')}</th>
            </tr>
          </thead>
          <tbody>
            {records.map((record) => (
              <DeliveryRow key={record.id} record={record} again={record === latest ? againOf(answer, record) : null} onAgain={setAgain} />
            ))}
          </tbody>
        </table>
      </section>
      {remote.data.meta.next ? <Link href={`/admin/resources/Delivery?filters.userId=${userId}`}>{t('All deliveries')}</Link> : null}
      {again ? (
        <ReasonForm
          action={again}
          target={targetOf(answer, again)}
          onClose={() => setAgain(null)}
          onDone={() => {
            setAgain(null);
            remote.reload();
            reload();
          }}
        />
      ) : null}
    </section>
  );
}

/** A reset is sent as a new link; every other code as the next one of its open request. Only the latest makes sense. */
function againOf(answer: TabProps['answer'], { params }: RecordJson): Action | null {
  const isReset = /password/i.test(String(params.template ?? ''));
  return actionOf(answer, isReset ? 'sendResetLink' : 'resendCode');
}

function DeliveryRow(props: { record: RecordJson; again: Action | null; onAgain: (action: Action) => void }): React.ReactElement {
  const { record, again, onAgain } = props;
  const { params } = record;
  const by = params.channel === 'sms' ? t('by SMS') : t('by email');
  return (
    <tr>
      <th scope="row">
        {String(params.template ?? '')} <span className="fs-muted">{by}</span>
      </th>
      <td>
        <DeliveryPill status={String(params.status ?? '')} />
        {again ? (
          <button
            type="button"
            className="fs-button fs-button-small"
            aria-disabled={again.refusal !== null}
            {...(again.refusal ? { title: again.refusal } : {})}
            onClick={() => (again.refusal === null ? onAgain(again) : undefined)}
          >
            {t('Send again')}
          </button>
        ) : null}
      </td>
      <td>
        <code>{String(params.recipientMasked ?? '')}</code>
      </td>
      <td className="fs-number">{String(params.attempts ?? 0)}</td>
      <td>{typeof params.createdAt === 'string' ? <Time value={params.createdAt} /> : null}</td>
      <td className="fs-wrap">{params.errorCode ? String(params.errorCode) : ''}</td>
    </tr>
  );
}

function DeliveryPill({ status }: { status: string }): React.ReactElement {
  const tone = Object.hasOwn(tones, status) ? tones[status as keyof typeof tones] : 'neutral';
  return (
    <StatusPill tone={tone}>
      {status === 'queued' ? t('Waiting') : status === 'suppressed' ? t('Held back') : sentenceCase(status)}
    </StatusPill>
  );
}
