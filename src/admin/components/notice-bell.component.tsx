import type React from 'react';
import { useEffect, useRef, useState } from 'react';
import { ErrorState } from './empty-state.component.tsx';
import { Icon } from './icon.component.tsx';
import { markRead, type NoticeList, noticesPath } from './notices.component.tsx';
import { Link } from './router.component.tsx';
import { t } from './text.component.tsx';
import { Time } from './time.component.tsx';
import { useIsSlow, useRemote } from './use-remote.component.tsx';

const countedAtMost = 100;

/** The bell with the number of unread notices, and behind it the newest ones. */
export function NoticeBell({ unread }: { unread: number }): React.ReactElement {
  const [isOpen, setIsOpen] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useCloseOutside(box, isOpen, () => setIsOpen(false));
  const shown = unread >= countedAtMost ? '99+' : String(unread);
  return (
    <div className="fs-bell" ref={box}>
      <button
        ref={button}
        type="button"
        className="fs-icon-button"
        aria-expanded={isOpen}
        aria-haspopup="dialog"
        aria-label={unread > 0 ? t('Notifications, {count} unread', { count: shown }) : t('Notifications')}
        onClick={() => setIsOpen((before) => !before)}
      >
        <Icon name="bell" size={20} />
        {unread > 0 ? (
          <span className="fs-bell-count" aria-hidden="true">
            {shown}
          </span>
        ) : null}
      </button>
      {isOpen ? (
        <NoticePopover
          onClose={(keepsFocus) => {
            setIsOpen(false);
            if (keepsFocus) button.current?.focus();
          }}
        />
      ) : null}
    </div>
  );
}

function NoticePopover({ onClose }: { onClose: (keepsFocus: boolean) => void }): React.ReactElement {
  const remote = useRemote<NoticeList>(`${noticesPath}?limit=8`);
  const isSlow = useIsSlow(remote.isLoading && remote.data === null);
  const panel = useRef<HTMLElement>(null);
  useEffect(() => panel.current?.focus(), []);
  const { data, problem } = remote;
  const newest = data?.notices[0];
  return (
    <section
      ref={panel}
      tabIndex={-1}
      role="dialog"
      aria-label={t('Newest notifications')}
      className="fs-bell-panel"
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose(true);
      }}
    >
      <div className="fs-bell-head">
        <h2>{t('Notifications')}</h2>
        {newest && data.unread > 0 ? (
          <button type="button" className="fs-link-button" onClick={() => void markRead({ upTo: newest.id }).then(remote.reload)}>
            {t('Mark all as read')}
          </button>
        ) : null}
      </div>
      {problem ? <ErrorState problem={problem} retry={remote.reload} /> : null}
      {!data && !problem ? <div className="fs-skeleton">{isSlow ? <div role="status" aria-label={t('Loading')} /> : null}</div> : null}
      {data?.notices.length === 0 ? (
        <p className="fs-muted fs-bell-empty">{t('Nothing yet. What is assigned to you, waits for you or names you comes here.')}</p>
      ) : null}
      <ul>
        {data?.notices.map((notice) => (
          <li key={notice.id} className={notice.readAt ? undefined : 'fs-unread'}>
            <Link
              href={notice.href}
              onClick={() => {
                if (!notice.readAt) void markRead({ ids: [notice.id] }).catch(() => undefined);
                onClose(false);
              }}
            >
              <span>
                {notice.readAt ? null : <span className="fs-visually-hidden">{t('Unread:')} </span>}
                {notice.title}
              </span>
              <span className="fs-muted fs-small">
                <Time value={notice.createdAt} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
      <footer>
        <Link href="/admin/pages/notifications" onClick={() => onClose(false)}>
          {t('All notifications')}
        </Link>
        <Link href="/admin/pages/notifications?tab=settings" onClick={() => onClose(false)}>
          {t('What I am told')}
        </Link>
      </footer>
    </section>
  );
}

/** Clicks and focus elsewhere close what hangs from a button. */
function useCloseOutside(box: React.RefObject<HTMLElement>, isOpen: boolean, close: () => void): void {
  const latest = useRef(close);
  latest.current = close;
  useEffect(() => {
    if (!isOpen) return undefined;
    const onOutside = (event: Event) => {
      if (event.target instanceof Node && !box.current?.contains(event.target)) latest.current();
    };
    document.addEventListener('pointerdown', onOutside);
    document.addEventListener('focusin', onOutside);
    return () => {
      document.removeEventListener('pointerdown', onOutside);
      document.removeEventListener('focusin', onOutside);
    };
  }, [box, isOpen]);
}
