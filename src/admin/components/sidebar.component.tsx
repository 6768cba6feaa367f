import type React from 'react';
import { pageState } from './admin-types.component.tsx';
import { Icon } from './icon.component.tsx';
import { Link } from './router.component.tsx';
import { t } from './text.component.tsx';

export type Counts = Readonly<Record<string, number>>;

/** Sections of the person's role; the open one is marked, waiting items are counted beside their entry. */
export function Sidebar(props: { pathname: string; counts: Counts; isOpen: boolean; onClose: () => void }): React.ReactElement {
  return (
    <>
      {props.isOpen ? <button type="button" className="fs-scrim" aria-label={t('Close the menu')} onClick={props.onClose} /> : null}
      <nav className={`fs-sidebar${props.isOpen ? ' fs-sidebar-open' : ''}`} aria-label={t('Main')} id="fs-sidebar">
        <Link href="/admin" className="fs-brand">
          <Mark /> Fashionistar
        </Link>
        {pageState.navigation.map((section) => (
          <section key={section.group}>
            <h2>{section.title}</h2>
            <ul>
              {section.entries.map((entry) => (
                <li key={entry.id}>
                  <Link href={entry.href} aria-current={isCurrent(props.pathname, entry.href) ? 'page' : undefined} onClick={props.onClose}>
                    <Icon name={entry.icon} />
                    <span>{entry.title}</span>
                    {props.counts[entry.id] ? (
                      <span className="fs-count">
                        {props.counts[entry.id]}
                        <span className="fs-visually-hidden"> {t('waiting')}</span>
                      </span>
                    ) : null}
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        ))}
      </nav>
    </>
  );
}

function isCurrent(pathname: string, href: string): boolean {
  if (href === '/admin') return pathname === '/admin' || pathname === '/admin/';
  return pathname === href || pathname.startsWith(`${href}/`);
}

function Mark(): React.ReactElement {
  return (
    <svg viewBox="0 0 32 32" width="24" height="24" aria-hidden="true" focusable="false">
      <path d="M8 26V6h17v5H13.7v4H22v4.9h-8.3V26z" fill="#fda600" />
      <circle cx="24" cy="24" r="2.4" fill="#fff" />
    </svg>
  );
}
