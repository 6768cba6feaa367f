import type React from 'react';
import { Chart, type ChartPoint, type ChartSeries } from './chart.component.tsx';
import { EmptyState, ErrorState } from './empty-state.component.tsx';
import { Link } from './router.component.tsx';
import { t } from './text.component.tsx';
import { useIsSlow, useRemote } from './use-remote.component.tsx';

type Card = {
  id: string;
  title: string;
  /** Null when the card failed: the others are shown all the same. */
  value: string | null;
  note: string | null;
  href: string | null;
  chart: { kind: 'line' | 'bars'; summary: string; series: readonly ChartSeries[]; points: readonly ChartPoint[] } | null;
};

/** One number, one trend, one link per card. */
export default function Dashboard(): React.ReactElement {
  const remote = useRemote<{ greeting: string; cards: readonly Card[] }>('/dashboard');
  const isSlow = useIsSlow(remote.isLoading && remote.data === null);
  if (remote.problem) return <ErrorState problem={remote.problem} retry={remote.reload} />;
  if (!remote.data) return <div className="fs-skeleton">{isSlow ? <div role="status" aria-label={t('Loading')} /> : null}</div>;
  const { greeting, cards } = remote.data;
  return (
    <>
      <header className="fs-screen-head">
        <h1>{greeting}</h1>
      </header>
      {cards.length === 0 ? (
        <EmptyState title={t('Nothing waits for you')}>{t('What your role can see is in the menu.')}</EmptyState>
      ) : null}
      <div className="fs-cards">
        {cards.map((card) => (
          <section key={card.id} className="fs-card">
            <h2>{card.title}</h2>
            {card.value === null ? (
              <p role="alert" className="fs-muted">
                {t('This number did not load.')}{' '}
                <button type="button" className="fs-link-button" onClick={remote.reload}>
                  {t('Try again')}
                </button>
              </p>
            ) : (
              <p className="fs-card-value">{card.href ? <Link href={card.href}>{card.value}</Link> : card.value}</p>
            )}
            {card.note ? <p className="fs-muted">{card.note}</p> : null}
            {card.chart ? <Chart title={card.title} {...card.chart} /> : null}
          </section>
        ))}
      </div>
    </>
  );
}
