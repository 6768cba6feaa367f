import type React from 'react';
import { useEffect, useRef, useState } from 'react';
import { Dialog } from './dialog.component.tsx';
import { t } from './text.component.tsx';

export type OpenedDocument = { label: string; link: string; isImage: boolean; legalName: string | null; quotaLeft: number | null };

const visibleSeconds = 60;

/** What the command that opens a document hands over; null where it is not what was expected. */
export function readOpened(shown: Readonly<Record<string, unknown>> | null | undefined, label: string): OpenedDocument | null {
  const { link, contentType, legalName, quotaLeft } = shown ?? {};
  if (typeof link !== 'string' || !link.startsWith('/admin/')) return null;
  return {
    label,
    link,
    isImage: typeof contentType !== 'string' || contentType.startsWith('image/'),
    legalName: typeof legalName === 'string' ? legalName : null,
    quotaLeft: typeof quotaLeft === 'number' ? quotaLeft : null,
  };
}

/**
 * A document on our own origin, marked with the name of whoever looks. The link serves once: closing it, or the end of the minute, is the
 * end of it. Nothing here offers to keep it.
 */
export function DocumentViewer({ document, onClose }: { document: OpenedDocument; onClose: () => void }): React.ReactElement {
  const left = useSecondsLeft(onClose);
  const [hasFailed, setHasFailed] = useState(false);
  const [isLarge, setIsLarge] = useState(false);
  return (
    <Dialog title={document.label} onClose={onClose}>
      <div className="fs-dialog-body fs-review-viewer">
        <p className="fs-small fs-muted" role="timer">
          {t('Closes by itself in {left} s. This opening is recorded.', { left })}{' '}
          {document.quotaLeft === null ? null : t('{left} openings are left to you today.', { left: document.quotaLeft })}
        </p>
        {document.legalName ? (
          <p>
            {t('Legal name to compare:')} <strong>{document.legalName}</strong>
          </p>
        ) : null}
        {hasFailed ? (
          <p role="alert" className="fs-form-error">
            {t('The link has ended: it serves once and for a minute. Open the document again to see more.')}
          </p>
        ) : (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scroller must be reachable by keyboard.
          <section tabIndex={0} className="fs-review-frame" aria-label={t('The document')}>
            {document.isImage ? (
              <img
                src={document.link}
                alt={t('{label}, marked with your name', { label: document.label })}
                className={isLarge ? 'fs-review-zoom-2' : undefined}
                draggable={false}
                onContextMenu={(event) => event.preventDefault()}
                onError={() => setHasFailed(true)}
              />
            ) : (
              <p>
                {t('A PDF opens in a tab of its own.')}{' '}
                <a href={document.link} target="_blank" rel="noopener noreferrer" onClick={onClose}>
                  {t('Open it')}
                </a>
              </p>
            )}
          </section>
        )}
        <footer className="fs-dialog-foot">
          {document.isImage && !hasFailed ? (
            <button type="button" className="fs-button" aria-pressed={isLarge} onClick={() => setIsLarge(!isLarge)}>
              {isLarge ? t('Smaller') : t('Larger')}
            </button>
          ) : null}
          <button type="button" className="fs-button fs-button-primary" onClick={onClose}>
            {t('Close')}
          </button>
        </footer>
      </div>
    </Dialog>
  );
}

/** Counts by the clock, so that a page that was asleep does not give more time. */
function useSecondsLeft(onOver: () => void): number {
  const [end] = useState(() => Date.now() + visibleSeconds * 1000);
  const [left, setLeft] = useState(visibleSeconds);
  const over = useRef(onOver);
  over.current = onOver;
  useEffect(() => {
    const timer = setInterval(() => setLeft(Math.max(0, Math.ceil((end - Date.now()) / 1000))), 500);
    return () => clearInterval(timer);
  }, [end]);
  useEffect(() => {
    if (left <= 0) over.current();
  }, [left]);
  return left;
}
