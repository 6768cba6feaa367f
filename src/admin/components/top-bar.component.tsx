import type React from 'react';
import { currentAdmin } from './admin-types.component.tsx';
import { chooseAppearance, themes, useTheme } from './appearance.component.tsx';
import { Icon } from './icon.component.tsx';
import { NoticeBell } from './notice-bell.component.tsx';
import { forgetRecords } from './recent-records.component.tsx';
import { sentenceCase } from './status-pill.component.tsx';
import { t } from './text.component.tsx';
import { initials } from './timeline.component.tsx';

/** Menu button on narrow screens, the search box, the bell, and the person with appearance and the way out. */
export function TopBar(props: {
  isMenuOpen: boolean;
  unread: number;
  onMenu: () => void;
  onSearch: () => void;
  onHelp: () => void;
}): React.ReactElement {
  return (
    <header className="fs-topbar">
      <button
        type="button"
        className="fs-icon-button fs-menu-button"
        aria-label={t('Menu')}
        aria-expanded={props.isMenuOpen}
        aria-controls="fs-sidebar"
        onClick={props.onMenu}
      >
        <Icon name="menu" size={20} />
      </button>
      <button type="button" className="fs-search-box" aria-haspopup="dialog" aria-keyshortcuts="Control+K" onClick={props.onSearch}>
        <Icon name="search" size={20} />
        <span className="fs-search-words">{t('Search people, vendors, tickets...')}</span>
        <span className="fs-kbd" aria-hidden="true">
          /
        </span>
      </button>
      <span className="fs-topbar-space" />
      <NoticeBell unread={props.unread} />
      <details className="fs-person">
        <summary>
          <span className="fs-avatar" aria-hidden="true">
            {initials(currentAdmin.displayName)}
          </span>
          <span className="fs-visually-hidden">{t('{name}, account menu', { name: currentAdmin.displayName })}</span>
        </summary>
        <div className="fs-menu">
          <p>
            <strong>{currentAdmin.displayName}</strong>
            <br />
            <span className="fs-muted fs-small">{currentAdmin.roles.map(sentenceCase).join(', ')}</span>
          </p>
          <a href="/admin/account">{t('Your account')}</a>
          <ThemeChoice />
          <button type="button" className="fs-menu-item" onClick={props.onHelp}>
            <Icon name="help" /> {t('Keyboard')}
          </button>
          <form method="post" action="/admin/logout" onSubmit={() => forgetRecords('everybody')}>
            <button type="submit" className="fs-menu-item">
              <Icon name="log-out" /> {t('Sign out')}
            </button>
          </form>
        </div>
      </details>
    </header>
  );
}

function ThemeChoice(): React.ReactElement {
  const theme = useTheme();
  return (
    <fieldset className="fs-theme">
      <legend>{t('Theme')}</legend>
      {themes.map((name) => (
        <label key={name}>
          <input type="radio" name="fs-theme" value={name} checked={theme === name} onChange={() => chooseAppearance({ theme: name })} />
          <span>{name === 'system' ? t('System') : name === 'light' ? t('Light') : t('Dark')}</span>
        </label>
      ))}
    </fieldset>
  );
}
