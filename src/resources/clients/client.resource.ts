import { defineResource, type ResourceActor, type Row, type Where } from '../../admin/index.ts';
import { ticketQueries } from '../../modules/support/index.ts';
import { clientActions } from './client-actions.ts';

const nothing: Where = { id: { in: [] } };

const tiers = {
  standard: { label: 'Standard', tone: 'neutral' },
  silver: { label: 'Silver', tone: 'info' },
  gold: { label: 'Gold', tone: 'warn' },
  platinum: { label: 'Platinum', tone: 'ok' },
} as const;

/** What the storefront keeps about a shopper. The person behind it is on the customer page. */
export const clientResource = defineResource({
  id: 'Client',
  noun: 'client',
  title: 'Clients',
  singular: 'client',
  icon: 'user',
  navigationGroup: 'People',
  model: 'Client',
  related: { user: { select: { displayName: true, memberId: true } } },
  columns: {
    person: { type: 'text', label: 'Name', from: [], value: nameOf, isKey: true, in: ['list'] },
    memberId: { type: 'text', label: 'Member id', from: [], value: (row) => userOf(row).memberId, isKey: true },
    userId: { type: 'reference', label: 'Customer', reference: 'User', in: ['show'] },
    loyaltyTier: { type: 'enum', label: 'Loyalty', states: tiers, isKey: true },
    totalOrders: { type: 'integer', label: 'Orders' },
    preferredSize: { type: 'enum', label: 'Size', section: 'Taste' },
    stylePreferences: { type: 'json', label: 'Styles', in: ['show'], section: 'Taste' },
    favouriteColours: { type: 'json', label: 'Colours', in: ['show'], section: 'Taste' },
    emailNotifications: { type: 'boolean', label: 'Order news by email', in: ['show'], section: 'Messages' },
    smsNotifications: { type: 'boolean', label: 'Order news by SMS', in: ['show'], section: 'Messages' },
    lastActiveAt: { type: 'datetime', label: 'Last active' },
    createdAt: { type: 'datetime', label: 'Since' },
    id: { type: 'id', label: 'Id', in: ['show'] },
  },
  filters: {
    loyaltyTier: { type: 'enum', label: 'Loyalty', operators: ['equals', 'in'] },
    preferredSize: { type: 'enum', label: 'Size', operators: ['equals', 'in', 'isEmpty'] },
    totalOrders: { type: 'integer', label: 'Orders', operators: ['between'] },
    lastActiveAt: { type: 'datetime', label: 'Last active', operators: ['between', 'isEmpty'] },
    createdAt: { type: 'datetime', label: 'Since', operators: ['between'] },
    userId: { type: 'uuid', label: 'Customer', operators: ['equals', 'in'] },
    id: { type: 'uuid', label: 'Id', operators: ['equals', 'in'] },
  },
  // Ids are in the order of creation.
  sorts: { id: { index: 'client_pkey' } },
  defaultSort: { field: 'id', direction: 'desc' },
  scope: reachOf,
  permissions: { list: 'client.list', show: 'client.show', search: 'client.list' },
  recordTitle: { from: [], of: nameOf },
  subject: (row) => ({ userId: String(row.userId), kind: 'client', rank: 0 }),
  hidden: ['version'],
  actions: clientActions,
  components: {},
  historyTable: 'identity.client',
  isPersonalData: true,
});

/** All shoppers, or for assistants those of the tickets they hold or could take. */
async function reachOf({ staff, deps }: ResourceActor, grant: { own: boolean; team: boolean }): Promise<Where> {
  if (!grant.own && !grant.team) return {};
  return grant.own ? { userId: { in: await ticketQueries.ownCustomerIds(deps, staff) } } : nothing;
}

function nameOf(row: Row): string {
  const { displayName, memberId } = userOf(row);
  return displayName ?? memberId ?? '';
}

function userOf(row: Row): { displayName: string | null; memberId: string | null } {
  const { user } = row;
  if (typeof user !== 'object' || user === null) return { displayName: null, memberId: null };
  return { displayName: textIn(user, 'displayName'), memberId: textIn(user, 'memberId') };
}

function textIn(object: object, name: string): string | null {
  const value: unknown = Reflect.get(object, name);
  return typeof value === 'string' && value !== '' ? value : null;
}
