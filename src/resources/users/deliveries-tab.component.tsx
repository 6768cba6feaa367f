import type React from 'react';
import type { ListAnswer } from '../../admin/components/admin-types.component.tsx';
import { EmptyState, ErrorState } from '../../admin/components/empty-state.component.tsx';
import { Link } from '../../admin/components/router.component.tsx';
import { StatusPill, sentenceCase } from '../../admin/components/status-pill.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import { useIsSlow, useRemote } from '../../admin/components/use-remote.component.tsx';

const tones = { queued: 'info', sent: 'ok', delivered: 'ok', failed: 'danger', bounced: 'danger', suppressed: 'warn' } as const;

/** What was sent to the customer and whether it arrived; never the words, never a code. */
export function DeliveriesTab({ userId }: { userId: string }): React.ReactElement {
  const remote = useRemote<ListAnswer>(`/resources/Delivery/actions/list?filters.userId=${userId}&perPage=50`);
  const isSlow = useIsSlow(remote.isLoading && remote.data === null);
  if (remote.problem) return <ErrorState problem={remote.problem} retry={remote.reload} />;
  if (!remote.data) return <p role="status">{isSlow ? 'Loading' : ''}</p>;
  const { records } = remote.data;
  if (records.length === 0) return <EmptyState icon="mail" title="Nothing was sent to this person yet" />;
  return (
    <section className="fs-card">
      <h2>Deliveries</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scroller must be reachable by keyboard. */}
      <section className="fs-scroll" tabIndex={0} aria-label="Deliveries">
        <table className="fs-table-plain">
          <thead>
            <tr>
              <th scope="col">Message</th>
              <th scope="col">Status</th>
              <th scope="col">To</th>
              <th scope="col" className="fs-number">
                Tries
              </th>
              <th scope="col">When</th>
              <th scope="col">Why it failed</th>
            </tr>
          </thead>
          <tbody>
            {records.map(({ id, params }) => (
              <tr key={id}>
                <th scope="row">
                  {String(params.template ?? '')} <span className="fs-muted">by {params.channel === 'sms' ? 'SMS' : 'email'}</span>
                </th>
                <td>
                  <DeliveryPill status={String(params.status ?? '')} />
                </td>
                <td>
                  <code>{String(params.recipientMasked ?? '')}</code>
                </td>
                <td className="fs-number">{String(params.attempts ?? 0)}</td>
                <td>{typeof params.createdAt === 'string' ? <Time value={params.createdAt} /> : null}</td>
                <td>{params.errorCode ? sentenceCase(String(params.errorCode)) : ''}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {remote.data.meta.next ? <Link href={`/admin/resources/Delivery?filters.userId=${userId}`}>All deliveries</Link> : null}
    </section>
  );
}

function DeliveryPill({ status }: { status: string }): React.ReactElement {
  const tone = Object.hasOwn(tones, status) ? tones[status as keyof typeof tones] : 'neutral';
  return (
    <StatusPill tone={tone}>{status === 'queued' ? 'Waiting' : status === 'suppressed' ? 'Held back' : sentenceCase(status)}</StatusPill>
  );
}
