import type React from 'react';
import { useState } from 'react';
import type { Resource } from './admin-types.component.tsx';
import { EmptyState } from './empty-state.component.tsx';
import { Icon } from './icon.component.tsx';
import { Link, useAddress } from './router.component.tsx';
import { t } from './text.component.tsx';

export function ListSearch(props: { initial: string; title: string; onSearch: (text: string) => void }): React.ReactElement {
  const [text, setText] = useState(props.initial);
  const label = t('Search {list}', { list: props.title.toLowerCase() });
  return (
    <search className="fs-search">
      <form
        onSubmit={(event) => {
          event.preventDefault();
          props.onSearch(text.trim());
        }}
      >
        <Icon name="search" />
        <input
          type="search"
          aria-label={label}
          placeholder={label}
          value={text}
          maxLength={200}
          onChange={(event) => setText(event.target.value)}
        />
      </form>
    </search>
  );
}

/** Why there is nothing: filtered out, or nothing yet. */
export function NothingHere(props: { resource: Resource; isFiltered: boolean; onClear: () => void }): React.ReactElement {
  const list = props.resource.title.toLowerCase();
  if (props.isFiltered) {
    return (
      <EmptyState icon="filter" title={t('Nothing matches')} action={{ label: t('Clear filters'), run: props.onClear }}>
        {t('No {list} fit these filters.', { list })} <LookElsewhere resource={props.resource} />
      </EmptyState>
    );
  }
  return <EmptyState title={t('No {list} yet', { list })}>{t('They appear here as soon as there are some that you may see.')}</EmptyState>;
}

/** Another place where what was typed may be found, such as registrations that nobody finished. */
function LookElsewhere({ resource: { whenEmpty } }: { resource: Resource }): React.ReactElement | null {
  const typed = new URLSearchParams(useAddress().search).get('q');
  if (!whenEmpty) return null;
  return <Link href={`${whenEmpty.href}${typed ? `?contact=${encodeURIComponent(typed)}` : ''}`}>{whenEmpty.label}</Link>;
}

/** As high as the rows that are to come, so that nothing jumps. */
export function ListSkeleton({ isShown }: { isShown: boolean }): React.ReactElement {
  return (
    <div className="fs-skeleton fs-list-skeleton" {...(isShown ? { role: 'status', 'aria-label': t('Loading') } : {})}>
      {isShown ? ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'].map((key) => <div key={key} />) : null}
    </div>
  );
}
