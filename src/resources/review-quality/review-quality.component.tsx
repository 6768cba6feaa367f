import type React from 'react';
import { pageState } from '../../admin/components/admin-types.component.tsx';
import { Chart } from '../../admin/components/chart.component.tsx';
import { EmptyState, ErrorState } from '../../admin/components/empty-state.component.tsx';
import { Link } from '../../admin/components/router.component.tsx';
import { StatusPill, sentenceCase } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import { useIsSlow, useRemote } from '../../admin/components/use-remote.component.tsx';

type Rate = { looked: number; overturned: number; rate: number | null };
type Reason = { kind: string; code: string; now: number; before: number; nowShare: number; beforeShare: number; drift: number };
type Figures = {
  samplePercent: number;
  since: string;
  waiting: number;
  all: Rate;
  byKind: readonly (Rate & { kind: string })[];
  byReviewer: readonly (Rate & { id: string; name: string; approvals: number })[];
  overturned: readonly {
    sampleId: string;
    caseId: string;
    kind: string;
    title: string | null;
    decision: string;
    code: string | null;
    at: string;
  }[];
  secondAnswers: { asked: number; disagreed: number; rate: number | null };
  reasons: readonly Reason[];
};

const { locale } = pageState.preferences;
const percent = new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: 1 });
const points = new Intl.NumberFormat(locale, { maximumFractionDigits: 1, signDisplay: 'exceptZero' });

/** From this share on a lead should look. */
const highRate = 0.1;
const highDrift = 0.15;

/** Overturned approvals per kind and person, disagreement of second people, and how the reasons of rejections move. */
export default function ReviewQuality(): React.ReactElement {
  const remote = useRemote<{ figures: Figures }>('/pages/review-quality');
  const isSlow = useIsSlow(remote.isLoading && remote.data === null);
  if (remote.problem) return <ErrorState problem={remote.problem} retry={remote.reload} />;
  if (!remote.data) return <div className="fs-skeleton">{isSlow ? <div role="status" aria-label={t('Loading')} /> : null}</div>;
  const { figures } = remote.data;
  return (
    <>
      <header className="fs-screen-head">
        <h1>{t('Review quality')}</h1>
        <span className="fs-muted">
          {t('{share} of approvals are looked at again, blind.', { share: percent.format(figures.samplePercent / 100) })}
        </span>
      </header>
      <Summary figures={figures} />
      <OverturnByKind figures={figures} />
      <ByReviewer lines={figures.byReviewer} />
      <Overturned lines={figures.overturned} />
      <Reasons reasons={figures.reasons} />
    </>
  );
}

const rateText = (rate: number | null) => (rate === null ? t('None yet') : percent.format(rate));

function Summary({ figures }: { figures: Figures }): React.ReactElement {
  const { all, secondAnswers, waiting, since } = figures;
  return (
    <div className="fs-cards fs-quality-cards">
      <section className="fs-card">
        <h2>{t('Approvals overturned')}</h2>
        <p className="fs-card-value">{rateText(all.rate)}</p>
        <p className="fs-muted">
          {t('{overturned} of {looked} second looks, since', { overturned: all.overturned, looked: all.looked })}{' '}
          <Time value={since} isDay />
        </p>
      </section>
      <section className="fs-card">
        <h2>{t('Second people who disagreed')}</h2>
        <p className="fs-card-value">{rateText(secondAnswers.rate)}</p>
        <p className="fs-muted">
          {t('{disagreed} of {asked} second answers', { disagreed: secondAnswers.disagreed, asked: secondAnswers.asked })}
        </p>
      </section>
      <section className="fs-card">
        <h2>{t('Second looks waiting')}</h2>
        <p className="fs-card-value">
          <Link href="/admin/pages/review?tab=second">{waiting}</Link>
        </p>
        <p className="fs-muted">{t('Handed out by "Take next" after what vendors wait for')}</p>
      </section>
    </div>
  );
}

function OverturnByKind({ figures: { byKind } }: { figures: Figures }): React.ReactElement | null {
  if (byKind.length === 0) return null;
  const worst = byKind.reduce((one, other) => ((other.rate ?? 0) > (one.rate ?? 0) ? other : one));
  return (
    <section className="fs-card">
      <h2>{t('By kind of case')}</h2>
      <Chart
        title={t('Second looks by kind')}
        summary={
          worst.overturned === 0
            ? t('No approval was overturned.')
            : t('Most often overturned: {kind}, {overturned} of {looked}.', {
                kind: kindText(worst.kind),
                overturned: worst.overturned,
                looked: worst.looked,
              })
        }
        series={[
          { label: t('Looked at again'), tone: 'brand' },
          { label: t('Overturned'), tone: 'accent' },
        ]}
        points={byKind.map(({ kind, looked, overturned }) => ({ label: kindText(kind), values: [looked, overturned] }))}
      />
    </section>
  );
}

function kindText(kind: string): string {
  if (kind === 'kyc') return t('KYC');
  return kind === 'product_revision' ? t('Change of a product') : sentenceCase(kind);
}

function ByReviewer({ lines }: { lines: Figures['byReviewer'] }): React.ReactElement {
  return (
    <section className="fs-card">
      <h2>{t('By reviewer')}</h2>
      {lines.length === 0 ? (
        <EmptyState icon="users" title={t('Nothing was approved yet')}>
          {t('Reviewers appear here with their first approval.')}
        </EmptyState>
      ) : (
        <div className="fs-scroll">
          <table className="fs-table-plain fs-cards-narrow">
            <thead>
              <tr>
                <th scope="col">{t('Reviewer')}</th>
                <th scope="col" className="fs-number">
                  {t('Approvals')}
                </th>
                <th scope="col" className="fs-number">
                  {t('Looked at again')}
                </th>
                <th scope="col" className="fs-number">
                  {t('Overturned')}
                </th>
                <th scope="col">{t('Rate')}</th>
              </tr>
            </thead>
            <tbody>
              {lines.map(({ id, name, approvals, looked, overturned, rate }) => (
                <tr key={id}>
                  <th scope="row">{name}</th>
                  <td className="fs-number" data-label={t('Approvals')}>
                    {approvals}
                  </td>
                  <td className="fs-number" data-label={t('Looked at again')}>
                    {looked}
                  </td>
                  <td className="fs-number" data-label={t('Overturned')}>
                    {overturned}
                  </td>
                  <td data-label={t('Rate')}>
                    {rate === null ? (
                      <span className="fs-muted">{t('None yet')}</span>
                    ) : (
                      <StatusPill tone={rate > highRate ? 'warn' : 'ok'}>{percent.format(rate)}</StatusPill>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </section>
  );
}

function Overturned({ lines }: { lines: Figures['overturned'] }): React.ReactElement | null {
  if (lines.length === 0) return null;
  return (
    <section className="fs-card">
      <h2>{t('Overturned last')}</h2>
      <ul className="fs-review-related">
        {lines.map(({ sampleId, caseId, kind, title, decision, code, at }) => (
          <li key={sampleId}>
            <Link href={`/admin/pages/review?tab=done&case=${caseId}`}>{title ?? kindText(kind)}</Link>{' '}
            <span className="fs-small fs-muted">
              {kindText(kind)}, {sentenceCase(decision)}
              {code ? `, ${sentenceCase(code)}` : ''}, <Time value={at} />
            </span>{' '}
            <Link
              className="fs-small"
              href={`/admin/pages/review?tab=done&case=${sampleId}`}
              aria-label={t('The second look at {title}', { title: title ?? kindText(kind) })}
            >
              {t('Second look')}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Where the reasons of rejections moved: a new person, a new rule or a new kind of fraud shows here first. */
function Reasons({ reasons }: { reasons: readonly Reason[] }): React.ReactElement | null {
  if (reasons.length === 0) return null;
  return (
    <section className="fs-card">
      <h2>{t('Reasons of rejections')}</h2>
      <p className="fs-muted">{t('Their share in the last 30 days beside the 90 days before.')}</p>
      <div className="fs-scroll">
        <table className="fs-table-plain fs-cards-narrow">
          <thead>
            <tr>
              <th scope="col">{t('Reason')}</th>
              <th scope="col">{t('Kind')}</th>
              <th scope="col" className="fs-number">
                {t('Last 30 days')}
              </th>
              <th scope="col" className="fs-number">
                {t('Before')}
              </th>
              <th scope="col">{t('Drift, in points')}</th>
            </tr>
          </thead>
          <tbody>
            {reasons.map(({ kind, code, now, before, nowShare, beforeShare, drift }) => (
              <tr key={`${kind} ${code}`}>
                <th scope="row">{sentenceCase(code)}</th>
                <td data-label={t('Kind')}>{kindText(kind)}</td>
                <td className="fs-number" data-label={t('Last 30 days')}>
                  {percent.format(nowShare)} ({now})
                </td>
                <td className="fs-number" data-label={t('Before')}>
                  {percent.format(beforeShare)} ({before})
                </td>
                <td data-label={t('Drift, in points')}>
                  <StatusPill tone={Math.abs(drift) >= highDrift ? 'warn' : 'neutral'}>{points.format(drift * 100)}</StatusPill>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
