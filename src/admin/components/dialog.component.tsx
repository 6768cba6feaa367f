import React, { useEffect, useRef } from 'react';
import { Icon } from './icon.component.tsx';
import { t } from './text.component.tsx';

/**
 * A modal dialog on the browser's own <dialog>: focus moves in, stays in, and goes back to the button that opened it;
 * Escape closes. On narrow screens it is a bottom sheet.
 */
export function Dialog(props: { title: string; onClose: () => void; canClose?: boolean; children: React.ReactNode }): React.ReactElement {
  const { title, onClose, canClose = true, children } = props;
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const opener = document.activeElement;
    const dialog = ref.current;
    if (dialog && !dialog.open) dialog.showModal();
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) opener.focus();
    };
  }, []);
  const titleId = React.useId();
  return (
    <dialog
      ref={ref}
      className="fs-dialog"
      aria-labelledby={titleId}
      onCancel={(event) => {
        event.preventDefault();
        if (canClose) onClose();
      }}
    >
      <header className="fs-dialog-head">
        <h2 id={titleId}>{title}</h2>
        {canClose ? (
          <button type="button" className="fs-icon-button" aria-label={t('Close')} onClick={onClose}>
            <Icon name="x" size={20} />
          </button>
        ) : null}
      </header>
      {children}
    </dialog>
  );
}
