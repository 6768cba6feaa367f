import type React from 'react';
import { useEffect, useState } from 'react';
import { currentAdmin, pageState } from './admin-types.component.tsx';
import { Link } from './router.component.tsx';
import { sentenceCase } from './status-pill.component.tsx';
import { t } from './text.component.tsx';

const { locale, timeZone } = pageState.preferences;
const { breakGlass } = pageState;
const until = breakGlass ? new Date(breakGlass.until) : null;
const clock = new Intl.DateTimeFormat(locale, { timeStyle: 'short', timeZone });

/** On every page while a role given for an emergency is in force: which, until when, and that it will be looked at. */
export function BreakGlassBanner(): React.ReactElement | null {
  const [isOver, setIsOver] = useState(() => until !== null && until.getTime() <= Date.now());
  useEffect(() => {
    if (until === null) return undefined;
    const timer = setTimeout(() => setIsOver(true), Math.max(0, until.getTime() - Date.now()));
    return () => clearTimeout(timer);
  }, []);
  if (!breakGlass || !until || isOver) return null;
  return (
    <aside className="fs-banner fs-banner-danger" aria-label={t('Emergency access')}>
      {t('Emergency access: you hold the role {role} until {time}. Everything you do is reviewed.', {
        role: sentenceCase(breakGlass.role).toLowerCase(),
        time: clock.format(until),
      })}{' '}
      <Link href={`/admin/pages/audit?actor=${currentAdmin.id}`}>{t('See what you did')}</Link>
    </aside>
  );
}
