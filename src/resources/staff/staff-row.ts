import type { Row } from '../../admin/index.ts';
import { type RoleGrant, roles } from '../../foundation/access/roles.ts';

export type StaffProfileRow = {
  jobTitle: string | null;
  managerUserId: string | null;
  disabledAt: Date | null;
  disabledReason: string | null;
};

const none: StaffProfileRow = { jobTitle: null, managerUserId: null, disabledAt: null, disabledReason: null };

/** The profile that the resource selects beside each staff account. */
export function profileOf(row: Row): StaffProfileRow {
  const { staffProfile } = row;
  if (typeof staffProfile !== 'object' || staffProfile === null) return none;
  const disabledAt: unknown = Reflect.get(staffProfile, 'disabledAt');
  return {
    jobTitle: textIn(staffProfile, 'jobTitle'),
    managerUserId: textIn(staffProfile, 'managerUserId'),
    disabledAt: disabledAt instanceof Date ? disabledAt : null,
    disabledReason: textIn(staffProfile, 'disabledReason'),
  };
}

export type GrantRow = RoleGrant & { id: string };

/** Grants that are not revoked; whether one has expired is for rankOf and gradesOf to say. */
export function activeGrants(row: Row): readonly GrantRow[] {
  return Array.isArray(row.roleGrants) ? row.roleGrants.flatMap(grantOf) : [];
}

/** "support lead, reviewer" */
export function roleNames(row: Row): string {
  return activeGrants(row)
    .map((grant) => `${grant.role.replaceAll('_', ' ')}${grant.isLead ? ' lead' : ''}`)
    .join(', ');
}

function grantOf(value: unknown): GrantRow[] {
  if (typeof value !== 'object' || value === null) return [];
  const role = roles.find((name) => name === Reflect.get(value, 'role'));
  const expiresAt: unknown = Reflect.get(value, 'expiresAt');
  if (!role) return [];
  return [
    {
      id: String(Reflect.get(value, 'id')),
      role,
      isLead: Reflect.get(value, 'isLead') === true,
      expiresAt: expiresAt instanceof Date ? expiresAt : null,
    },
  ];
}

function textIn(object: object, name: string): string | null {
  const value: unknown = Reflect.get(object, name);
  return typeof value === 'string' && value !== '' ? value : null;
}
