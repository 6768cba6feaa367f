/** Words and tones of a case's states, the same in the list, on the page and in every pill. */
export const statusStates = {
  queued: { label: 'Waiting', tone: 'info' },
  claimed: { label: 'In review', tone: 'info' },
  pending_second: { label: 'Waiting for a second person', tone: 'warn' },
  changes_requested: { label: 'Changes requested', tone: 'warn' },
  approved: { label: 'Approved', tone: 'ok' },
  rejected: { label: 'Rejected', tone: 'danger' },
  withdrawn: { label: 'Withdrawn', tone: 'neutral' },
} as const;

export const kindStates = {
  vendor: { label: 'Store', tone: 'neutral' },
  kyc: { label: 'KYC', tone: 'neutral' },
  product: { label: 'Product', tone: 'neutral' },
  product_revision: { label: 'Change of a product', tone: 'neutral' },
} as const;

export const slaStates = {
  breached: { label: 'Breached', tone: 'danger' },
  at_risk: { label: 'At risk', tone: 'warn' },
  on_track: { label: 'On track', tone: 'ok' },
  paused: { label: 'Paused', tone: 'neutral' },
  done: { label: 'Done', tone: 'neutral' },
} as const;

export const decisionStates = {
  approve: { label: 'Approve', tone: 'ok' },
  reject: { label: 'Reject', tone: 'danger' },
  request_changes: { label: 'Request changes', tone: 'warn' },
} as const;

/** Codes of a rejection in words. */
export const codeLabels = {
  incomplete: 'Incomplete',
  prohibited: 'Prohibited goods',
  counterfeit: 'Counterfeit',
  duplicate: 'Duplicate',
  misleading: 'Misleading',
  identity_mismatch: 'Identity does not match',
  fraud: 'Fraud',
  quality: 'Quality',
  other: 'Other',
} as const;

export function codeName(code: unknown): string | null {
  return Object.entries(codeLabels).find(([value]) => value === code)?.[1] ?? (typeof code === 'string' ? code : null);
}

export const optionsOf = (labels: Readonly<Record<string, string | { label: string }>>) =>
  Object.entries(labels).map(([value, label]) => ({ value, label: typeof label === 'string' ? label : label.label }));
