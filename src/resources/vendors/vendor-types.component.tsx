import type { Action, RecordJson, ShowAnswer, Tone } from '../../admin/components/admin-types.component.tsx';
import type { ActionTarget } from '../../admin/components/reason-form.component.tsx';

/** What vendor-extra.ts sends, as JSON: times are ISO 8601 text. */
export type BankAccount = {
  id: string;
  bankName: string;
  accountLast4: string;
  accountNameMasked: string;
  status: 'pending' | 'verified' | 'failed' | 'removed';
  isDefault: boolean;
  nameMatched: boolean | null;
  verifiedAt: string | null;
  createdAt: string;
};

export type Signal = { kind: 'bank' | 'contact' | 'tax_id' | 'device'; vendorId: string; storeName: string | null; status: string };

export type TicketRow = { id: string; number: string; title: string; status: string; createdAt: string; isLive: boolean };

export type StatusStep = { actionId: string | null; at: string; by: string; reason: string | null; from: string | null; to: string | null };

export type VendorExtra = {
  owner: {
    userId: string;
    memberId: string;
    name: string | null;
    contactMasked: string | null;
    isContactVerified: boolean;
    status: string;
    since: string;
  } | null;
  setup: { percent: number; lines: readonly { name: string; label: string; at: string | null }[] } | null;
  obstacles: readonly string[];
  lastDecision: { code: string | null; text: string | null; notes: readonly { field: string; note: string }[]; at: string | null } | null;
  bankAccounts: readonly BankAccount[] | null;
  signals: readonly Signal[];
  kyc: { status: string; documents: readonly { label: string; status: string }[] } | null;
  products: readonly { status: string; count: number }[] | null;
  tickets: readonly TicketRow[] | null;
  statusHistory: readonly StatusStep[] | null;
  payoutHeldUntil: string | null;
  hasHistory: boolean;
  now: string;
};

export type VendorTabProps = { answer: ShowAnswer; extra: VendorExtra; reload: () => void };

export function actionOf(answer: ShowAnswer, name: string): Action | null {
  return answer.actions.find((action) => action.name === name) ?? null;
}

/** Where an action of this store is posted, and what its form has to know. */
export function targetOf(answer: ShowAnswer, action: Action): ActionTarget {
  const base = `/resources/Vendor/records/${encodeURIComponent(answer.record.id)}`;
  const { record, version, subjectUserId } = answer;
  return { path: `${base}/${action.name}`, base, record: record satisfies RecordJson, version, subjectUserId, hasCaller: false };
}

/** Tones of the states of stores, accounts, proofs and products, for pills on this page. */
export function toneOf(status: string): Tone {
  switch (status) {
    case 'approved':
    case 'verified':
    case 'accepted':
    case 'published':
    case 'resolved':
      return 'ok';
    case 'rejected':
    case 'suspended':
    case 'failed':
    case 'refused':
      return 'danger';
    case 'changes_requested':
    case 'resubmit':
    case 'awaiting_customer':
    case 'awaiting_vendor':
      return 'warn';
    case 'submitted':
    case 'in_review':
    case 'pending':
    case 'open':
    case 'in_progress':
      return 'info';
    default:
      return 'neutral';
  }
}
