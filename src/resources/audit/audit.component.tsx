import type React from 'react';
import { ErrorState } from '../../admin/components/empty-state.component.tsx';
import { Link, useAddress } from '../../admin/components/router.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import { useIsSlow, useRemote } from '../../admin/components/use-remote.component.tsx';
import { AuditExplorer } from './audit-explorer.component.tsx';
import { doorWords, OutcomePill } from './audit-list.component.tsx';
import type { ActionView } from './audit-types.component.tsx';
import { ClickDetail } from './click-detail.component.tsx';

/** The audit explorer. The address says which view: a list, or one action. */
export default function Audit(): React.ReactElement {
  const { search } = useAddress();
  const params = new URLSearchParams(search);
  return params.has('action') ? <Action search={search} /> : <AuditExplorer search={search} />;
}

function Action({ search }: { search: string }): React.ReactElement {
  const remote = useRemote<ActionView>(`/pages/audit${search}`);
  const isSlow = useIsSlow(remote.isLoading && remote.data === null);
  if (remote.problem) return <ErrorState problem={remote.problem} retry={remote.reload} />;
  if (!remote.data) return <div className="fs-skeleton">{isSlow ? <div role="status" aria-label={t('Loading')} /> : null}</div>;
  return <OneAction view={remote.data} />;
}

function OneAction({ view }: { view: ActionView }): React.ReactElement {
  const { row } = view;
  return (
    <>
      <Back />
      <header className="fs-screen-head">
        <h1>
          {row.actor} {row.what}
          {row.whom ? `: ${row.whom}` : null}
        </h1>
        <OutcomePill row={row} />
      </header>
      <section className="fs-card">
        <p>
          <Time value={row.at} />, {doorWords[row.door] ?? row.door}
          {row.role ? t(', as {role}', { role: row.role }) : ''}
          {row.country ? t(', from {country}', { country: row.country }) : ''}
        </p>
        {row.reason ? <blockquote>{row.reason}</blockquote> : null}
        <ClickDetail view={view} />
      </section>
    </>
  );
}

function Back(): React.ReactElement {
  return (
    <nav aria-label={t('Back')} className="fs-back">
      <Link href="/admin/pages/audit">{t('Audit')}</Link>
    </nav>
  );
}
