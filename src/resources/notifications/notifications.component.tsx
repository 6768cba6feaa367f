import type React from 'react';
import { useState } from 'react';
import { newKey, Problem, postJson } from '../../admin/components/admin-api.component.tsx';
import { EmptyState, ErrorState } from '../../admin/components/empty-state.component.tsx';
import { Icon } from '../../admin/components/icon.component.tsx';
import { markRead, type NoticeList, noticesPath } from '../../admin/components/notices.component.tsx';
import { Link, navigate, useAddress } from '../../admin/components/router.component.tsx';
import { Tabs } from '../../admin/components/tabs.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { Time } from '../../admin/components/time.component.tsx';
import { useIsSlow, useRemote } from '../../admin/components/use-remote.component.tsx';

type Preference = { kind: string; label: string; help: string; inApp: boolean; email: boolean; isFixed: boolean };

/** The person's own inbox: what concerns them, newest first, and where they want to be told of what. */
export default function Notifications(): React.ReactElement {
  return (
    <>
      <header className="fs-screen-head">
        <h1>{t('Notifications')}</h1>
      </header>
      <Tabs
        label={t('Notifications')}
        tabs={[
          { id: 'inbox', label: t('Inbox'), content: () => <Inbox /> },
          { id: 'settings', label: t('What I am told'), content: () => <Preferences /> },
        ]}
      />
    </>
  );
}

/** `state`, `kind` and `before` of the address. */
function useFilters() {
  const { search } = useAddress();
  const params = new URLSearchParams(search);
  const href = (change: Readonly<Record<string, string | null>>) => {
    const next = new URLSearchParams(search);
    next.delete('before');
    for (const [name, value] of Object.entries(change)) {
      if (value === null) next.delete(name);
      else next.set(name, value);
    }
    const text = next.toString();
    return `/admin/pages/notifications${text ? `?${text}` : ''}`;
  };
  const query = new URLSearchParams();
  for (const name of ['state', 'kind', 'before']) if (params.get(name)) query.set(name, params.get(name) ?? '');
  return { state: params.get('state') ?? 'all', kind: params.get('kind') ?? '', href, query: query.toString() };
}

function Inbox(): React.ReactElement {
  const { state, kind, href, query } = useFilters();
  const remote = useRemote<NoticeList>(`${noticesPath}${query ? `?${query}` : ''}`);
  const isSlow = useIsSlow(remote.isLoading && remote.data === null);
  const { data, problem, reload } = remote;
  if (problem) return <ErrorState problem={problem} retry={reload} />;
  if (!data) return <div className="fs-skeleton">{isSlow ? <div role="status" aria-label={t('Loading')} /> : null}</div>;
  const labels = new Map(data.kinds.map((each) => [each.kind, each.label]));
  const newest = data.notices[0];
  const isFiltered = state !== 'all' || kind !== '';
  return (
    <>
      <div className="fs-notice-bar">
        <nav aria-label={t('Which notices')} className="fs-choice-links">
          <Link className="fs-button" href={href({ state: null })} aria-current={state === 'all' ? 'page' : undefined}>
            {t('All')}
          </Link>
          <Link className="fs-button" href={href({ state: 'unread' })} aria-current={state === 'unread' ? 'page' : undefined}>
            {t('Unread ({count})', { count: data.unread })}
          </Link>
        </nav>
        <label className="fs-notice-kind">
          <span>{t('Kind')}</span>
          <select value={kind} onChange={(event) => navigate(href({ kind: event.target.value || null }), { replace: true })}>
            <option value="">{t('Every kind')}</option>
            {data.kinds.map((each) => (
              <option key={each.kind} value={each.kind}>
                {each.label}
              </option>
            ))}
          </select>
        </label>
        {newest && data.unread > 0 && !isFiltered ? (
          <button type="button" className="fs-button" onClick={() => void markRead({ upTo: newest.id }).then(reload)}>
            {t('Mark all as read')}
          </button>
        ) : null}
      </div>
      {data.notices.length === 0 ? (
        isFiltered ? (
          <EmptyState
            icon="filter"
            title={t('Nothing fits')}
            action={{ label: t('Show all'), run: () => navigate('/admin/pages/notifications') }}
          >
            {t('There are notices, but none that fits these choices.')}
          </EmptyState>
        ) : (
          <EmptyState icon="bell" title={t('Nothing yet')}>
            {t('What is assigned to you, waits for you or names you comes here, and stays for 90 days.')}
          </EmptyState>
        )
      ) : (
        <NoticeRows list={data} labels={labels} reload={reload} />
      )}
      {data.next ? <Link href={href({ before: data.next })}>{t('Older')}</Link> : null}
    </>
  );
}

function NoticeRows(props: { list: NoticeList; labels: ReadonlyMap<string, string>; reload: () => void }): React.ReactElement {
  const { list, labels, reload } = props;
  return (
    <ul className="fs-notices">
      {list.notices.map((notice) => (
        <li key={notice.id} className={notice.readAt ? undefined : 'fs-unread'}>
          <Link
            href={notice.href}
            onClick={() => {
              if (!notice.readAt) void markRead({ ids: [notice.id] }).catch(() => undefined);
            }}
          >
            {notice.readAt ? null : <span className="fs-visually-hidden">{t('Unread:')} </span>}
            {notice.title}
          </Link>
          <span className="fs-muted fs-small">
            {labels.get(notice.kind) ?? notice.kind}, <Time value={notice.createdAt} />
          </span>
          {notice.readAt ? null : (
            <button
              type="button"
              className="fs-button fs-button-small"
              aria-label={t('Mark as read: {title}', { title: notice.title })}
              onClick={() => void markRead({ ids: [notice.id] }).then(reload)}
            >
              <Icon name="check" /> {t('Read')}
            </button>
          )}
        </li>
      ))}
    </ul>
  );
}

function Preferences(): React.ReactElement {
  const remote = useRemote<{ preferences: readonly Preference[] }>(`${noticesPath}?tab=settings`);
  const isSlow = useIsSlow(remote.isLoading && remote.data === null);
  if (remote.problem) return <ErrorState problem={remote.problem} retry={remote.reload} />;
  if (!remote.data) return <div className="fs-skeleton">{isSlow ? <div role="status" aria-label={t('Loading')} /> : null}</div>;
  return <PreferenceTable preferences={remote.data.preferences} />;
}

/** Each choice is kept at once; one that could not be kept goes back and says why. */
function PreferenceTable({ preferences }: { preferences: readonly Preference[] }): React.ReactElement {
  const [rows, setRows] = useState(preferences);
  const [said, setSaid] = useState<{ text: string; isProblem: boolean } | null>(null);
  const choose = async (row: Preference, change: Partial<Pick<Preference, 'inApp' | 'email'>>) => {
    const next = { ...row, ...change };
    const put = (kept: Preference) => setRows((before) => before.map((each) => (each.kind === kept.kind ? kept : each)));
    put(next);
    try {
      const input = { kind: next.kind, inApp: next.inApp, email: next.email };
      await postJson(noticesPath, { action: 'setPreference', input, idempotencyKey: newKey() });
      setSaid({ text: t('Saved: {kind}.', { kind: row.label }), isProblem: false });
    } catch (error) {
      put(row);
      setSaid({ text: error instanceof Problem ? error.message : t('This was not saved. Try again.'), isProblem: true });
    }
  };
  return (
    <section className="fs-card">
      <h2>{t('What I am told, and where')}</h2>
      <p className="fs-muted">{t('Mails say what happened and where to look, never who it is about.')}</p>
      <div role="status" aria-live="polite" className={said?.isProblem ? 'fs-form-error' : 'fs-small fs-muted fs-said'}>
        {said?.text}
      </div>
      <table className="fs-table-plain fs-preferences">
        <thead>
          <tr>
            <th scope="col">{t('Kind')}</th>
            <th scope="col">{t('Inbox')}</th>
            <th scope="col">{t('Mail')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.kind}>
              <th scope="row">
                {row.label}
                <br />
                <span className="fs-muted fs-small">{row.help}</span>
              </th>
              <td>
                <label className="fs-tick">
                  <input
                    type="checkbox"
                    checked={row.inApp}
                    disabled={row.isFixed}
                    onChange={(event) => void choose(row, { inApp: event.target.checked })}
                  />
                  <span className="fs-visually-hidden">{t('{kind} in the inbox', { kind: row.label })}</span>
                </label>
                {row.isFixed ? <span className="fs-muted fs-small">{t('Always')}</span> : null}
              </td>
              <td>
                <label className="fs-tick">
                  <input type="checkbox" checked={row.email} onChange={(event) => void choose(row, { email: event.target.checked })} />
                  <span className="fs-visually-hidden">{t('{kind} by mail', { kind: row.label })}</span>
                </label>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
