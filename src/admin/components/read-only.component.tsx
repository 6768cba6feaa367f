import type React from 'react';
import { useSyncExternalStore } from 'react';
import { currentAdmin, pageState } from './admin-types.component.tsx';
import { Icon } from './icon.component.tsx';
import { Link } from './router.component.tsx';
import { t } from './text.component.tsx';

/** Since when nothing may be changed, and why. */
export type ReadOnly = { since: string; reason: string };

const { locale, timeZone } = pageState.preferences;
const clock = new Intl.DateTimeFormat(locale, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone });

let state: ReadOnly | null = pageState.readOnly;
const listeners = new Set<() => void>();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Each answer of the server says whether the product is read-only; an answer without the header opens it again. */
export function noteReadOnly(response: Response): void {
  const header = response.headers.get('X-Read-Only');
  // A refusal may come from before the place where this is looked at.
  if (header === null && !response.ok) return;
  const next = header === null ? null : parsed(header);
  if (next?.since === state?.since && next?.reason === state?.reason) return;
  state = next;
  for (const listener of listeners) listener();
}

function parsed(header: string): ReadOnly | null {
  try {
    const value: unknown = JSON.parse(decodeURIComponent(header));
    if (typeof value !== 'object' || value === null || !('since' in value) || !('reason' in value)) return null;
    return { since: String(value.since), reason: String(value.reason) };
  } catch {
    return null;
  }
}

export function useReadOnly(): ReadOnly | null {
  return useSyncExternalStore(subscribe, () => state);
}

/** "Read-only mode since 14:05", for a button that does nothing now. */
export function readOnlyWords({ since }: ReadOnly): string {
  return t('Read-only mode since {time}', { time: clock.format(new Date(since)) });
}

/** On top of every page while nothing may be changed: since when, why, and where it is switched off. */
export function ReadOnlyBanner(): React.ReactElement | null {
  const readOnly = useReadOnly();
  if (!readOnly) return <div role="status" className="fs-visually-hidden" />;
  return (
    <aside className="fs-banner fs-banner-warn fs-read-only" aria-label={t('Read-only mode')}>
      <Icon name="lock" />{' '}
      <span role="status">
        {t('Read-only mode since {time}: {reason} Reading goes on, nothing can be changed.', {
          time: clock.format(new Date(readOnly.since)),
          reason: withStop(readOnly.reason),
        })}
      </span>{' '}
      {currentAdmin.roles.includes('super_admin') ? <Link href="/admin/pages/settings">{t('Switch it off')}</Link> : null}
    </aside>
  );
}

/** What people wrote as a reason, as a sentence. */
function withStop(words: string): string {
  return /[.!?]$/.test(words) ? words : `${words}.`;
}
