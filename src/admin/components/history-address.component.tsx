import type React from 'react';
import { Link, navigate, useAddress } from './router.component.tsx';
import { t } from './text.component.tsx';

export type HistoryView = 'timeline' | 'field' | 'as-of' | 'compare';

/** Parameters of the address that belong to the history; others, such as the open tab, are left alone. */
const own = ['view', 'on', 'field', 'actor', 'kind', 'at', 'version', 'left', 'right', 'proof'] as const;
export type HistoryParam = (typeof own)[number];
type Changes = Partial<Record<HistoryParam, string | null>>;

/** Which view of the history is open is in the address, so that a link, a reload and the back button keep it. */
export function useHistoryAddress() {
  const { pathname, search } = useAddress();
  const params = new URLSearchParams(search);
  /** The address with some parameters changed; naming a view forgets those of the other views. */
  const hrefOf = (changes: Changes): string => {
    const next = new URLSearchParams(search);
    if (changes.view !== undefined) for (const name of own) if (name !== 'on') next.delete(name);
    for (const [name, value] of Object.entries(changes)) {
      if (value === null || value === undefined || value === '') next.delete(name);
      else next.set(name, value);
    }
    return `${pathname}?${next.toString()}`;
  };
  const view: HistoryView = viewOf(params.get('view'));
  return {
    view,
    read: (name: HistoryParam) => params.get(name),
    hrefOf,
    go: (changes: Changes) => navigate(hrefOf(changes)),
  };
}

export type HistoryAddress = ReturnType<typeof useHistoryAddress>;

function viewOf(text: string | null): HistoryView {
  return text === 'field' || text === 'as-of' || text === 'compare' ? text : 'timeline';
}

const views: readonly (readonly [HistoryView, string])[] = [
  ['timeline', t('Timeline')],
  ['field', t('One field')],
  ['as-of', t('State as of...')],
  ['compare', t('Compare')],
];

/** The views of a history as links; where somebody may not see versions, only those without. */
export function HistoryViews({ address, seesVersions }: { address: HistoryAddress; seesVersions: boolean }): React.ReactElement {
  const offered = views.filter(([view]) => seesVersions || view === 'timeline' || view === 'field');
  return (
    <nav aria-label={t('Views of the history')} className="fs-views">
      {offered.map(([view, label]) => (
        <Link key={view} href={address.hrefOf({ view })} aria-current={view === address.view ? 'page' : undefined}>
          {label}
        </Link>
      ))}
    </nav>
  );
}
