/** Words and tones of a ticket's states, the same in the list, on the page and in every pill. */
export const statusStates = {
  open: { label: 'Open', tone: 'info' },
  in_progress: { label: 'In progress', tone: 'info' },
  awaiting_customer: { label: 'Waiting for customer', tone: 'neutral' },
  awaiting_vendor: { label: 'Waiting for vendor', tone: 'neutral' },
  resolved: { label: 'Resolved', tone: 'ok' },
  closed: { label: 'Closed', tone: 'neutral' },
} as const;

export const priorityStates = {
  urgent: { label: 'Urgent', tone: 'danger' },
  high: { label: 'High', tone: 'warn' },
  medium: { label: 'Medium', tone: 'neutral' },
  low: { label: 'Low', tone: 'neutral' },
} as const;

export const slaWords = {
  breached: { label: 'Breached', tone: 'danger' },
  at_risk: { label: 'At risk', tone: 'warn' },
  on_track: { label: 'On track', tone: 'ok' },
  paused: { label: 'Paused', tone: 'neutral' },
  done: { label: 'Done', tone: 'neutral' },
} as const;

export const categoryLabels = {
  account_access: 'Account access',
  order_dispute: 'Order dispute',
  payment_issue: 'Payment issue',
  product_complaint: 'Product complaint',
  vendor_conduct: 'Vendor conduct',
  delivery_problem: 'Delivery problem',
  refund_request: 'Refund request',
  measurement_issue: 'Measurement issue',
  privacy: 'Privacy',
  general: 'General',
} as const;

export function categoryName(category: unknown): string {
  return Object.entries(categoryLabels).find(([value]) => value === category)?.[1] ?? String(category);
}

/** Whose turn it is. */
export function waitingFor(status: unknown, assigneeName: unknown): string {
  switch (status) {
    case 'awaiting_customer':
      return 'Customer';
    case 'awaiting_vendor':
      return 'Vendor';
    case 'open':
      return 'Anybody';
    case 'in_progress':
      return typeof assigneeName === 'string' ? assigneeName : 'Anybody';
    default:
      return 'Nobody';
  }
}

export const optionsOf = (labels: Readonly<Record<string, string | { label: string }>>) =>
  Object.entries(labels).map(([value, label]) => ({ value, label: typeof label === 'string' ? label : label.label }));

/** "Claimed by Ada Obi until 14:20 (Africa/Lagos)." */
export function claimedWords(row: Readonly<Record<string, unknown>>): string {
  const until = row.claimExpiresAt instanceof Date ? row.claimExpiresAt : null;
  const who = typeof row.assigneeName === 'string' ? row.assigneeName : 'a colleague';
  return until ? `Claimed by ${who} until ${clock.format(until)} (${deskZone}).` : `Claimed by ${who}.`;
}

/** Refusals are written on the server, which knows no zone of the reader; the desk sits here. */
const deskZone = 'Africa/Lagos';
const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', timeZone: deskZone });
