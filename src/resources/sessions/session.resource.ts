import { defineResource, type ResourceActor, type Row, type Where } from '../../admin/index.ts';
import { gradesOf } from '../../foundation/access/grades.ts';
import { shownIp } from '../../foundation/command/action-row.ts';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { AppError } from '../../foundation/errors/app-error.ts';

const nothing: Where = { id: { in: [] } };

/** Who is signed in where: a list for oversight, and one person's for support. Never a token. */
export const sessionResource = defineResource({
  id: 'Session',
  noun: 'session',
  title: 'Sessions',
  singular: 'session',
  icon: 'clock',
  navigationGroup: 'Oversight',
  model: 'Session',
  columns: {
    device: { type: 'text', label: 'Device', from: ['deviceName', 'browser', 'os'], value: deviceOf, isKey: true },
    userId: { type: 'reference', label: 'Person', reference: 'User', orReference: 'Staff', isKey: true },
    surface: {
      type: 'enum',
      label: 'Door',
      states: { api: { label: 'Storefront', tone: 'neutral' }, admin: { label: 'Back office', tone: 'info' } },
    },
    countryCode: { type: 'text', label: 'Country' },
    acr: {
      type: 'enum',
      label: 'Proof',
      states: { aal1: { label: 'One factor', tone: 'neutral' }, aal2: { label: 'Two factors', tone: 'ok' } },
    },
    lastUsedAt: { type: 'datetime', label: 'Last used', isKey: true },
    createdAt: { type: 'datetime', label: 'Signed in' },
    revokedAt: { type: 'datetime', label: 'Ended' },
    revokedReason: { type: 'text', label: 'Why it ended', in: ['show'] },
    idleExpiresAt: { type: 'datetime', label: 'Ends when idle until', in: ['show'] },
    absoluteExpiresAt: { type: 'datetime', label: 'Ends at the latest', in: ['show'] },
    clientId: { type: 'text', label: 'Client app', in: ['show'] },
    network: { type: 'text', label: 'Network', from: ['ip', 'lastIp'], value: networkOf, in: ['show'] },
    city: { type: 'text', label: 'City', in: ['show'] },
    id: { type: 'id', label: 'Id', in: ['show'] },
  },
  filters: {
    userId: { type: 'uuid', label: 'Person', operators: ['equals', 'in'] },
    live: { type: 'boolean', label: 'Live now', operators: ['equals'], where: whereLive },
    surface: { type: 'enum', label: 'Door', operators: ['equals'] },
    countryCode: { type: 'text', label: 'Country (two letters)', operators: ['equals', 'in', 'isEmpty'] },
    createdAt: { type: 'datetime', label: 'Signed in', operators: ['between'] },
    lastUsedAt: { type: 'datetime', label: 'Last used', operators: ['between'] },
    revokedAt: { type: 'datetime', label: 'Ended', operators: ['between', 'isEmpty'] },
    revokedReason: { type: 'text', label: 'Why it ended', operators: ['equals', 'in'] },
    id: { type: 'uuid', label: 'Id', operators: ['equals', 'in'] },
  },
  sorts: { createdAt: { index: 'session_created_at_id_idx' } },
  defaultSort: { field: 'createdAt', direction: 'desc' },
  scope: (actor, grant) => (grant.own || grant.team ? nothing : reachOf(actor)),
  permissions: { list: 'session.list', show: 'session.list', search: 'session.list' },
  recordTitle: { from: ['deviceName', 'browser', 'os'], of: (row) => `Session on ${deviceOf(row)}` },
  subject: (row) => ({ userId: String(row.userId), kind: 'client', rank: 0 }),
  actions: [],
  components: {},
  historyTable: 'identity.session',
  isPersonalData: true,
});

/** Support sees sessions of customers; those of staff are for oversight. */
function reachOf({ staff, deps }: ResourceActor): Where {
  const grades = gradesOf(staff, deps.clock.now());
  const seesStaff = grades.some((grade) => grade === 'auditor' || grade === 'admin' || grade === 'super_admin');
  return seesStaff ? {} : { user: { kind: { in: ['client', 'vendor'] } } };
}

function deviceOf(row: Row): string {
  const { deviceName, browser, os } = row;
  if (typeof deviceName === 'string' && deviceName !== '') return deviceName;
  const parts = [browser, os].filter((part) => typeof part === 'string' && part !== '');
  return parts.length > 0 ? parts.join(' on ') : 'an unknown device';
}

function networkOf(row: Row): string | null {
  const latest = row.lastIp ?? row.ip;
  return typeof latest === 'string' ? shownIp(latest, 'truncated') : null;
}

function whereLive(text: string, _operator: string, deps: CommandDeps): Where {
  if (text !== 'true' && text !== 'false') throw new AppError('invalid_filter', { extra: { filter: 'live' } });
  const now = deps.clock.now();
  const live = { revokedAt: null, idleExpiresAt: { gt: now }, absoluteExpiresAt: { gt: now } };
  return text === 'true' ? live : { NOT: live };
}
