import { type CommandAction, commandAction, type FormField, type Row } from '../../admin/index.ts';
import { ticketCommands } from '../../modules/support/index.ts';
import { categoryLabels, claimedWords, optionsOf, priorityStates } from './ticket-words.ts';

const { takeNext, claimTicket, releaseTicket, assignTicket, triageTicket, draftReply, discardDraft } = ticketCommands;
const { sendReply, replyAndWait, resolveTicket, closeTicket, escalateTicket, answerEscalation } = ticketCommands;
const { mergeTicket, addTicketNote, checkIdentity, openForCustomer } = ticketCommands;

const checkOptions = [
  { value: 'member_id', label: 'Member id' },
  { value: 'name', label: 'Name' },
  { value: 'last_order_month', label: 'Month of the last order' },
  { value: 'country', label: 'Country' },
  { value: 'recent_device', label: 'Recent device' },
];
const category: FormField = { name: 'category', label: 'Category', type: 'select', isRequired: true, options: optionsOf(categoryLabels) };
const priority: FormField = { name: 'priority', label: 'Priority', type: 'select', isRequired: true, options: optionsOf(priorityStates) };
const message: FormField = { name: 'body', label: 'Message', type: 'textarea', isRequired: true, maxLength: 5000 };

/** What staff may do with a ticket, in the order of the action rail. The matrix says who; here is only how it reads. */
export const ticketActions: readonly CommandAction[] = [
  commandAction(takeNext, {
    name: 'takeNext',
    label: 'Take next',
    effect: 'The most urgent ticket of your queue',
    placement: ['resource'],
    group: 'everyday',
    message: (output) =>
      textIn(output, 'number') ? `${textIn(output, 'number')} is yours for 30 minutes.` : 'Nothing waits in your queue.',
    shown: (output) => ({ ticketId: textIn(output, 'ticketId') }),
  }),
  commandAction(openForCustomer, {
    name: 'openTicket',
    label: 'Open ticket',
    effect: 'For a customer who called or wrote elsewhere',
    placement: ['resource'],
    group: 'everyday',
    form: [
      { name: 'customer', label: 'Customer', type: 'text', isRequired: true, maxLength: 40, help: 'Member id, such as FASTAR000231' },
      category,
      priority,
      { name: 'title', label: 'Title', type: 'text', isRequired: true, maxLength: 300 },
      {
        name: 'body',
        label: 'What they said',
        type: 'textarea',
        maxLength: 5000,
        help: 'A note for colleagues; the customer does not read it.',
      },
    ],
    message: (output) => `Opened ${textIn(output, 'number') ?? 'the ticket'}. It waits in the queue.`,
    shown: (output) => ({ ticketId: textIn(output, 'ticketId'), number: textIn(output, 'number') }),
  }),
  commandAction(claimTicket, {
    name: 'claim',
    label: 'Claim',
    effect: 'Yours for 30 minutes, renewed by what you do',
    placement: ['record'],
    group: 'everyday',
    message: (_output, row) => `${numberOf(row)} is yours for 30 minutes.`,
    refusal: claimRefusal,
  }),
  commandAction(releaseTicket, {
    name: 'release',
    label: 'Release',
    effect: 'Back into the queue',
    placement: ['record'],
    group: 'everyday',
    message: (_output, row) => `${numberOf(row)} waits in the queue again.`,
    refusal: (row) => (row.status === 'in_progress' ? null : 'Only what somebody works on can be released.'),
  }),
  commandAction(triageTicket, {
    name: 'triage',
    label: 'Sort',
    effect: 'Category, priority, tags and what it belongs with',
    placement: ['record'],
    group: 'everyday',
    isEdit: true,
    form: [
      category,
      priority,
      { name: 'tags', label: 'Tags', type: 'text', maxLength: 400, help: 'Separated by commas' },
      { name: 'linkedTicket', label: 'Linked ticket', type: 'text', maxLength: 14, help: 'Number, such as T-12' },
      { name: 'orderId', label: 'Order', type: 'text', maxLength: 36, help: 'Id of the order' },
    ],
    toInput: ({ tags, ...form }, target) => ({ ...form, ...(tags === undefined ? {} : { tags: tagsOf(tags) }), id: target.recordId }),
    message: (output, row) => (isUnchanged(output) ? 'Nothing was different.' : `Sorted ${numberOf(row)}.`),
    refusal: notClosed,
  }),
  commandAction(checkIdentity, {
    name: 'checkIdentity',
    label: 'Record identity check',
    effect: 'Which questions the caller answered rightly, never the answers',
    placement: ['record'],
    group: 'everyday',
    form: checkOptions.map(({ value, label }) => ({ name: value, label, type: 'checkbox' as const })),
    toInput: (form, target) => ({
      id: target.recordId,
      passed: Array.isArray(form.passed) ? form.passed : checkOptions.flatMap(({ value }) => (form[value] === true ? [value] : [])),
    }),
    message: (output) => `Kept: ${numberIn(output, 'passed')} questions passed.`,
    refusal: notClosed,
  }),
  commandAction(escalateTicket, {
    name: 'escalate',
    label: 'Escalate',
    effect: 'Asks a lead; your words are the question',
    placement: ['record'],
    group: 'everyday',
    message: () => 'Asked. The leads are told and answer here.',
    refusal: (row) => (isEscalated(row) ? 'Asked already: a lead answers first.' : liveOnly(row)),
  }),
  commandAction(answerEscalation, {
    name: 'answerEscalation',
    label: 'Answer escalation',
    effect: 'Your words go into the conversation as an internal note',
    placement: ['record'],
    group: 'everyday',
    message: () => 'Answered. It stands in the conversation for colleagues.',
    refusal: (row) => (isEscalated(row) ? null : 'Nobody has asked.'),
  }),
  commandAction(assignTicket, {
    name: 'assign',
    label: 'Assign',
    effect: 'To a colleague, who is told',
    placement: ['record'],
    group: 'everyday',
    isInline: true,
    form: [{ name: 'staffId', label: 'Colleague', type: 'select', isRequired: true, options: [] }],
    message: (_output, row) => `${numberOf(row)} is assigned. They are told.`,
    refusal: notClosed,
  }),
  commandAction(sendReply, {
    name: 'sendReply',
    label: 'Send',
    effect: 'The customer is told and reads it',
    placement: ['record'],
    group: 'everyday',
    isInline: true,
    form: [message],
    message: () => 'Sent. The customer is told.',
    refusal: (row, staff) => answerRefusal(row, staff.id),
  }),
  commandAction(replyAndWait, {
    name: 'wait',
    label: 'Send and wait',
    effect: 'The clock stands still until there is an answer',
    placement: ['record'],
    group: 'everyday',
    isInline: true,
    form: [
      message,
      {
        name: 'for',
        label: 'Wait for',
        type: 'select',
        isRequired: true,
        options: [
          { value: 'customer', label: 'Customer' },
          { value: 'vendor', label: 'Vendor' },
        ],
      },
    ],
    message: () => 'Sent. The clock stands still until there is an answer.',
    refusal: (row, staff) => workRefusal(row, staff.id),
  }),
  commandAction(resolveTicket, {
    name: 'resolve',
    label: 'Resolve',
    effect: 'Ends the work; an answer within seven days opens it again',
    placement: ['record'],
    group: 'everyday',
    isInline: true,
    form: [
      {
        name: 'resolution',
        label: 'What was done',
        type: 'textarea',
        isRequired: true,
        maxLength: 2000,
        help: 'For colleagues; the customer does not read it.',
      },
    ],
    message: (_output, row) => `Resolved ${numberOf(row)}. The customer is told.`,
    refusal: (row, staff) => workRefusal(row, staff.id),
  }),
  commandAction(draftReply, {
    name: 'draftReply',
    label: 'Keep as draft',
    effect: 'For whoever holds the ticket to send',
    placement: ['record'],
    group: 'everyday',
    isInline: true,
    form: [message],
    message: () => 'Kept as a draft. Whoever holds the ticket can send it.',
    refusal: liveOnly,
  }),
  commandAction(discardDraft, {
    name: 'discardDraft',
    label: 'Discard draft',
    effect: 'Nobody was sent it',
    placement: ['record'],
    group: 'everyday',
    isInline: true,
    form: [{ name: 'draftId', label: 'Draft', type: 'text', isRequired: true }],
    message: () => 'Discarded. Nobody was sent it.',
  }),
  commandAction(addTicketNote, {
    name: 'addNote',
    label: 'Add note',
    effect: 'For staff only; the customer never sees it',
    placement: ['record'],
    group: 'everyday',
    isInline: true,
    form: [{ ...message, label: 'Note' }],
    message: () => 'Note added. Staff only.',
  }),
  commandAction(mergeTicket, {
    name: 'merge',
    label: 'Merge into another',
    effect: 'Closes this duplicate; its conversation is read there',
    placement: ['record'],
    group: 'careful',
    form: [
      {
        name: 'into',
        label: 'Ticket that goes on',
        type: 'text',
        isRequired: true,
        maxLength: 14,
        help: 'Number, such as T-12, of the same customer',
      },
    ],
    message: (output) => `Merged into ${textIn(output, 'into') ?? 'the other ticket'}.`,
    shown: (output) => ({ ticketId: textIn(output, 'intoId') }),
    refusal: liveOnly,
  }),
  commandAction(closeTicket, {
    name: 'close',
    label: 'Close now',
    effect: 'Before the seven days are over, for good',
    placement: ['record'],
    group: 'careful',
    message: (_output, row) => `Closed ${numberOf(row)}. The customer is told.`,
    refusal: (row) => (row.status === 'resolved' ? null : 'Resolved tickets only.'),
  }),
];

function claimRefusal(row: Row, staff: { id: string }, now: Date): string | null {
  const isHeld = row.status === 'in_progress' && row.claimExpiresAt instanceof Date && row.claimExpiresAt > now;
  if (isHeld) return row.assignedTo === staff.id ? 'It is yours already.' : claimedWords(row);
  return row.status === 'open' || row.status === 'in_progress' ? null : 'Only what waits in the queue can be claimed.';
}

function workRefusal(row: Row, staffId: string): string | null {
  if (row.status === 'in_progress') return null;
  if (row.status === 'open') return row.assignedTo === staffId ? null : 'Claim it first.';
  return liveOnly(row) ?? 'It waits for an answer already.';
}

function answerRefusal(row: Row, staffId: string): string | null {
  return row.status === 'awaiting_customer' || row.status === 'awaiting_vendor' ? null : workRefusal(row, staffId);
}

function liveOnly(row: Row): string | null {
  if (row.status === 'resolved') return 'It is resolved: an answer of the customer opens it again.';
  return notClosed(row);
}

function notClosed(row: Row): string | null {
  return row.status === 'closed' ? 'It is closed for good.' : null;
}

function isEscalated(row: Row): boolean {
  return row.escalatedAt !== null && row.escalationAnsweredAt === null;
}

function tagsOf(typed: unknown): unknown {
  if (typed === null) return [];
  if (typeof typed !== 'string') return typed;
  return typed.split(',').flatMap((tag) => (tag.trim() === '' ? [] : [tag.trim()]));
}

const numberOf = (row: Row | null): string => (typeof row?.number === 'string' ? row.number : 'The ticket');

function isUnchanged(output: unknown): boolean {
  return typeof output === 'object' && output !== null && 'isUnchanged' in output && output.isUnchanged === true;
}

function textIn(value: unknown, name: string): string | null {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : null;
  return typeof found === 'string' ? found : null;
}

function numberIn(value: unknown, name: string): number {
  const found: unknown = typeof value === 'object' && value !== null ? Reflect.get(value, name) : null;
  return typeof found === 'number' ? found : 0;
}
