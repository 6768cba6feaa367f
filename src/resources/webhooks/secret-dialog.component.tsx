import type React from 'react';
import { useState } from 'react';
import { Dialog } from '../../admin/components/dialog.component.tsx';
import { t } from '../../admin/components/text.component.tsx';
import { exactTime } from '../../admin/components/time.component.tsx';

export type ShownSecret = { secret: string; previousUntil: string | null };

/** The signing secret, this once: it is held by this dialog only and gone when it closes. */
export function SecretDialog({ shown, onClose }: { shown: ShownSecret; onClose: () => void }): React.ReactElement {
  const [isCopied, setIsCopied] = useState(false);
  return (
    <Dialog title={t('Signing secret')} onClose={onClose}>
      <div className="fs-dialog-body">
        <p>{t('Give this to whoever runs the receiver. It is not shown again; when it is lost, replace it.')}</p>
        <p>
          <code className="fs-ops-secret">{shown.secret}</code>
        </p>
        {shown.previousUntil ? (
          <p>{t('The one before holds beside it until {time}.', { time: exactTime(new Date(shown.previousUntil)) })}</p>
        ) : null}
        <p role="status" className="fs-muted">
          {isCopied ? t('Copied.') : ''}
        </p>
        <footer className="fs-dialog-foot">
          <button
            type="button"
            className="fs-button"
            onClick={() => {
              void navigator.clipboard.writeText(shown.secret).then(() => setIsCopied(true));
            }}
          >
            {t('Copy')}
          </button>
          <button type="button" className="fs-button fs-button-primary" onClick={onClose}>
            {t('I have kept it')}
          </button>
        </footer>
      </div>
    </Dialog>
  );
}
