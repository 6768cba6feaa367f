import type React from 'react';
import { pageState } from '../../admin/components/admin-types.component.tsx';
import { Icon } from '../../admin/components/icon.component.tsx';
import { Link } from '../../admin/components/router.component.tsx';
import { StatusPill } from '../../admin/components/status-pill.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import type { Fact, Section, SignalJson } from './review-types.ts';

export function FactList({ facts }: { facts: readonly Fact[] }): React.ReactElement {
  return (
    <dl className="fs-review-facts">
      {facts.map((fact) => (
        <div key={fact.label} className={fact.isLong ? 'fs-review-fact-long' : undefined}>
          <dt>{fact.label}</dt>
          <dd>
            {fact.value === null || fact.value === '' ? (
              <span className="fs-muted">{t('None')}</span>
            ) : fact.tone ? (
              <StatusPill tone={fact.tone}>{fact.value}</StatusPill>
            ) : fact.isCode ? (
              <code className="fs-wrap">{fact.value}</code>
            ) : (
              <span className="fs-wrap">{fact.value}</span>
            )}
            {fact.note ? <p className="fs-small fs-muted">{fact.note}</p> : null}
          </dd>
        </div>
      ))}
    </dl>
  );
}

/** What the case has in common with others, and why that matters. */
export function Signals({ signals }: { signals: readonly SignalJson[] }): React.ReactElement {
  if (signals.length === 0) {
    return (
      <p className="fs-review-clear">
        <Icon name="ok" /> {t('Nothing shared with other stores, and no look-alikes.')}
      </p>
    );
  }
  return (
    <ul className="fs-review-signals">
      {signals.map((signal) => (
        <li key={signal.key} className={`fs-review-signal fs-review-signal-${signal.tone}`}>
          <Icon name={signal.tone} />
          <p className="fs-wrap">
            {signal.text} {signal.link ? <Link href={signal.link.href}>{signal.link.label}</Link> : null}
          </p>
        </li>
      ))}
    </ul>
  );
}

const naira = new Intl.NumberFormat(pageState.preferences.locale, { style: 'currency', currency: 'NGN' });
const times = new Intl.NumberFormat(pageState.preferences.locale, { maximumSignificantDigits: 2 });

/** The price beside what is usual in its categories; a bar for each that says the same as its sentence. */
export function PriceCheck({ section }: { section: Extract<Section, { kind: 'price' }> }): React.ReactElement {
  const { price, categories, isOutlier } = section;
  return (
    <div className="fs-review-price">
      <p>
        <strong className="fs-tabular">{naira.format(price)}</strong>{' '}
        {isOutlier === null ? null : isOutlier ? (
          <StatusPill tone="warn">{t('Unusual')}</StatusPill>
        ) : (
          <StatusPill tone="ok">{t('Usual')}</StatusPill>
        )}
      </p>
      {categories.map(({ name, median }) =>
        median === null || median <= 0 ? (
          <p key={name} className="fs-small fs-muted">
            {t('{category} has no usual price yet.', { category: name })}
          </p>
        ) : (
          <PriceBar key={name} ratio={price / median} category={name} median={median} />
        ),
      )}
    </div>
  );
}

function PriceBar({ ratio, category, median }: { ratio: number; category: string; median: number }): React.ReactElement {
  // A hundredth to a hundred times the median, by powers of ten: the usual price stands in the middle.
  const place = Math.min(99, Math.max(0, 50 + Math.log10(ratio) * 25));
  const isOdd = ratio < 0.1 || ratio > 10;
  return (
    <>
      <svg viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false">
        <rect className="fs-review-price-ground" x="0" y="2" width="100" height="2" />
        <rect className="fs-review-price-usual" x="25" y="2" width="50" height="2" />
        <rect className={isOdd ? 'fs-review-price-odd' : 'fs-review-price-mark'} x={place} y="0" width="1" height="6" />
      </svg>
      <p className="fs-small fs-muted">
        {t('{times} times the median of {category}, which is {median}. A tenth to ten times is usual.', {
          times: times.format(ratio),
          category,
          median: naira.format(median),
        })}
      </p>
    </>
  );
}

/** Other records that belong to it, each with what it has to do with it. */
export function RelatedLinks({ section }: { section: Extract<Section, { kind: 'links' }> }): React.ReactElement {
  if (section.lines.length === 0) return <p className="fs-muted">{section.whenEmpty}</p>;
  return (
    <ul className="fs-review-related">
      {section.lines.map(({ label, href, note }) => (
        <li key={`${label} ${href ?? note}`}>
          {href ? <Link href={href}>{label}</Link> : label} <span className="fs-small fs-muted">{note}</span>
        </li>
      ))}
    </ul>
  );
}

/** How a search engine would show it. */
export function SearchPreview({ section }: { section: Extract<Section, { kind: 'preview' }> }): React.ReactElement {
  return (
    <div className="fs-review-preview">
      <p className="fs-small fs-muted fs-wrap">{section.address}</p>
      <p className="fs-review-preview-heading fs-wrap">{section.heading}</p>
      <p className="fs-small fs-wrap">{section.text || t('Search engines would make up a text: none is given.')}</p>
    </div>
  );
}
