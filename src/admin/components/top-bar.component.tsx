import type React from 'react';
import { useState } from 'react';
import { currentAdmin } from './admin-types.component.tsx';
import { Icon } from './icon.component.tsx';
import { sentenceCase } from './status-pill.component.tsx';
import { initials } from './timeline.component.tsx';

const themes = ['system', 'light', 'dark'] as const;

/** Menu button on narrow screens, theme, and the person with the way out. */
export function TopBar(props: { isMenuOpen: boolean; onMenu: () => void }): React.ReactElement {
  return (
    <header className="fs-topbar">
      <button
        type="button"
        className="fs-icon-button fs-menu-button"
        aria-label="Menu"
        aria-expanded={props.isMenuOpen}
        aria-controls="fs-sidebar"
        onClick={props.onMenu}
      >
        <Icon name="menu" size={20} />
      </button>
      <span className="fs-topbar-space" />
      <ThemeSwitch />
      <details className="fs-person">
        <summary>
          <span className="fs-avatar" aria-hidden="true">
            {initials(currentAdmin.displayName)}
          </span>
          <span className="fs-visually-hidden">{currentAdmin.displayName}, account menu</span>
        </summary>
        <div className="fs-menu">
          <p>
            <strong>{currentAdmin.displayName}</strong>
            <br />
            <span className="fs-muted fs-small">{currentAdmin.roles.map(sentenceCase).join(', ')}</span>
          </p>
          <a href="/admin/account">Your account</a>
          <form method="post" action="/admin/logout">
            <button type="submit" className="fs-menu-item">
              <Icon name="log-out" /> Sign out
            </button>
          </form>
        </div>
      </details>
    </header>
  );
}

function ThemeSwitch(): React.ReactElement {
  const [theme, setTheme] = useState(document.documentElement.dataset.theme ?? 'system');
  const next = themes[(themes.findIndex((name) => name.startsWith(theme)) + 1) % themes.length] ?? 'system';
  return (
    <button
      type="button"
      className="fs-icon-button fs-theme"
      aria-label={`Theme: ${theme}. Change to ${next}`}
      onClick={() => {
        document.documentElement.dataset.theme = next;
        setTheme(next);
        const body = new URLSearchParams({ theme: next, density: currentAdmin.density });
        void fetch('/admin/account/preferences', { method: 'POST', credentials: 'same-origin', redirect: 'manual', body });
      }}
    >
      Theme: {theme}
    </button>
  );
}
