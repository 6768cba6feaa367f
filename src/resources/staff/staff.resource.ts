import { join } from 'node:path';
import { defineResource, type ResourceActor, type Row, type Where } from '../../admin/index.ts';
import type { AccessSubject } from '../../foundation/access/decide.ts';
import { rankOf } from '../../foundation/access/grades.ts';
import { contactFilter, searchStaff } from './find-staff.ts';
import { staffActions } from './staff-actions.ts';
import { staffExtra } from './staff-extra.ts';
import { activeGrants, profileOf, roleNames } from './staff-row.ts';

const statuses = {
  active: { label: 'Active', tone: 'ok' },
  suspended: { label: 'Suspended', tone: 'danger' },
  closed: { label: 'Closed', tone: 'neutral' },
  erased: { label: 'Erased', tone: 'neutral' },
} as const;

/** Colleagues and their roles. They are accounts of kind staff: customers never appear here, nor staff under Users. */
export const staffResource = defineResource({
  id: 'Staff',
  noun: 'staff',
  title: 'Staff',
  singular: 'staff member',
  icon: 'user-cog',
  navigationGroup: 'People',
  model: 'User',
  related: {
    staffProfile: { select: { jobTitle: true, managerUserId: true, disabledAt: true, disabledReason: true } },
    roleGrants: { where: { revokedAt: null }, select: { id: true, role: true, isLead: true, expiresAt: true } },
    totp: { select: { confirmedAt: true } },
    passkeys: { select: { id: true }, take: 1 },
  },
  columns: {
    displayName: { type: 'text', label: 'Name', isKey: true },
    roles: { type: 'text', label: 'Roles', from: [], value: roleNames, isKey: true },
    standing: {
      type: 'enum',
      label: 'Status',
      from: ['status'],
      value: (row) => (profileOf(row).disabledAt ? 'disabled' : row.status),
      states: { ...statuses, disabled: { label: 'Disabled', tone: 'danger' } },
      isKey: true,
    },
    jobTitle: { type: 'text', label: 'Job', from: [], value: (row) => profileOf(row).jobTitle },
    hasMfa: { type: 'boolean', label: 'Second factor', from: [], value: hasFactor },
    emailMasked: { type: 'masked', label: 'Email' },
    managerUserId: {
      type: 'reference',
      label: 'Lead',
      reference: 'Staff',
      from: [],
      value: (row) => profileOf(row).managerUserId,
      in: ['show'],
    },
    disabledReason: { type: 'text', label: 'Why disabled', from: [], value: (row) => profileOf(row).disabledReason, in: ['show'] },
    lockedUntil: { type: 'datetime', label: 'Locked until', in: ['show'] },
    lastLoginAt: { type: 'datetime', label: 'Last sign-in' },
    createdAt: { type: 'datetime', label: 'Since' },
    memberId: { type: 'text', label: 'Member id', in: ['show'] },
    id: { type: 'id', label: 'Id', in: ['show'] },
  },
  filters: {
    role: { type: 'enum', label: 'Role', operators: ['equals'], values: roleValues(), where: whereRole },
    status: { type: 'enum', label: 'Status', operators: ['equals', 'in'] },
    displayName: { type: 'text', label: 'Name', operators: ['starts', 'equals'], isPersonal: true },
    email: contactFilter('Email (whole)'),
    lastLoginAt: { type: 'datetime', label: 'Last sign-in', operators: ['between', 'isEmpty'] },
    createdAt: { type: 'datetime', label: 'Since', operators: ['between'] },
    id: { type: 'uuid', label: 'Id', operators: ['equals', 'in'] },
  },
  sorts: { createdAt: { index: 'user_created_at_id_idx' } },
  defaultSort: { field: 'createdAt', direction: 'desc' },
  search: searchStaff,
  globalSearch: { detail: (row) => [roleNames(row), profileOf(row).disabledAt ? 'disabled' : null].filter(Boolean).join(', ') || null },
  scope: reachOf,
  permissions: { list: 'staff.list', show: 'staff.show', search: 'staff.list' },
  recordTitle: { from: ['displayName', 'memberId'], of: nameOf },
  referenceTitle: (row) => [nameOf(row), roleNames(row)].filter(Boolean).join(', '),
  subject: subjectOf,
  hidden: ['version', 'statusChangedAt'],
  actions: staffActions,
  components: { show: join(import.meta.dirname, 'staff-page.component.tsx') },
  extra: staffExtra,
  isPersonalData: true,
});

function nameOf(row: Row): string {
  return String(row.displayName || row.memberId || '');
}

function reachOf({ staff }: ResourceActor, grant: { own: boolean; team: boolean }): Where {
  const narrowed = grant.own || grant.team;
  return { kind: { equals: 'staff' }, ...(narrowed ? { staffProfile: { managerUserId: staff.id } } : {}) };
}

function subjectOf(row: Row, { staff, deps }: ResourceActor): AccessSubject {
  const isLed = profileOf(row).managerUserId === staff.id;
  return { userId: String(row.id), kind: 'staff', rank: rankOf(activeGrants(row), deps.clock.now()), isOwn: isLed, isTeam: isLed };
}

function hasFactor(row: Row): boolean {
  const { totp, passkeys } = row;
  const hasTotp = typeof totp === 'object' && totp !== null && 'confirmedAt' in totp && totp.confirmedAt !== null;
  return hasTotp || (Array.isArray(passkeys) && passkeys.length > 0);
}

function roleValues(): readonly string[] {
  return ['assistant', 'support', 'reviewer', 'enhancer', 'moderator', 'finance', 'auditor', 'admin', 'super_admin'];
}

function whereRole(text: string): Where {
  return { roleGrants: { some: { role: text, revokedAt: null } } };
}
