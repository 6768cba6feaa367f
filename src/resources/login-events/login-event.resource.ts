import { join } from 'node:path';
import { defineResource, type ResourceActor, type Where } from '../../admin/index.ts';
import { gradesOf } from '../../foundation/access/grades.ts';
import { explainTrace, parseTrace } from '../../modules/identity/index.ts';
import { networkOf, outcomes, titleOf, whereAddress, whereCountry, whereOf, whyOf } from './login-event-words.ts';

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
    userId: { type: 'reference', label: 'Person', reference: 'User', orReference: 'Staff', isKey: true },
    why: { type: 'text', label: 'Why', from: ['outcome', 'reasonCode'], value: whyOf },
    method: { type: 'enum', label: 'With' },
    surface: {
      type: 'enum',
      label: 'Door',
      states: { api: { label: 'Storefront', tone: 'neutral' }, admin: { label: 'Back office', tone: 'info' } },
    },
    place: { type: 'text', label: 'Place', from: ['countryCode', 'city'], value: whereOf },
    isNewCountry: { type: 'boolean', label: 'New country', in: ['show'] },
    deviceName: { type: 'text', label: 'Device' },
    isNewDevice: { type: 'boolean', label: 'New device' },
    riskScore: { type: 'integer', label: 'Risk' },
    network: { type: 'text', label: 'Network', from: ['ip'], value: networkOf, in: ['show'] },
    sessionId: { type: 'reference', label: 'Session', reference: 'Session', in: ['show'] },
    reasonCode: { type: 'text', label: 'Code', in: ['show'] },
    deviceId: { type: 'id', label: 'Device id', in: ['show'] },
    id: { type: 'id', label: 'Id', in: ['show'] },
  },
  filters: {
    at: { type: 'datetime', label: 'Time', operators: ['between'] },
    outcome: { type: 'enum', label: 'Outcome', operators: ['equals', 'in'] },
    userId: { type: 'uuid', label: 'Person', operators: ['equals', 'in', 'isEmpty'] },
    method: { type: 'enum', label: 'With', operators: ['equals', 'in'] },
    surface: { type: 'enum', label: 'Door', operators: ['equals'] },
    countryCode: { type: 'text', label: 'Country (name or two letters)', operators: ['equals', 'in', 'isEmpty'], where: whereCountry },
    deviceName: { type: 'text', label: 'Device', operators: ['starts', 'equals', 'isEmpty'] },
    isNewDevice: { type: 'boolean', label: 'New device', operators: ['equals'] },
    isNewCountry: { type: 'boolean', label: 'New country', operators: ['equals'] },
    riskScore: { type: 'integer', label: 'Risk', operators: ['between', 'equals'] },
    reasonCode: { type: 'text', label: 'Code', operators: ['equals', 'in', 'isEmpty'] },
    ip: { type: 'text', label: 'Network or address', operators: ['equals'], where: whereAddress },
    deviceId: { type: 'uuid', label: 'Device id', operators: ['equals'] },
    sessionId: { type: 'uuid', label: 'Session', operators: ['equals', 'in'] },
    id: { type: 'uuid', label: 'Id', operators: ['equals', 'in'] },
  },
  sorts: { at: { index: 'login_event_pkey' } },
  defaultSort: { field: 'at', direction: 'desc' },
  scope: (actor, grant) => (grant.own || grant.team ? nothing : reachOf(actor)),
  permissions: { list: 'login_event.list', show: 'login_event.list', search: 'login_event.list' },
  recordTitle: { from: ['at', 'outcome'], of: titleOf },
  subject: (row) => (typeof row.userId === 'string' ? { userId: row.userId, kind: 'client', rank: 0 } : {}),
  hidden: ['ruleTrace'],
  actions: [],
  components: { show: join(import.meta.dirname, 'login-event.component.tsx') },
  extra: async (row) => ({ steps: explainTrace(parseTrace(row.ruleTrace)), at: row.at }),
  isPersonalData: true,
});

/** Support looks after customers, who sign in at the storefront only; staff sign-ins are for oversight. */
function reachOf({ staff, deps }: ResourceActor): Where {
  const grades = gradesOf(staff, deps.clock.now());
  const seesStaff = grades.some((grade) => grade === 'auditor' || grade === 'admin' || grade === 'super_admin');
  return seesStaff ? {} : { surface: { equals: 'api' } };
}
