import { defineResource, type ResourceActor, type Row, type Where } from '../../admin/index.ts';
import { gradesOf } from '../../foundation/access/grades.ts';
import { shownIp } from '../../foundation/command/action-row.ts';
import { AppError } from '../../foundation/errors/app-error.ts';

const outcomes = {
  success: { label: 'Signed in', tone: 'ok' },
  failed: { label: 'Failed', tone: 'warn' },
  blocked: { label: 'Blocked', tone: 'danger' },
  challenged: { label: 'Asked for a second factor', tone: 'info' },
} as const;

const nothing: Where = { id: { in: [] } };

/** Every attempt to sign in, at either door, newest first. */
export const loginEventResource = defineResource({
  id: 'LoginEvent',
  noun: 'login_event',
  title: 'Login events',
  singular: 'login event',
  icon: 'activity',
  navigationGroup: 'Oversight',
  model: 'LoginEvent',
  columns: {
    at: { type: 'datetime', label: 'Time', isKey: true },
    outcome: { type: 'enum', label: 'Outcome', states: outcomes, isKey: true },
    userId: { type: 'reference', label: 'Person', reference: 'User', isKey: true },
    method: { type: 'enum', label: 'With' },
    surface: {
      type: 'enum',
      label: 'Door',
      states: { api: { label: 'Storefront', tone: 'neutral' }, admin: { label: 'Back office', tone: 'info' } },
    },
    reasonCode: { type: 'text', label: 'Rule' },
    countryCode: { type: 'text', label: 'Country' },
    deviceName: { type: 'text', label: 'Device' },
    isNewDevice: { type: 'boolean', label: 'New device' },
    isNewCountry: { type: 'boolean', label: 'New country', in: ['show'] },
    riskScore: { type: 'integer', label: 'Risk' },
    network: { type: 'text', label: 'Network', from: ['ip'], value: networkOf, in: ['show'] },
    sessionId: { type: 'reference', label: 'Session', reference: 'Session', in: ['show'] },
    ruleTrace: { type: 'json', label: 'Rules met', in: ['show'] },
    id: { type: 'id', label: 'Id', in: ['show'] },
  },
  filters: {
    at: { type: 'datetime', label: 'Time', operators: ['between'] },
    outcome: { type: 'enum', label: 'Outcome', operators: ['equals', 'in'] },
    userId: { type: 'uuid', label: 'Person', operators: ['equals', 'in', 'isEmpty'] },
    method: { type: 'enum', label: 'With', operators: ['equals', 'in'] },
    surface: { type: 'enum', label: 'Door', operators: ['equals'] },
    countryCode: { type: 'text', label: 'Country (two letters)', operators: ['equals', 'in', 'isEmpty'] },
    deviceName: { type: 'text', label: 'Device', operators: ['starts', 'equals', 'isEmpty'] },
    isNewDevice: { type: 'boolean', label: 'New device', operators: ['equals'] },
    isNewCountry: { type: 'boolean', label: 'New country', operators: ['equals'] },
    reasonCode: { type: 'text', label: 'Rule', operators: ['equals', 'in', 'isEmpty'] },
    ip: { type: 'text', label: 'Address (exact)', operators: ['equals'], where: whereAddress },
    sessionId: { type: 'uuid', label: 'Session', operators: ['equals', 'in'] },
    id: { type: 'uuid', label: 'Id', operators: ['equals', 'in'] },
  },
  sorts: { at: { index: 'login_event_pkey' } },
  defaultSort: { field: 'at', direction: 'desc' },
  scope: (actor, grant) => (grant.own || grant.team ? nothing : reachOf(actor)),
  permissions: { list: 'login_event.list', show: 'login_event.list', search: 'login_event.list' },
  recordTitle: { from: ['at', 'outcome'], of: titleOf },
  subject: (row) => (typeof row.userId === 'string' ? { userId: row.userId, kind: 'client', rank: 0 } : {}),
  actions: [],
  components: {},
  isPersonalData: true,
});

/** Support looks after customers, who sign in at the storefront only; staff sign-ins are for oversight. */
function reachOf({ staff, deps }: ResourceActor): Where {
  const grades = gradesOf(staff, deps.clock.now());
  const seesStaff = grades.some((grade) => grade === 'auditor' || grade === 'admin' || grade === 'super_admin');
  return seesStaff ? {} : { surface: { equals: 'api' } };
}

function networkOf(row: Row): string | null {
  return typeof row.ip === 'string' ? shownIp(row.ip, 'truncated') : null;
}

const address = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[\da-f:]{2,39})$/i;

function whereAddress(text: string): Where {
  if (!address.test(text)) throw new AppError('invalid_filter', { extra: { filter: 'ip' } });
  return { ip: { equals: text } };
}

function titleOf(row: Row): string {
  const at = row.at instanceof Date ? row.at.toISOString().slice(0, 16).replace('T', ' ') : '';
  return `Sign-in of ${at} UTC`;
}
