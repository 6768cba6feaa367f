import type React from 'react';
import { useEffect } from 'react';
import { Link, navigate, useAddress } from './router.component.tsx';

export type InboxTab = { label: string /** Query of the list, without "?"; empty: everything. */; query: string };

/**
 * The queues of a list as links above it: each is a filter in the address, so the back button and other windows keep it. The bare
 * address leads to the first; the list is drawn once it is known which.
 */
export function InboxTabs(props: {
  label: string;
  path: string;
  tabs: readonly InboxTab[];
  first: string;
  children: React.ReactNode;
}): React.ReactElement {
  const { label, path, tabs, first, children } = props;
  const { search } = useAddress();
  const isBare = search === '';
  useEffect(() => {
    if (isBare && first !== '') navigate(`${path}?${first}`, { replace: true });
  }, [isBare, first, path]);
  const asked = new URLSearchParams(search);
  return (
    <>
      <nav className="fs-inbox-tabs" aria-label={label}>
        {tabs.map((tab) => (
          <Link key={tab.query} href={`${path}?${tab.query}`} {...(isOpen(asked, tab.query) ? { 'aria-current': 'page' } : {})}>
            {tab.label}
          </Link>
        ))}
      </nav>
      {isBare ? null : children}
    </>
  );
}

/** Open with any further filter, sort and page beside its own. */
function isOpen(asked: URLSearchParams, query: string): boolean {
  return [...new URLSearchParams(query)].every(([name, value]) => asked.get(name) === value);
}
