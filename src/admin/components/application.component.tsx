import React, { useEffect, useRef, useState } from 'react';
import { pageState, type Resource, registeredComponent } from './admin-types.component.tsx';
import { showDensity } from './appearance.component.tsx';
import { BreakGlassBanner } from './break-glass-banner.component.tsx';
import { EmptyState } from './empty-state.component.tsx';
import { ListScreen } from './list-screen.component.tsx';
import { ReadOnlyBanner } from './read-only.component.tsx';
import { ReceiptProvider } from './receipts.component.tsx';
import { forgetRecords } from './recent-records.component.tsx';
import { RecordScreen } from './record-screen.component.tsx';
import { Link, parseRoute, type Route, useAddress } from './router.component.tsx';
import { SearchPalette } from './search-palette.component.tsx';
import { SessionWatch } from './session-watch.component.tsx';
import { ShortcutHelp, useShortcutKeys, useShortcuts } from './shortcuts.component.tsx';
import { Sidebar } from './sidebar.component.tsx';
import { t } from './text.component.tsx';
import { TopBar } from './top-bar.component.tsx';
import { useCounts } from './use-counts.component.tsx';

/** The shell of the back office, in place of AdminJS's own application. */
export default function Application(): React.ReactElement {
  const { pathname } = useAddress();
  const [isMenuOpen, setIsMenuOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  const route = parseRoute(pathname);
  const title = titleOf(route);
  const counts = useCounts();
  const [overlay, setOverlay] = useOverlay();
  useEffect(() => {
    showDensity();
    forgetRecords('others');
  }, []);
  const isFirst = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a change of path is a change of screen.
  useEffect(() => {
    document.title = `${title} - Fashionistar`;
    setIsMenuOpen(false);
    if (isFirst.current) isFirst.current = false;
    else {
      window.scrollTo(0, 0);
      main.current?.focus({ preventScroll: true });
    }
  }, [pathname]);
  return (
    <ReceiptProvider>
      <a className="fs-skip" href="#fs-main">
        {t('Skip to content')}
      </a>
      <ModeBanner />
      <BreakGlassBanner />
      <ReadOnlyBanner />
      <SessionWatch />
      <div className="fs-shell">
        <Sidebar pathname={pathname} counts={counts} isOpen={isMenuOpen} onClose={() => setIsMenuOpen(false)} />
        <div className="fs-column">
          <TopBar
            isMenuOpen={isMenuOpen}
            unread={counts.notifications ?? 0}
            onMenu={() => setIsMenuOpen((before) => !before)}
            onSearch={() => setOverlay('search')}
            onHelp={() => setOverlay('help')}
          />
          <main id="fs-main" ref={main} tabIndex={-1} className="fs-main">
            <ErrorBoundary key={pathname}>
              <Screen route={route} />
            </ErrorBoundary>
          </main>
        </div>
      </div>
      {overlay === 'search' ? <SearchPalette onClose={() => setOverlay(null)} onHelp={() => setOverlay('help')} /> : null}
      {overlay === 'help' ? <ShortcutHelp onClose={() => setOverlay(null)} /> : null}
    </ReceiptProvider>
  );
}

type Overlay = 'search' | 'help' | null;

/** What lies on top of the screen: the search box by `/` or Ctrl+K, the list of keys by `?`. */
function useOverlay(): readonly [Overlay, (overlay: Overlay) => void] {
  const [overlay, setOverlay] = useState<Overlay>(null);
  useShortcutKeys();
  useShortcuts([
    { key: '/', label: t('Search and commands'), run: () => setOverlay('search') },
    { key: '?', label: t('This list of keys'), run: () => setOverlay('help') },
  ]);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
      event.preventDefault();
      // A form that is open keeps what was typed into it: the search box would lie over it and lead away from it.
      if (!document.querySelector('dialog[open]')) setOverlay('search');
    };
    document.addEventListener('keydown', onKeyDown);
    return () => document.removeEventListener('keydown', onKeyDown);
  }, []);
  return [overlay, setOverlay];
}

function resourceOf(id: string): Resource | null {
  return Object.hasOwn(pageState.resources, id) ? (pageState.resources[id] ?? null) : null;
}

function titleOf(route: Route): string {
  switch (route.kind) {
    case 'dashboard':
      return pageState.dashboard.title;
    case 'page':
      return Object.hasOwn(pageState.pages, route.id) ? (pageState.pages[route.id]?.title ?? '') : t('Not found');
    case 'list':
      return resourceOf(route.resourceId)?.title ?? t('Not found');
    case 'record':
      return resourceOf(route.resourceId)?.singular ?? t('Not found');
    default:
      return t('Not found');
  }
}

function Screen({ route }: { route: Route }): React.ReactElement {
  switch (route.kind) {
    case 'dashboard':
      return <Registered name={pageState.dashboard.component} />;
    case 'page': {
      const page = Object.hasOwn(pageState.pages, route.id) ? pageState.pages[route.id] : undefined;
      return page ? <Registered name={page.component} /> : <Missing />;
    }
    case 'list': {
      const resource = resourceOf(route.resourceId);
      if (!resource) return <Missing />;
      const Own = resource.listComponent ? registeredComponent<{ resource: Resource }>(resource.listComponent) : null;
      return Own ? <Own resource={resource} /> : <ListScreen key={resource.id} resource={resource} />;
    }
    case 'record': {
      const resource = resourceOf(route.resourceId);
      return resource ? <RecordScreen key={route.recordId} resource={resource} recordId={route.recordId} /> : <Missing />;
    }
    default:
      return <Missing />;
  }
}

function Registered({ name }: { name: string }): React.ReactElement {
  const Component = registeredComponent<object>(name);
  return Component ? <Component /> : <Missing />;
}

function Missing(): React.ReactElement {
  return (
    <EmptyState icon="help" title={t('Not found')}>
      {t('There is nothing here that you may open.')} <Link href="/admin">{t('Back to the start')}</Link>
    </EmptyState>
  );
}

function ModeBanner(): React.ReactElement | null {
  const { mode, hasMfa } = pageState;
  const texts = [
    mode === 'lab' ? t('Lab: production build with demo data, on this machine only.') : null,
    mode !== 'production' && !hasMfa ? t('Demo: second factor is off.') : null,
  ].filter((text) => text !== null);
  if (texts.length === 0) return null;
  return (
    <aside className="fs-banner fs-banner-warn" aria-label={t('This copy')}>
      {texts.join(' ')} {hasMfa ? null : <a href="/admin/enrol?next=/admin">{t('Set one up')}</a>}
    </aside>
  );
}

/** A screen that breaks says so and leaves the rest usable. */
class ErrorBoundary extends React.Component<{ children: React.ReactNode }, { hasFailed: boolean }> {
  override state = { hasFailed: false };

  static getDerivedStateFromError(): { hasFailed: boolean } {
    return { hasFailed: true };
  }

  override render(): React.ReactNode {
    if (!this.state.hasFailed) return this.props.children;
    return (
      <div role="alert">
        <EmptyState icon="warn" title={t('This screen failed')} action={{ label: t('Load it again'), run: () => window.location.reload() }}>
          {t('Nothing was changed by it.')}
        </EmptyState>
      </div>
    );
  }
}
