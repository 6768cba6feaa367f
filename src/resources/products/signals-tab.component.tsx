import type React from 'react';
import { pageState } from '../../admin/components/admin-types.component.tsx';
import { Link, recordHref } from '../../admin/components/router.component.tsx';
import { StatusPill, sentenceCase } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import type { Signals } from './product-types.component.tsx';

/** What speaks against a listing: what it resembles, what it costs beside others, and what was noticed when it was handed in. */
export function SignalsTab({ signals }: { signals: Signals }): React.ReactElement {
  return (
    <>
      <PriceCard signals={signals} />
      <Duplicates signals={signals} />
      <Noticed signals={signals} />
    </>
  );
}

function money(amount: string, currency: string): string {
  return new Intl.NumberFormat(pageState.preferences.locale, { style: 'currency', currency, currencyDisplay: 'code' }).format(
    Number(amount),
  );
}

function PriceCard({ signals: { price } }: { signals: Signals }): React.ReactElement {
  const verdict =
    price.isOutlier === null
      ? { tone: 'neutral' as const, words: t('Too few prices to compare with') }
      : price.isOutlier
        ? { tone: 'warn' as const, words: t('Outside 0.1 to 10 times what is usual') }
        : { tone: 'ok' as const, words: t('Within what is usual') };
  return (
    <section className="fs-card">
      <h2>{t('Price')}</h2>
      <p>
        <strong className="fs-tabular">{money(price.amount, price.currency)}</strong>{' '}
        <StatusPill tone={verdict.tone}>{verdict.words}</StatusPill>
      </p>
      <dl className="fs-facts">
        {price.categories.map(({ code, name, median, isActive }) => (
          <div key={code}>
            <dt>
              {name}
              {isActive ? '' : ` ${t('(closed)')}`}
            </dt>
            <dd className="fs-tabular">
              {median === null ? t('no median yet') : t('median {price}', { price: money(median, price.currency) })}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Duplicates({ signals: { duplicates } }: { signals: Signals }): React.ReactElement {
  return (
    <section className="fs-card">
      <h2>{t('Looks like')}</h2>
      {duplicates.length === 0 ? <p className="fs-muted">{t('No other listing resembles it.')}</p> : null}
      <ul className="fs-plain-list fs-lines">
        {duplicates.map((found) => (
          <li key={found.id}>
            <div>
              <Link href={recordHref('Product', found.id)}>{found.title}</Link>
              <p className="fs-small fs-muted">
                {found.isSameStore
                  ? t('of this store, title {title} %, text {text} % alike', { title: found.titleScore, text: found.textScore })
                  : t('of another store, title {title} %, text {text} % alike', { title: found.titleScore, text: found.textScore })}
                {', '}
                {sentenceCase(found.status).toLowerCase()}
              </p>
            </div>
            <StatusPill tone={found.score >= 80 ? 'danger' : 'warn'}>{t('{score} % alike', { score: found.score })}</StatusPill>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Noticed({ signals: { noticed, riskScore } }: { signals: Signals }): React.ReactElement {
  return (
    <section className="fs-card">
      <h2>{t('Noticed when it was handed in')}</h2>
      <p className="fs-muted">{t('Risk {score} of 100', { score: riskScore })}</p>
      {noticed.length === 0 ? <p className="fs-muted">{t('Nothing.')}</p> : null}
      <ul className="fs-plain-list fs-lines">
        {noticed.map(({ rule, weight, evidence }) => (
          <li key={`${rule} ${evidence}`}>
            <div>{evidence}</div>
            <span className="fs-tabular fs-muted">+{weight}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
