import type React from 'react';
import { currentAdmin } from '../../admin/components/admin-types.component.tsx';
import { EmptyState, ErrorState } from '../../admin/components/empty-state.component.tsx';
import { Link, recordHref, useAddress } from '../../admin/components/router.component.tsx';
import { StatusPill } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { useIsSlow, useRemote } from '../../admin/components/use-remote.component.tsx';
import { statusTone, statusWords } from './revision-words.component.tsx';

type Line = {
  id: string;
  title: string;
  status: string;
  store: string | null;
  ownStatus: string | null;
  quality: number;
  lacking: readonly string[];
  picture: { url: string; alt: string | null } | null;
};

type View = {
  items: readonly Line[];
  next: string | null;
  totalText: string;
  figures: { byStatus: Readonly<Record<string, number>>; decided: number; accepted: number; acceptanceRate: number | null };
};

const path = '/pages/improve-listings';

/** What lacks most first; one click leads to where it is written. */
export default function ImproveListings(): React.ReactElement {
  const { search } = useAddress();
  const remote = useRemote<View>(`${path}${search}`);
  const isSlow = useIsSlow(remote.isLoading && remote.data === null);
  if (remote.problem) return <ErrorState problem={remote.problem} retry={remote.reload} />;
  if (!remote.data) return <div className="fs-skeleton">{isSlow ? <div role="status" aria-label={t('Loading')} /> : null}</div>;
  const { items, next, totalText, figures } = remote.data;
  return (
    <>
      <header className="fs-screen-head">
        <h1>{t('Listings to improve')}</h1>
        <span className="fs-muted fs-tabular">{t('{count} lack something', { count: totalText })}</span>
      </header>
      <Figures figures={figures} />
      {items.length === 0 ? (
        <EmptyState icon="check" title={t('Nothing is missing')}>
          {t('Every published and waiting product has its texts.')}
        </EmptyState>
      ) : (
        <ol className="fs-plain-list fs-improve">
          {items.map((line) => (
            <li key={line.id} className="fs-card">
              <Listing line={line} />
            </li>
          ))}
        </ol>
      )}
      <nav aria-label={t('Pages')} className="fs-strip">
        {search === '' ? null : <Link href="/admin/pages/improve-listings">{t('From the start')}</Link>}
        {next ? <Link href={`/admin/pages/improve-listings?after=${next}`}>{t('Further')}</Link> : null}
      </nav>
    </>
  );
}

function Listing({ line }: { line: Line }): React.ReactElement {
  const tone = line.quality >= 80 ? 'ok' : line.quality >= 50 ? 'warn' : 'danger';
  return (
    <>
      {line.picture ? (
        <img src={`${line.picture.url}/small`} alt={line.picture.alt ?? t('Without a text')} width="72" height="72" loading="lazy" />
      ) : (
        <span className="fs-improve-blank fs-muted fs-small">{t('No image')}</span>
      )}
      <div>
        <h2>
          <Link href={`${recordHref('Product', line.id)}?tab=suggest`}>{line.title}</Link>
        </h2>
        <p className="fs-small fs-muted">
          {line.store ?? t('Store without a name')}, {line.status}
        </p>
        <p className="fs-small">{line.lacking.join(', ')}</p>
      </div>
      <div className="fs-improve-state">
        <StatusPill tone={tone}>{t('{quality} of 100', { quality: line.quality })}</StatusPill>
        {line.ownStatus ? (
          <StatusPill tone={statusTone(line.ownStatus)}>
            {t('Yours: {status}', { status: statusWords(line.ownStatus).toLowerCase() })}
          </StatusPill>
        ) : null}
      </div>
    </>
  );
}

/** How one's own suggestions fared. */
function Figures({ figures }: { figures: View['figures'] }): React.ReactElement {
  const { byStatus, decided, accepted, acceptanceRate } = figures;
  const list = (status: string) => `/admin/resources/ProductRevision?filters.authorId=${currentAdmin.id}&filters.status=${status}`;
  return (
    <section className="fs-card fs-improve-figures" aria-label={t('My suggestions')}>
      <div>
        <h2>{t('Acceptance rate, 90 days')}</h2>
        <p className="fs-card-value fs-tabular">{acceptanceRate === null ? t('None yet') : t('{rate} %', { rate: acceptanceRate })}</p>
        <p className="fs-small fs-muted">{t('{accepted} of {decided} decided', { accepted, decided })}</p>
      </div>
      <ul className="fs-plain-list fs-strip">
        {['draft', 'proposed', 'accepted', 'partly_accepted', 'rejected', 'superseded'].map((status) => (
          <li key={status}>
            <Link href={list(status)}>
              <span className="fs-tabular">{byStatus[status] ?? 0}</span> {statusWords(status)}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
