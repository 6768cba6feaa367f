import type React from 'react';
import type { ListAnswer } from './admin-types.component.tsx';
import { Icon } from './icon.component.tsx';
import { withParam } from './list-address.component.tsx';
import { t } from './text.component.tsx';

const maxOffset = 10_000;
const sizes = [25, 50, 100] as const;

/** Pages by number as far as the list counts, then onwards by cursor. */
export function ListPager(props: {
  params: URLSearchParams;
  meta: ListAnswer['meta'];
  count: number;
  onGo: (next: URLSearchParams) => void;
}): React.ReactElement {
  const { params, meta, count, onGo } = props;
  const isByCursor = params.has('after');
  const canOffset = !isByCursor && meta.page * meta.perPage <= maxOffset;
  const first = (meta.page - 1) * meta.perPage + 1;
  const next = () => {
    const target = withParam(withParam(params, 'page', ''), 'after', '');
    if (canOffset) target.set('page', String(meta.page + 1));
    else if (meta.next) target.set('after', meta.next);
    onGo(target);
  };
  const previous = () => {
    if (isByCursor) window.history.back();
    else onGo(withParam(params, 'page', meta.page > 2 ? String(meta.page - 1) : ''));
  };
  const hasNext = isByCursor ? meta.next !== null : meta.isTotalCapped || meta.page * meta.perPage < meta.total;
  return (
    <nav className="fs-pager" aria-label={t('Pages')}>
      <span className="fs-muted fs-tabular">
        {isByCursor
          ? t('{count} shown', { count })
          : t('{first} to {last} of {total}', { first, last: first + count - 1, total: meta.totalText })}
      </span>
      <label className="fs-pager-size">
        {t('Rows')}{' '}
        <select
          value={meta.perPage}
          onChange={(event) =>
            onGo(
              withParam(
                withParam(withParam(params, 'page', ''), 'after', ''),
                'perPage',
                event.target.value === '25' ? '' : event.target.value,
              ),
            )
          }
        >
          {[...new Set([...sizes, meta.perPage])].map((size) => (
            <option key={size} value={size}>
              {size}
            </option>
          ))}
        </select>
      </label>
      <button type="button" className="fs-button fs-button-small" disabled={meta.page <= 1 && !isByCursor} onClick={previous}>
        <Icon name="chevron-left" /> {t('Previous')}
      </button>
      <button type="button" className="fs-button fs-button-small" disabled={!hasNext || count === 0} onClick={next}>
        {t('Next')} <Icon name="chevron-right" />
      </button>
    </nav>
  );
}
