import type React from 'react';
import type { DiffJson, HistoryJson } from '../history/history-json.ts';
import { pageState } from './admin-types.component.tsx';
import { DiffView } from './diff-view.component.tsx';
import { Link } from './router.component.tsx';
import { StatusPill } from './status-pill.component.tsx';
import { t } from './text.component.tsx';
import { Time } from './time.component.tsx';

const dayFormat = new Intl.DateTimeFormat(pageState.preferences.locale, { dateStyle: 'full', timeZone: pageState.preferences.timeZone });

/** What the surroundings add to a line: links to its versions and proof, and tools of a field. */
export type TimelineTools = {
  line?: (entry: HistoryJson) => React.ReactNode;
  field?: (entry: DiffJson) => React.ReactNode;
};

/** Newest first, under day headings; reasons quoted, changes folded. */
export function Timeline({ entries, tools = {} }: { entries: readonly HistoryJson[]; tools?: TimelineTools }): React.ReactElement {
  const days = new Map<string, HistoryJson[]>();
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
              <TimelineItem key={entry.id} entry={entry} tools={tools} />
            ))}
          </ol>
        </section>
      ))}
    </div>
  );
}

function TimelineItem({ entry, tools }: { entry: HistoryJson; tools: TimelineTools }): React.ReactElement {
  return (
    <li>
      <span className="fs-avatar" aria-hidden="true">
        {initials(entry.actor)}
      </span>
      <div>
        <p>
          <strong>{entry.actor}</strong> {entry.role ? <span className="fs-muted">({entry.role})</span> : null} {entry.what}{' '}
          <Time value={entry.at} />
          {entry.isDenied ? <StatusPill tone="danger">{t('Denied')}</StatusPill> : null}
          {entry.isFailed ? <StatusPill tone="warn">{t('Failed')}</StatusPill> : null}
          {entry.isSealed ? <StatusPill tone="ok">{t('Sealed')}</StatusPill> : null}
        </p>
        <p className="fs-small fs-line-links">
          {entry.actionId ? (
            <Link
              href={`/admin/pages/audit?action=${entry.actionId}`}
              aria-label={t('See in audit: {actor} {what}', { actor: entry.actor, what: entry.what })}
            >
              {t('See in audit')}
            </Link>
          ) : null}
          {entry.reverts ? <Link href={`/admin/pages/audit?action=${entry.reverts}`}>{t('What it took back')}</Link> : null}
          {tools.line?.(entry)}
        </p>
        {entry.reason ? <blockquote>{entry.reason}</blockquote> : null}
        {entry.changes.length > 0 ? (
          <details>
            <summary>
              {entry.changes.length === 1 ? t('1 field changed') : t('{count} fields changed', { count: entry.changes.length })}
            </summary>
            <DiffView entries={entry.changes} {...(tools.field ? { tools: tools.field } : {})} />
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
