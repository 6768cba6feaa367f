import { join } from 'node:path';
import { defineResource, type ResourceActor, type Row, type Where } from '../../admin/index.ts';
import type { AccessSubject } from '../../foundation/access/decide.ts';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import { ticketQueries, ticketReach, ticketsWhere } from '../../modules/support/index.ts';
import { ticketActions } from './ticket-actions.ts';
import { enrichTickets } from './ticket-rows.ts';
import { categoryLabels, categoryName, priorityStates, slaWords, statusStates, waitingFor } from './ticket-words.ts';

const nothing: Where = { id: { in: [] } };

/** The desk: what customers asked, whose turn it is, and how long there is. */
export const ticketResource = defineResource({
  id: 'Ticket',
  noun: 'ticket',
  title: 'Tickets',
  singular: 'ticket',
  icon: 'ticket',
  navigationGroup: 'Work',
  model: 'Ticket',
  columns: {
    title: { type: 'text', label: 'Title', isKey: true },
    sla: {
      type: 'enum',
      label: 'Time',
      states: slaWords,
      from: ['slaRiskAt', 'slaBreachAt', 'pausedAt'],
      value: (row) => row.slaState,
      isKey: true,
    },
    priority: { type: 'enum', label: 'Priority', states: priorityStates, isKey: true },
    status: { type: 'enum', label: 'Status', states: statusStates },
    category: { type: 'enum', label: 'Category', states: neutral(categoryLabels), in: ['show'] },
    categoryName: { type: 'text', label: 'Category', from: ['category'], value: (row) => categoryName(row.category), in: ['list'] },
    assignee: { type: 'text', label: 'Assignee', from: ['assignedTo'], value: (row) => row.assigneeName ?? null },
    waitingFor: {
      type: 'text',
      label: 'Waiting for',
      from: ['status', 'assignedTo'],
      value: (row) => waitingFor(row.status, row.assigneeName),
    },
    number: { type: 'text', label: 'Number' },
    resolutionDueAt: { type: 'datetime', label: 'Due', in: ['list'] },
    createdAt: { type: 'datetime', label: 'Opened' },
    tags: { type: 'text', label: 'Tags', in: ['show'], value: (row) => (Array.isArray(row.tags) ? row.tags.join(', ') : null) },
    resolution: { type: 'text', label: 'What was done', in: ['show'] },
    orderId: { type: 'text', label: 'Order', in: ['show'] },
    linkedTicket: {
      type: 'text',
      label: 'Linked ticket',
      in: ['show'],
      from: ['linkedTicketId'],
      value: (row) => row.linkedNumber ?? null,
    },
    id: { type: 'id', label: 'Id', in: ['show'] },
  },
  filters: {
    status: { type: 'enum', label: 'Status', operators: ['equals', 'in'] },
    priority: { type: 'enum', label: 'Priority', operators: ['equals', 'in'] },
    category: { type: 'enum', label: 'Category', operators: ['equals', 'in'] },
    sla: {
      type: 'enum',
      label: 'Time',
      operators: ['equals'],
      values: ['breached', 'at_risk', 'on_track', 'paused'],
      where: (state, _operator, deps) => whereSla(state, deps),
    },
    assignedTo: { type: 'uuid', label: 'Assignee', operators: ['equals', 'in', 'isEmpty'] },
    escalated: { type: 'boolean', label: 'Escalated', operators: ['equals'], where: whereEscalated },
    title: { type: 'text', label: 'Title', operators: ['contains'] },
    number: { type: 'text', label: 'Number', operators: ['equals'] },
    subjectUserId: { type: 'uuid', label: 'Customer', operators: ['equals', 'in'] },
    orderId: { type: 'uuid', label: 'Order', operators: ['equals', 'isEmpty'] },
    createdAt: { type: 'datetime', label: 'Opened', operators: ['between'] },
    resolutionDueAt: { type: 'datetime', label: 'Due', operators: ['between'] },
    id: { type: 'uuid', label: 'Id', operators: ['equals', 'in'] },
  },
  sorts: {
    createdAt: { index: 'ticket_created_at_id_idx' },
    resolutionDueAt: { index: 'ticket_resolution_due_at_id_idx' },
  },
  defaultSort: { field: 'createdAt', direction: 'desc' },
  search: (text) => ticketsWhere(text),
  globalSearch: { detail: (row) => `${String(row.number)}, ${String(row.status).replaceAll('_', ' ')}` },
  scope: ({ staff, deps }) => ticketReach(staff, deps.clock.now()) ?? nothing,
  permissions: { list: 'ticket.list', show: 'ticket.show', search: 'ticket.list' },
  recordTitle: { from: ['number', 'title'], of: (row) => `${String(row.number)} ${String(row.title)}` },
  referenceTitle: (row) => String(row.number),
  enrich: enrichTickets,
  subject: ticketSubject,
  hidden: [
    ...['version', 'subjectUserId', 'assignedTo', 'claimExpiresAt', 'escalatedAt', 'escalationAnsweredAt', 'linkedTicketId'],
    ...['mergedIntoId', 'firstRespondedAt', 'status', 'resolvedAt'],
  ],
  actions: ticketActions,
  components: {
    list: join(import.meta.dirname, 'ticket-list.component.tsx'),
    show: join(import.meta.dirname, 'ticket-page.component.tsx'),
  },
  extra: async (row, { staff, deps }) => ({ ...(await ticketQueries.ticketPage(deps, staff, String(row.id))) }),
  historyTable: 'support.ticket',
  isPersonalData: true,
  waiting: ({ staff, deps }) => ticketQueries.countWaiting(deps, staff),
});

/** What waits in triage is everybody's own to take; the commands ask more closely. */
function ticketSubject(row: Row, { staff }: ResourceActor): AccessSubject {
  const isWaiting = row.status === 'open' && row.assignedTo === null;
  const person = typeof row.subjectUserId === 'string' ? { userId: row.subjectUserId } : {};
  return { ...person, isOwn: isWaiting || row.assignedTo === staff.id };
}

function whereSla(state: string, deps: CommandDeps): Where {
  const now = deps.clock.now();
  const running: Where = { status: { in: ['open', 'in_progress'] } };
  const live: Where = { status: { in: ['open', 'in_progress', 'awaiting_customer', 'awaiting_vendor'] } };
  switch (state) {
    case 'breached':
      return { ...live, slaBreachAt: { lte: now } };
    case 'at_risk':
      return { ...running, slaRiskAt: { lte: now }, slaBreachAt: { gt: now } };
    case 'on_track':
      return { ...running, slaRiskAt: { gt: now } };
    case 'paused':
      return { status: { in: ['awaiting_customer', 'awaiting_vendor'] }, OR: [{ slaBreachAt: null }, { slaBreachAt: { gt: now } }] };
    default:
      throw new AppError('invalid_filter', { extra: { filter: 'sla' } });
  }
}

function whereEscalated(text: string): Where {
  const open: Where = { escalatedAt: { not: null }, escalationAnsweredAt: null, status: { notIn: ['resolved', 'closed'] } };
  if (text === 'true') return open;
  if (text === 'false') return { NOT: open };
  throw new AppError('invalid_filter', { extra: { filter: 'escalated' } });
}

function neutral(labels: Readonly<Record<string, string>>): Readonly<Record<string, { label: string; tone: 'neutral' }>> {
  return Object.fromEntries(Object.entries(labels).map(([value, label]) => [value, { label, tone: 'neutral' as const }]));
}
