import type { Action, RecordJson, ShowAnswer, Tone } from '../../admin/components/admin-types.component.tsx';

/** What the server sends beside a ticket; its side is modules/support/tickets/ticket-page.queries.ts. */
export type ConversationItem = {
  id: string;
  kind: 'customer' | 'reply' | 'note' | 'draft';
  author: string;
  draftedBy: string | null;
  isOwn: boolean;
  body: string;
  at: string;
  from: string | null;
};

export type TicketLink = { id: string; number: string; title: string; status: string };

export type SlaClock = {
  state: 'on_track' | 'at_risk' | 'breached' | 'paused' | 'done';
  kind: 'first_response' | 'resolution';
  dueAt: string;
  used: number;
  pausedAt: string | null;
};

export type Person = {
  id: string;
  kind: 'client' | 'vendor' | 'staff';
  name: string;
  memberId: string;
  status: string;
  contactMasked: string | null;
  countryCode: string | null;
  lockedUntil: string | null;
  joinedAt: string;
};

export type TicketExtra = {
  sla: SlaClock;
  conversation: readonly ConversationItem[];
  person: Person | null;
  canOpenPerson: boolean;
  others: readonly (TicketLink & { sla: string })[];
  linked: TicketLink | null;
  linking: readonly TicketLink[];
  mergedInto: TicketLink | null;
  merged: readonly TicketLink[];
  assignee: { id: string; name: string; isMe: boolean } | null;
  claimedUntil: string | null;
  submitter: string | null;
  escalation: { at: string; by: string; reason: string | null; answeredAt: string | null; answeredBy: string | null } | null;
  checklist: readonly { item: string; by: string; at: string }[];
  macros: readonly { id: string; title: string; body: string; isOfCategory: boolean }[];
  colleagues: readonly { id: string; name: string }[];
  now: string;
};

/** What every part of the page needs to act on the ticket. */
export type TicketPart = {
  extra: TicketExtra;
  record: RecordJson;
  version: number | null;
  actionOf: (name: string) => Action | null;
  reload: () => void;
};

export function partOf(answer: ShowAnswer, reload: () => void): TicketPart {
  return {
    extra: answer.extra as TicketExtra,
    record: answer.record,
    version: answer.version,
    actionOf: (name) => answer.actions.find((action) => action.name === name) ?? null,
    reload,
  };
}

export const basePath = ({ record }: Pick<TicketPart, 'record'>) => `/resources/Ticket/records/${encodeURIComponent(record.id)}`;

export const slaTones: Readonly<Record<SlaClock['state'], Tone>> = {
  breached: 'danger',
  at_risk: 'warn',
  on_track: 'ok',
  paused: 'neutral',
  done: 'neutral',
};
