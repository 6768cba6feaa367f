import type React from 'react';
import { createContext, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import type { Receipt, Undo } from './admin-types.component.tsx';
import { Icon } from './icon.component.tsx';
import { Link } from './router.component.tsx';
import { t } from './text.component.tsx';
import { UndoButton } from './undo-button.component.tsx';

/** The way back of a receipt: where it is posted, and the reason of the way there, which it takes over. */
export type UndoCall = Undo & {
  path: string;
  reason: { code: string; text?: string } | null;
  onDone: (answer: { message?: string; receipt?: Receipt }) => void;
};

type Toast = { id: number; message: string; receipt: Receipt | null; undo: UndoCall | null };
export type ShowReceipt = (toast: Omit<Toast, 'id'>) => void;

const Receipts = createContext<ShowReceipt>(() => undefined);

export function useReceipts(): ShowReceipt {
  return useContext(Receipts);
}

let lastId = 0;

/** Receipts stay until they are closed: what happened, where it is in the audit, and undo while it is offered. */
export function ReceiptProvider({ children }: { children: React.ReactNode }): React.ReactElement {
  const [toasts, setToasts] = useState<readonly Toast[]>([]);
  const show = useCallback<ShowReceipt>((toast) => {
    lastId += 1;
    const id = lastId;
    setToasts((before) => [...before, { ...toast, id }].slice(-3));
  }, []);
  const close = (id: number) => setToasts((before) => before.filter((toast) => toast.id !== id));
  const value = useMemo(() => show, [show]);
  return (
    <Receipts.Provider value={value}>
      {children}
      <div className="fs-receipts" role="status" aria-live="polite">
        {toasts.map((toast) => (
          <ReceiptToast key={toast.id} toast={toast} show={show} onClose={() => close(toast.id)} />
        ))}
      </div>
    </Receipts.Provider>
  );
}

function ReceiptToast({ toast, show, onClose }: { toast: Toast; show: ShowReceipt; onClose: () => void }): React.ReactElement {
  const secondsLeft = useSecondsUntil(toast.receipt?.undoUntil ?? null);
  const { undo } = toast;
  return (
    <div className="fs-receipt">
      <Icon name="ok" size={20} />
      <div>
        <p>{toast.message}</p>
        <div className="fs-receipt-links">
          {toast.receipt ? <Link href={`/admin/pages/audit?action=${toast.receipt.actionId}`}>{t('See in audit')}</Link> : null}
          {undo && secondsLeft > 0 ? (
            <UndoButton
              undo={undo}
              secondsLeft={secondsLeft}
              onDone={(answer) => {
                onClose();
                show({ message: answer.message ?? t('Taken back.'), receipt: answer.receipt ?? null, undo: null });
                undo.onDone(answer);
              }}
            />
          ) : null}
        </div>
      </div>
      <button type="button" className="fs-icon-button" aria-label={t('Close')} onClick={onClose}>
        <Icon name="x" />
      </button>
    </div>
  );
}

function useSecondsUntil(until: string | null): number {
  const read = useCallback(() => (until === null ? 0 : Math.max(0, Math.ceil((new Date(until).getTime() - Date.now()) / 1000))), [until]);
  const [left, setLeft] = useState(read);
  useEffect(() => {
    if (left <= 0) return undefined;
    const timer = setTimeout(() => setLeft(read()), 1000);
    return () => clearTimeout(timer);
  }, [left, read]);
  return left;
}
