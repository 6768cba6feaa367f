import type React from 'react';
import { createContext, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import type { Receipt } from './admin-types.component.tsx';
import { Icon } from './icon.component.tsx';
import { Link } from './router.component.tsx';

type Toast = { id: number; message: string; receipt: Receipt | null; undo: (() => void) | null };
type ShowReceipt = (toast: Omit<Toast, 'id'>) => void;

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
          <ReceiptToast key={toast.id} toast={toast} onClose={() => close(toast.id)} />
        ))}
      </div>
    </Receipts.Provider>
  );
}

function ReceiptToast({ toast, onClose }: { toast: Toast; onClose: () => void }): React.ReactElement {
  const secondsLeft = useSecondsUntil(toast.receipt?.undoUntil ?? null);
  return (
    <div className="fs-receipt">
      <Icon name="ok" size={20} />
      <div>
        <p>{toast.message}</p>
        <p className="fs-receipt-links">
          {toast.receipt ? <Link href={`/admin/pages/audit?action=${toast.receipt.actionId}`}>See in audit</Link> : null}
          {toast.undo && secondsLeft > 0 ? (
            <button
              type="button"
              className="fs-link-button"
              onClick={() => {
                toast.undo?.();
                onClose();
              }}
            >
              Undo <span className="fs-tabular">({secondsLeft} s)</span>
            </button>
          ) : null}
        </p>
      </div>
      <button type="button" className="fs-icon-button" aria-label="Close" onClick={onClose}>
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
