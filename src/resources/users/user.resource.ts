import { join } from 'node:path';
import { defineResource, type ResourceActor, type Row, type Where } from '../../admin/index.ts';
import type { AccessSubject } from '../../foundation/access/decide.ts';
import { grantFor } from '../../foundation/access/evaluate.ts';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import { ticketQueries } from '../../modules/support/index.ts';
import { customerExtra } from './customer-extra.ts';
import { contactFilter, searchCustomers } from './find-customer.ts';
import { userActions } from './user-actions.ts';
import { authMethodStates, userStatusStates } from './user-states.ts';

const nothing: Where = { id: { in: [] } };
const customers: Where = { kind: { in: ['client', 'vendor'] } };

/** Customers: shoppers and shop owners. Staff accounts are under Staff and unreachable here. */
export const userResource = defineResource({
  id: 'User',
  noun: 'user',
  title: 'Users',
  singular: 'customer',
  icon: 'users',
  navigationGroup: 'People',
  model: 'User',
  columns: {
    displayName: {
      type: 'text',
      label: 'Name',
      from: ['displayName', 'memberId'],
      value: (row) => row.displayName || row.memberId,
      isKey: true,
    },
    memberId: { type: 'text', label: 'Member id', isKey: true },
    contact: { type: 'masked', label: 'Contact', from: ['emailMasked', 'phoneMasked'], value: (row) => row.emailMasked ?? row.phoneMasked },
    status: { type: 'enum', label: 'Status', states: userStatusStates, isKey: true },
    kind: { type: 'text', label: 'Kind', value: (row) => (row.kind === 'vendor' ? 'Vendor' : 'Client') },
    authMethod: { type: 'enum', label: 'Signs in by', states: authMethodStates, in: ['show'] },
    lockedUntil: { type: 'datetime', label: 'Locked until', in: ['show'] },
    countryCode: { type: 'text', label: 'Country', in: ['show'] },
    riskScore: { type: 'integer', label: 'Risk' },
    lastLoginAt: { type: 'datetime', label: 'Last sign-in' },
    createdAt: { type: 'datetime', label: 'Joined' },
    firstName: { type: 'text', label: 'First name', in: ['show'] },
    lastName: { type: 'text', label: 'Last name', in: ['show'] },
    identifierVerifiedAt: { type: 'datetime', label: 'Verified', in: ['show'] },
    state: { type: 'text', label: 'State', in: ['show'] },
    city: { type: 'text', label: 'City', in: ['show'] },
    bio: { type: 'text', label: 'About', in: ['show'] },
    language: { type: 'text', label: 'Language', in: ['show'] },
    timezone: { type: 'text', label: 'Time zone', in: ['show'] },
    loginCount: { type: 'integer', label: 'Sign-ins', in: ['show'] },
    id: { type: 'id', label: 'Id', in: ['show'] },
  },
  filters: {
    email: contactFilter('email', 'Email (whole)'),
    phone: contactFilter('phone', 'Phone (whole, 0803... too)'),
    status: { type: 'enum', label: 'Status', operators: ['equals', 'in'] },
    locked: { type: 'boolean', label: 'Locked now', operators: ['equals'], where: whereLocked },
    kind: { type: 'enum', label: 'Kind', operators: ['equals'], values: ['client', 'vendor'] },
    authMethod: { type: 'enum', label: 'Signs in by', operators: ['equals', 'in'] },
    memberId: { type: 'text', label: 'Member id', operators: ['equals', 'starts'] },
    displayName: { type: 'text', label: 'Name', operators: ['contains', 'starts', 'isEmpty'], isPersonal: true },
    countryCode: { type: 'text', label: 'Country (two letters)', operators: ['equals', 'in', 'isEmpty'] },
    createdAt: { type: 'datetime', label: 'Joined', operators: ['between'] },
    lastLoginAt: { type: 'datetime', label: 'Last sign-in', operators: ['between', 'isEmpty'] },
    lockedUntil: { type: 'datetime', label: 'Locked until', operators: ['between', 'isEmpty'] },
    identifierVerifiedAt: { type: 'datetime', label: 'Verified', operators: ['between', 'isEmpty'] },
    riskScore: { type: 'integer', label: 'Risk', operators: ['between'] },
    id: { type: 'uuid', label: 'Id', operators: ['equals', 'in'] },
  },
  sorts: { createdAt: { index: 'user_created_at_id_idx' }, memberId: { index: 'user_member_id_key' } },
  defaultSort: { field: 'createdAt', direction: 'desc' },
  search: searchCustomers,
  globalSearch: { detail: foundAs },
  scope: reachOf,
  permissions: { list: 'user.list', show: 'user.show', search: 'user.search' },
  recordTitle: { from: ['displayName', 'memberId'], of: (row) => String(row.displayName || row.memberId || '') },
  subject: subjectOf,
  hidden: ['version', 'legalHold', 'processingRestricted', 'identifierVerifiedAt'],
  actions: userActions,
  components: { show: join(import.meta.dirname, 'customer-page.component.tsx') },
  whenEmpty: { label: 'Look up an unfinished registration', page: 'unfinished-registrations' },
  extra: customerExtra,
  isPersonalData: true,
});

/** Second line in the search box: enough to tell two people of one name apart, masked. */
function foundAs(row: Row): string {
  const status = row.status === 'active' ? null : String(row.status);
  return [row.memberId, row.emailMasked ?? row.phoneMasked, row.kind, status].filter(Boolean).join(', ');
}

/** All customers, or for assistants the people of the tickets they hold or could take. Reviewers' own come with their cases. */
async function reachOf({ staff, deps }: ResourceActor, grant: { own: boolean; team: boolean }): Promise<Where> {
  if (!grant.own && !grant.team) return customers;
  return grant.own ? { AND: [customers, { id: { in: await ticketQueries.ownCustomerIds(deps, staff) } }] } : nothing;
}

/** Whoever reaches own records only was handed this one by `scope`. */
function subjectOf(row: Row, { staff, deps }: ResourceActor): AccessSubject {
  const isOwn = grantFor(staff, 'user.show', { now: deps.clock.now() })?.own === true;
  return { userId: String(row.id), kind: row.kind === 'vendor' ? 'vendor' : 'client', rank: 0, ...(isOwn ? { isOwn } : {}) };
}

function whereLocked(text: string, _operator: string, deps: CommandDeps): Where {
  const now = deps.clock.now();
  if (text === 'true') return { lockedUntil: { gt: now } };
  if (text === 'false') return { OR: [{ lockedUntil: null }, { lockedUntil: { lte: now } }] };
  throw new AppError('invalid_filter', { extra: { filter: 'locked' } });
}
