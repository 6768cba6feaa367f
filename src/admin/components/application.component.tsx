import React, { useEffect, useRef, useState } from 'react';
import { currentAdmin, pageState, type Resource, registeredComponent } from './admin-types.component.tsx';
import { EmptyState } from './empty-state.component.tsx';
import { ListScreen } from './list-screen.component.tsx';
import { ReceiptProvider } from './receipts.component.tsx';
import { RecordScreen } from './record-screen.component.tsx';
import { Link, parseRoute, type Route, useAddress } from './router.component.tsx';
import { SessionWatch } from './session-watch.component.tsx';
import { type Counts, Sidebar } from './sidebar.component.tsx';
import { TopBar } from './top-bar.component.tsx';

/** The shell of the back office, in place of AdminJS's own application. */
export default function Application(): React.ReactElement {
  const { pathname } = useAddress();
  const [isMenuOpen, setIsMenuOpen] = useState(false);
  const main = useRef<HTMLElement>(null);
  const route = parseRoute(pathname);
  const title = titleOf(route);
  useEffect(() => {
    document.documentElement.dataset.density = currentAdmin.density;
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
        Skip to content
      </a>
      <ModeBanner />
      <SessionWatch />
      <div className="fs-shell">
        <Sidebar pathname={pathname} counts={useCounts()} isOpen={isMenuOpen} onClose={() => setIsMenuOpen(false)} />
        <div className="fs-column">
          <TopBar isMenuOpen={isMenuOpen} onMenu={() => setIsMenuOpen((before) => !before)} />
          <main id="fs-main" ref={main} tabIndex={-1} className="fs-main">
            <ErrorBoundary key={pathname}>
              <Screen route={route} />
            </ErrorBoundary>
          </main>
        </div>
      </div>
    </ReceiptProvider>
  );
}

function resourceOf(id: string): Resource | null {
  return Object.hasOwn(pageState.resources, id) ? (pageState.resources[id] ?? null) : null;
}

function titleOf(route: Route): string {
  switch (route.kind) {
    case 'dashboard':
      return pageState.dashboard.title;
    case 'page':
      return Object.hasOwn(pageState.pages, route.id) ? (pageState.pages[route.id]?.title ?? '') : 'Not found';
    case 'list':
      return resourceOf(route.resourceId)?.title ?? 'Not found';
    case 'record':
      return resourceOf(route.resourceId)?.singular ?? 'Not found';
    default:
      return 'Not found';
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
    <EmptyState icon="help" title="Not found">
      There is nothing here that you may open. <Link href="/admin">Back to the start</Link>
    </EmptyState>
  );
}

function ModeBanner(): React.ReactElement | null {
  const { mode, hasMfa } = pageState;
  const texts = [
    mode === 'lab' ? 'Lab: production build with demo data, on this machine only.' : null,
    mode !== 'production' && !hasMfa ? 'Demo: second factor is off.' : null,
  ].filter((text) => text !== null);
  if (texts.length === 0) return null;
  return (
    <aside className="fs-banner fs-banner-warn" aria-label="This copy">
      {texts.join(' ')} {hasMfa ? null : <a href="/admin/enrol?next=/admin">Set one up</a>}
    </aside>
  );
}

const countsEveryMs = 30_000;

/** Waiting items beside the side-bar entries: every 30 seconds and when the window comes back. */
function useCounts(): Counts {
  const [counts, setCounts] = useState<Counts>({});
  useEffect(() => {
    const hasCounts = pageState.navigation.some((section) => section.entries.some((entry) => entry.hasCount));
    if (!hasCounts) return undefined;
    const load = () => {
      if (document.visibilityState !== 'visible') return;
      fetch('/admin/api/waiting', { credentials: 'same-origin', headers: { Accept: 'application/json' } })
        .then((response) => (response.ok ? response.json() : {}))
        .then((body: Counts) => setCounts(body))
        .catch(() => undefined);
    };
    load();
    const timer = setInterval(load, countsEveryMs);
    window.addEventListener('focus', load);
    return () => {
      clearInterval(timer);
      window.removeEventListener('focus', load);
    };
  }, []);
  return counts;
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
        <EmptyState icon="warn" title="This screen failed" action={{ label: 'Load it again', run: () => window.location.reload() }}>
          Nothing was changed by it.
        </EmptyState>
      </div>
    );
  }
}
