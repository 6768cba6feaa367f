import type { Row } from '../../admin/index.ts';
import { evidenceOf } from '../../modules/support/index.ts';

/** What is asked for, by kind. */
export const approvalKindStates = {
  mfa_reset: { label: 'MFA reset', tone: 'neutral' },
  contact_change: { label: 'Contact change', tone: 'neutral' },
  erasure: { label: 'Erasure', tone: 'neutral' },
  bank_change: { label: 'Bank change', tone: 'neutral' },
  staff_grant: { label: 'Admin grant', tone: 'neutral' },
  passkey_removal: { label: 'Passkey removal', tone: 'neutral' },
} as const;

export const approvalStatusStates = {
  requested: { label: 'Waiting', tone: 'warn' },
  approved: { label: 'Approved', tone: 'info' },
  awaiting_proof: { label: 'Waiting for the code', tone: 'info' },
  executed: { label: 'Carried out', tone: 'ok' },
  denied: { label: 'Denied', tone: 'danger' },
  cancelled: { label: 'Taken back', tone: 'neutral' },
  expired: { label: 'Expired', tone: 'neutral' },
  failed: { label: 'Failed', tone: 'danger' },
  undone: { label: 'Undone', tone: 'warn' },
} as const;

type Kind = keyof typeof approvalKindStates;
type Status = keyof typeof approvalStatusStates;

function labelIn<Name extends string>(states: Readonly<Record<Name, { label: string }>>, value: unknown): string {
  const text = String(value);
  const known: Readonly<Record<string, { label: string } | undefined>> = states;
  return known[text]?.label ?? text.replaceAll('_', ' ');
}

/** "MFA reset of a colleague", "Contact change to a•••@e•••.com" */
export function approvalTitle(row: Row): string {
  const kind = labelIn<Kind>(approvalKindStates, row.kind);
  const summary = typeof row.payloadSummary === 'string' ? row.payloadSummary : '';
  if (row.kind === 'contact_change' && summary) return `${kind} to ${summary}`;
  if ((row.kind === 'staff_grant' || row.kind === 'bank_change') && summary) return `${kind}: ${summary}`;
  return row.kind === 'mfa_reset' && evidenceOf(row).about?.kind === 'staff' ? `${kind} of a colleague` : kind;
}

/** "carried out", for sentences. */
export function statusWord(row: Row): string {
  return labelIn<Status>(approvalStatusStates, row.status).toLowerCase();
}
