import type { Row } from '../../admin/index.ts';

/** What people ask about their data. */
export const privacyKindStates = {
  export: { label: 'Copy of the data', tone: 'neutral' },
  erase: { label: 'Erasure', tone: 'neutral' },
  restrict: { label: 'Restriction', tone: 'neutral' },
  object: { label: 'Objection', tone: 'neutral' },
  rectify: { label: 'Rectification', tone: 'neutral' },
} as const;

export const privacyStatusStates = {
  received: { label: 'Received', tone: 'warn' },
  identity_verified: { label: 'Identity verified', tone: 'warn' },
  approved: { label: 'Approved', tone: 'info' },
  processing: { label: 'Being carried out', tone: 'info' },
  completed: { label: 'Completed', tone: 'ok' },
  refused: { label: 'Refused', tone: 'danger' },
  withdrawn: { label: 'Withdrawn', tone: 'neutral' },
} as const;

export const lawStates = {
  ndpa: { label: 'NDPA (Nigeria)', tone: 'neutral' },
  gdpr: { label: 'GDPR (European Union)', tone: 'neutral' },
  ccpa: { label: 'CCPA (California)', tone: 'neutral' },
} as const;

export const purposeLabels = {
  marketing_email: 'Marketing by email',
  marketing_sms: 'Marketing by SMS',
  profiling: 'Profiling',
  analytics: 'Analytics',
  legitimate_interest: 'Anything else of our own interest',
} as const;

export const legalLabels = {
  identity_not_proven: 'Identity could not be proven',
  unfounded: 'Manifestly unfounded',
  excessive: 'Excessive, repeated',
  legal_obligation: 'The law asks us to keep the data',
  legal_claims: 'Needed for legal claims',
  rights_of_others: 'Would harm the rights of others',
  overriding_interest: 'An overriding interest of ours',
  no_such_data: 'There is no such data',
} as const;

export const viaLabels = { account: 'Own account', ticket: 'Ticket', email: 'Email', phone: 'Phone', letter: 'Letter' } as const;

const labelOf = (labels: Readonly<Record<string, string | undefined>>, value: unknown): string =>
  labels[String(value)] ?? String(value).replaceAll('_', ' ');

export function privacyTitle(row: Row): string {
  const states: Readonly<Record<string, { label: string } | undefined>> = privacyKindStates;
  return states[String(row.kind)]?.label ?? String(row.kind);
}

export function statusWord(row: Row): string {
  const states: Readonly<Record<string, { label: string } | undefined>> = privacyStatusStates;
  return (states[String(row.status)]?.label ?? String(row.status)).toLowerCase();
}

export const viaWord = (row: Row): string => labelOf(viaLabels, row.receivedVia);

export const legalWord = (row: Row): string | null => (row.refusalCode ? labelOf(legalLabels, row.refusalCode) : null);

export const purposeWords = (row: Row): readonly string[] =>
  Array.isArray(row.purposes) ? row.purposes.map((purpose) => labelOf(purposeLabels, purpose)) : [];

/** When the law wants an answer: the extended day where there is one. */
export function dueOf(row: Row): unknown {
  return row.extendedTo ?? row.dueAt;
}
