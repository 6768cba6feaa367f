export const kycStates = {
  draft: { label: 'Not handed in', tone: 'neutral' },
  submitted: { label: 'Waiting', tone: 'info' },
  in_review: { label: 'In review', tone: 'info' },
  approved: { label: 'Approved', tone: 'ok' },
  resubmit: { label: 'To be handed in again', tone: 'warn' },
  rejected: { label: 'Rejected', tone: 'danger' },
} as const;
