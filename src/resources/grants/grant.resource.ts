import { commandAction, defineResource, type ResourceActor, type Row, type Where } from '../../admin/index.ts';
import type { AccessSubject } from '../../foundation/access/decide.ts';
import { rankOf } from '../../foundation/access/grades.ts';
import { type RoleGrant, roles } from '../../foundation/access/roles.ts';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { AppError } from '../../foundation/errors/app-error.ts';
import { staffCommands } from '../../modules/identity/index.ts';

const { revokeRole, revokeAdminRole } = staffCommands;

/** Who holds which role, since when, until when and why; ended ones stay as a record. */
export const grantResource = defineResource({
  id: 'StaffGrant',
  noun: 'staff_grant',
  title: 'Grants',
  singular: 'grant',
  icon: 'key',
  navigationGroup: 'People',
  model: 'StaffRoleGrant',
  related: {
    user: {
      select: {
        displayName: true,
        staffProfile: { select: { managerUserId: true } },
        roleGrants: { where: { revokedAt: null }, select: { role: true, isLead: true, expiresAt: true } },
      },
    },
  },
  columns: {
    userId: { type: 'reference', label: 'Staff member', reference: 'Staff', isKey: true },
    role: { type: 'text', label: 'Role', from: ['role', 'isLead'], value: roleOf, isKey: true },
    reason: { type: 'text', label: 'Reason' },
    // Who is answerable for what the operator gave is the person themself (createStaff): nobody to be shown.
    grantedBy: { type: 'reference', label: 'Granted by', reference: 'Staff', value: giverOf },
    createdAt: { type: 'datetime', label: 'Since' },
    expiresAt: { type: 'datetime', label: 'Ends' },
    revokedAt: { type: 'datetime', label: 'Revoked', isKey: true },
    revokedBy: { type: 'reference', label: 'Revoked by', reference: 'Staff', in: ['show'] },
    revokeReason: { type: 'text', label: 'Why revoked', in: ['show'] },
    confirmedAt: { type: 'datetime', label: 'Confirmed in review', in: ['show'] },
    isBreakGlass: { type: 'boolean', label: 'Emergency access', in: ['show'] },
    id: { type: 'id', label: 'Id', in: ['show'] },
  },
  filters: {
    active: { type: 'boolean', label: 'In force', operators: ['equals'], where: whereActive },
    role: { type: 'enum', label: 'Role', operators: ['equals', 'in'] },
    isLead: { type: 'boolean', label: 'Lead', operators: ['equals'] },
    userId: { type: 'uuid', label: 'Staff member', operators: ['equals', 'in'] },
    grantedBy: { type: 'uuid', label: 'Granted by', operators: ['equals', 'in'] },
    expiresAt: { type: 'datetime', label: 'Ends', operators: ['between', 'isEmpty'] },
    createdAt: { type: 'datetime', label: 'Since', operators: ['between'] },
    id: { type: 'uuid', label: 'Id', operators: ['equals', 'in'] },
  },
  // Ids are in the order of creation.
  sorts: { id: { index: 'staff_role_grant_pkey' } },
  defaultSort: { field: 'id', direction: 'desc' },
  scope: reachOf,
  permissions: { list: 'staff_grant.list', show: 'staff_grant.list', search: 'staff_grant.list' },
  recordTitle: { from: ['role', 'isLead'], of: titleOf },
  subject: subjectOf,
  hidden: ['version'],
  actions: [
    commandAction(revokeRole, {
      label: 'Revoke role',
      effect: 'Takes effect at their next click',
      placement: ['record', 'bulk'],
      group: 'careful',
      reasonCodes: ['policy', 'security', 'error_correction', 'other'],
      isVisible: (row) => !isAdminGrant(row),
      message: (_output, row) => `Revoked. ${titleOf(row ?? {})} ends with the next click; the person is told by email.`,
      refusal: inForceOnly,
    }),
    commandAction(revokeAdminRole, {
      label: 'Revoke admin role',
      effect: 'Takes effect at their next click',
      placement: ['record'],
      group: 'careful',
      reasonCodes: ['policy', 'security', 'error_correction', 'other'],
      isVisible: (row) => row.role === 'admin',
      message: (_output, row) => `Revoked. ${titleOf(row ?? {})} ends with the next click; the person is told by email.`,
      refusal: inForceOnly,
    }),
  ],
  components: {},
  historyTable: 'identity.staff_role_grant',
  isPersonalData: true,
});

/** Leads see the grants of those they lead; nobody acts on their own. */
function reachOf({ staff }: ResourceActor, grant: { own: boolean; team: boolean }): Where {
  return grant.own || grant.team ? { user: { staffProfile: { managerUserId: staff.id } } } : {};
}

function roleOf(row: Row): string {
  const role = String(row.role ?? '').replaceAll('_', ' ');
  return row.isLead === true ? `${role} lead` : role;
}

function titleOf(row: Row): string {
  const { user } = row;
  const name =
    typeof user === 'object' && user !== null && 'displayName' in user && typeof user.displayName === 'string'
      ? user.displayName
      : 'staff member';
  return `${roleOf(row)}: ${name}`;
}

function giverOf(row: Row): unknown {
  return row.grantedBy === row.userId ? null : row.grantedBy;
}

function whereActive(text: string, _operator: string, deps: CommandDeps): Where {
  if (text !== 'true' && text !== 'false') throw new AppError('invalid_filter', { extra: { filter: 'active' } });
  const inForce = { revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: deps.clock.now() } }] };
  return text === 'true' ? inForce : { NOT: inForce };
}

function isAdminGrant(row: Row): boolean {
  return row.role === 'admin' || row.role === 'super_admin';
}

function inForceOnly(row: Row): string | null {
  return row.revokedAt ? 'Grants in force only: this one was revoked.' : null;
}

function subjectOf(row: Row, { staff, deps }: ResourceActor): AccessSubject {
  const { user } = row;
  const held: unknown = typeof user === 'object' && user !== null ? Reflect.get(user, 'roleGrants') : [];
  const profile: unknown = typeof user === 'object' && user !== null ? Reflect.get(user, 'staffProfile') : null;
  const manager: unknown = typeof profile === 'object' && profile !== null ? Reflect.get(profile, 'managerUserId') : null;
  const grants = Array.isArray(held) ? held.flatMap(grantOf) : [];
  return {
    userId: String(row.userId),
    kind: 'staff',
    rank: rankOf(grants, deps.clock.now()),
    isOwn: manager === staff.id,
    isTeam: manager === staff.id,
  };
}

function grantOf(value: unknown): RoleGrant[] {
  if (typeof value !== 'object' || value === null) return [];
  const role = roles.find((name) => name === Reflect.get(value, 'role'));
  const expiresAt: unknown = Reflect.get(value, 'expiresAt');
  return role ? [{ role, isLead: Reflect.get(value, 'isLead') === true, expiresAt: expiresAt instanceof Date ? expiresAt : null }] : [];
}
