import {
  commandAction,
  defineDashboard,
  definePage,
  defineResource,
  type PageDefinition,
  type ResourceDefinition,
} from '../../../src/admin/index.ts';
import { escapeLike } from '../../../src/admin/query/filter-value.ts';
import { staffCommands } from '../../../src/modules/identity/index.ts';
import { setCountryActive } from '../../../src/modules/reference/index.ts';

/** A small back office over real tables: enough to try every rule of the frame without the product's own screens. */
export const country: ResourceDefinition = defineResource({
  id: 'Country',
  noun: 'country',
  title: 'Countries',
  singular: 'Country',
  icon: 'globe',
  navigationGroup: 'System',
  model: 'Country',
  columns: {
    name: { type: 'text', label: 'Name', isKey: true },
    id: { type: 'id', label: 'Id', in: ['show'] },
    iso2: { type: 'text', label: 'Code', isKey: true },
    region: { type: 'text', label: 'Region', isKey: true },
    currency: { type: 'text', label: 'Currency' },
    callingCode: { type: 'text', label: 'Calling code' },
    isActive: { type: 'boolean', label: 'Active' },
    sortOrder: { type: 'integer', label: 'Order' },
    version: { type: 'integer', label: 'Version', in: ['show'] },
    capital: { type: 'text', label: 'Capital', grades: ['admin', 'super_admin'] },
    updatedAt: { type: 'datetime', label: 'Updated' },
  },
  filters: {
    id: { type: 'uuid', label: 'Id', operators: ['equals', 'in'] },
    name: { type: 'text', label: 'Name', operators: ['contains', 'starts', 'equals', 'isEmpty'] },
    region: { type: 'text', label: 'Region', operators: ['equals', 'isEmpty'] },
    isActive: { type: 'boolean', label: 'Active', operators: ['equals'] },
    version: { type: 'integer', label: 'Version', operators: ['equals', 'between'] },
    createdAt: { type: 'datetime', label: 'Created', operators: ['between'] },
  },
  sorts: { name: { index: 'country_name_key' }, sortOrder: { index: 'country_sort_order_name_idx' } },
  defaultSort: { field: 'name', direction: 'asc' },
  search: (text) => ({ name: { startsWith: escapeLike(text), mode: 'insensitive' } }),
  scope: null,
  permissions: { list: 'country.list', show: 'country.list', search: 'country.list' },
  recordTitle: { from: ['name'], of: (row) => String(row.name) },
  hidden: ['version', 'isActive'],
  actions: [
    commandAction(setCountryActive, {
      name: 'setActive',
      label: 'Change sign-up',
      effect: 'Opens or closes the country for new people',
      placement: ['record', 'bulk'],
      group: 'careful',
      form: [{ name: 'isActive', label: 'Open', type: 'checkbox' }],
      refusal: (row) => (row.version === 99 ? 'Open countries only: this one is frozen.' : null),
      message: (_output, row) => `Changed ${String(row?.name)}.`,
      undo: { action: 'setActive', seconds: 60, form: () => ({ isActive: true }) },
    }),
    commandAction(setCountryActive, {
      name: 'neverOffered',
      label: 'Never offered',
      effect: 'Is not offered for any record',
      placement: ['record'],
      group: 'careful',
      isVisible: () => false,
      toInput: (_form, target) => ({ id: target.recordId, isActive: false }),
      message: () => 'This must never be seen.',
    }),
  ],
  components: {},
  isPersonalData: false,
});

export const user: ResourceDefinition = defineResource({
  id: 'User',
  noun: 'user',
  title: 'Users',
  singular: 'User',
  icon: 'users',
  navigationGroup: 'People',
  model: 'User',
  columns: {
    displayName: { type: 'text', label: 'Name', isKey: true },
    id: { type: 'id', label: 'Id', in: ['show'] },
    memberId: { type: 'text', label: 'Member', isKey: true },
    emailMasked: { type: 'masked', label: 'Email' },
    status: { type: 'enum', label: 'Status', isKey: true, states: { active: { label: 'Active', tone: 'ok' } } },
    createdAt: { type: 'datetime', label: 'Joined' },
  },
  filters: {
    id: { type: 'uuid', label: 'Id', operators: ['equals'] },
    status: { type: 'enum', label: 'Status', operators: ['equals', 'in'] },
    displayName: { type: 'text', label: 'Name', operators: ['contains'] },
  },
  sorts: { createdAt: { index: 'user_created_at_id_idx' } },
  defaultSort: { field: 'createdAt', direction: 'desc' },
  search: (text) => ({ displayName: { contains: escapeLike(text), mode: 'insensitive' } }),
  scope: ({ staff }, { own }) => (own ? { id: { equals: staff.id } } : {}),
  permissions: { list: 'user.list', show: 'user.show', search: 'user.search' },
  recordTitle: { from: ['displayName'], of: (row) => String(row.displayName ?? '') },
  hidden: ['kind', 'version'],
  subject: (row) => ({ userId: String(row.id), kind: row.kind === 'staff' ? 'staff' : 'client', rank: row.kind === 'staff' ? 100 : 0 }),
  actions: [
    commandAction(staffCommands.suspendUser, {
      name: 'suspend',
      label: 'Suspend account',
      effect: 'Ends all sessions; the person cannot sign in',
      placement: ['record'],
      group: 'careful',
      message: (_output, row) => `Suspended. ${String(row?.displayName)} cannot sign in.`,
    }),
  ],
  components: {},
  isPersonalData: true,
});

export const grant: ResourceDefinition = defineResource({
  id: 'Grant',
  noun: 'staff_role_grant',
  title: 'Grants',
  singular: 'Grant',
  icon: 'key',
  navigationGroup: 'People',
  model: 'StaffRoleGrant',
  columns: {
    userId: { type: 'reference', reference: 'User', label: 'Person', isKey: true },
    id: { type: 'id', label: 'Id', in: ['show'] },
    role: { type: 'enum', label: 'Role' },
    reason: { type: 'text', label: 'Reason' },
    createdAt: { type: 'datetime', label: 'Given' },
  },
  filters: { userId: { type: 'uuid', label: 'Person', operators: ['equals'] } },
  sorts: { createdAt: { index: 'staff_role_grant_pkey' } },
  defaultSort: { field: 'createdAt', direction: 'desc' },
  scope: () => ({}),
  permissions: { list: 'staff.list', show: 'staff.list', search: 'staff.list' },
  recordTitle: { from: ['role'], of: (row) => String(row.role) },
  actions: [],
  components: {},
  isPersonalData: false,
});

/** BIGINT columns and a failing page, for H25 and H27. */
export const failing: PageDefinition = definePage({
  id: 'failing',
  noun: 'dashboard',
  title: 'Failing',
  icon: 'warn',
  navigationGroup: 'System',
  permission: null,
  handler: async ({ query }) => {
    if (query.fail) throw new Error('secret path /srv/app/src/x.ts and password=hunter2');
    return { large: 9_007_199_254_740_993n, note: '</script><script>window.hacked=1</script>' };
  },
  component: new URL('../../../src/admin/components/dashboard.component.tsx', import.meta.url).pathname,
  recordsRead: null,
  waiting: async () => 3,
});

export const resources = [country, user, grant];
export const pages = [failing];
export const dashboard = defineDashboard([
  {
    id: 'countries',
    title: 'Countries open for sign-up',
    permission: 'country.list',
    load: async ({ deps }) => ({
      value: await deps.database.prisma.country.count({ where: { isActive: true } }),
      href: '/admin/resources/Country?filters.isActive=true',
      note: 'People may choose these',
      chart: {
        kind: 'bars',
        summary: 'Peak 12 on Friday.',
        series: [
          { label: 'Sign-ins', tone: 'brand' },
          { label: 'Failures', tone: 'accent' },
        ],
        points: [1, 4, 6, 3, 9, 12, 2].map((value, day) => ({ label: `Day ${day + 1}`, values: [value, Math.round(value / 3)] })),
      },
    }),
  },
  { id: 'broken', title: 'A card that fails', permission: 'country.list', load: async () => Promise.reject(new Error('down')) },
]);
