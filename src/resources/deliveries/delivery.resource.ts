import { defineResource, type ResourceActor, type Row, type Where } from '../../admin/index.ts';
import { ticketQueries } from '../../modules/support/index.ts';
import { carriesCode, templateName, undeliveredWords } from './delivery-words.ts';

const statuses = {
  queued: { label: 'Waiting', tone: 'info' },
  sent: { label: 'Sent', tone: 'ok' },
  delivered: { label: 'Delivered', tone: 'ok' },
  failed: { label: 'Failed', tone: 'danger' },
  bounced: { label: 'Bounced', tone: 'danger' },
  suppressed: { label: 'Held back', tone: 'warn' },
} as const;

const nothing: Where = { id: { in: [] } };

/** Messages to people: which, how, whether they arrived. Never the words, never a code. */
export const deliveryResource = defineResource({
  id: 'Delivery',
  noun: 'delivery',
  title: 'Deliveries',
  singular: 'delivery',
  icon: 'mail',
  navigationGroup: 'Work',
  model: 'Delivery',
  columns: {
    template: { type: 'text', label: 'Message', value: (row) => templateName(row.template), isKey: true },
    carriesCode: { type: 'boolean', label: 'Carries a code', from: ['template'], value: (row) => carriesCode(row.template) },
    status: { type: 'enum', label: 'Status', states: statuses, isKey: true },
    channel: { type: 'enum', label: 'By', states: { email: { label: 'Email', tone: 'neutral' }, sms: { label: 'SMS', tone: 'neutral' } } },
    recipientMasked: { type: 'masked', label: 'To', isKey: true },
    userId: { type: 'reference', label: 'Customer', reference: 'User' },
    attempts: { type: 'integer', label: 'Tries' },
    errorCode: { type: 'text', label: 'Why it failed', value: (row) => undeliveredWords(row.errorCode) },
    createdAt: { type: 'datetime', label: 'Asked for' },
    sentAt: { type: 'datetime', label: 'Sent' },
    nextAttemptAt: { type: 'datetime', label: 'Next try', in: ['show'] },
    provider: { type: 'text', label: 'Provider', in: ['show'] },
    language: { type: 'text', label: 'Language', in: ['show'] },
    id: { type: 'id', label: 'Id', in: ['show'] },
  },
  filters: {
    status: { type: 'enum', label: 'Status', operators: ['equals', 'in'] },
    channel: { type: 'enum', label: 'By', operators: ['equals'] },
    template: { type: 'text', label: 'Message', operators: ['equals', 'starts'] },
    userId: { type: 'uuid', label: 'Customer', operators: ['equals', 'in', 'isEmpty'] },
    createdAt: { type: 'datetime', label: 'Asked for', operators: ['between'] },
    errorCode: { type: 'text', label: 'Why it failed', operators: ['equals', 'isEmpty'] },
    id: { type: 'uuid', label: 'Id', operators: ['equals', 'in'] },
  },
  // Ids are in the order of creation.
  sorts: { id: { index: 'delivery_pkey' } },
  defaultSort: { field: 'id', direction: 'desc' },
  scope: reachOf,
  permissions: { list: 'delivery.list', show: 'delivery.list', search: 'delivery.list' },
  recordTitle: { from: ['template'], of: titleOf },
  subject: (row) => (typeof row.userId === 'string' ? { userId: row.userId, kind: 'client', rank: 0 } : {}),
  actions: [],
  components: {},
  historyTable: 'notifications.delivery',
  isPersonalData: true,
});

function titleOf(row: Row): string {
  return templateName(row.template) || 'Message';
}

/** All messages, or for assistants those to the people of the tickets they hold or could take. */
async function reachOf({ staff, deps }: ResourceActor, grant: { own: boolean; team: boolean }): Promise<Where> {
  if (!grant.own && !grant.team) return {};
  return grant.own ? { userId: { in: await ticketQueries.ownCustomerIds(deps, staff) } } : nothing;
}
