import type React from 'react';
import { pageState } from './admin-types.component.tsx';
import { type DiffEntry, DiffView } from './diff-view.component.tsx';
import { Link } from './router.component.tsx';
import { StatusPill } from './status-pill.component.tsx';
import { Time } from './time.component.tsx';

export type TimelineEntry = {
  id: string;
  /** Its row in the audit; absent for changes that no action owns. */
  actionId?: string | null;
  at: string;
  actor: string;
  role: string | null;
  /** "unlocked this account" */
  what: string;
  reason: string | null;
  isDenied: boolean;
  isSealed: boolean;
  changes: readonly DiffEntry[];
};

const dayFormat = new Intl.DateTimeFormat(pageState.preferences.locale, { dateStyle: 'full', timeZone: pageState.preferences.timeZone });

/** Newest first, under day headings; reasons quoted, changes folded. */
export function Timeline({ entries }: { entries: readonly TimelineEntry[] }): React.ReactElement {
  const days = new Map<string, TimelineEntry[]>();
  for (const entry of entries) {
    const day = dayFormat.format(new Date(entry.at));
    days.set(day, [...(days.get(day) ?? []), entry]);
  }
  return (
    <div className="fs-timeline">
      {[...days].map(([day, items]) => (
        <section key={day}>
          <h3>{day}</h3>
          <ol>
            {items.map((entry) => (
              <TimelineItem key={entry.id} entry={entry} />
            ))}
          </ol>
        </section>
      ))}
    </div>
  );
}

function TimelineItem({ entry }: { entry: TimelineEntry }): React.ReactElement {
  return (
    <li>
      <span className="fs-avatar" aria-hidden="true">
        {initials(entry.actor)}
      </span>
      <div>
        <p>
          <strong>{entry.actor}</strong> {entry.role ? <span className="fs-muted">({entry.role})</span> : null} {entry.what}{' '}
          <Time value={entry.at} />
          {entry.isDenied ? <StatusPill tone="danger">Denied</StatusPill> : null}
          {entry.isSealed ? <StatusPill tone="ok">Sealed</StatusPill> : null}
        </p>
        {entry.actionId ? (
          <p className="fs-small">
            <Link href={`/admin/pages/audit?action=${entry.actionId}`} aria-label={`See in audit: ${entry.actor} ${entry.what}`}>
              See in audit
            </Link>
          </p>
        ) : null}
        {entry.reason ? <blockquote>{entry.reason}</blockquote> : null}
        {entry.changes.length > 0 ? (
          <details>
            <summary>
              {entry.changes.length} {entry.changes.length === 1 ? 'field' : 'fields'} changed
            </summary>
            <DiffView entries={entry.changes} />
          </details>
        ) : null}
      </div>
    </li>
  );
}

export function initials(name: string): string {
  const words = name.trim().split(/\s+/);
  return `${words[0]?.charAt(0) ?? ''}${words.length > 1 ? (words.at(-1)?.charAt(0) ?? '') : ''}`.toUpperCase();
}
