import type { RoleGrant } from '../../../foundation/access/roles.ts';
import type { CommandDeps } from '../../../foundation/command/command.ts';

export type StaffTheme = 'light' | 'dark' | 'system';
export type StaffDensity = 'comfortable' | 'compact';

export type LoadedStaff = {
  displayName: string;
  grants: readonly RoleGrant[];
  locale: string;
  timeZone: string;
  theme: StaffTheme;
  density: StaffDensity;
  /** Whether single keys such as "/" do something. */
  singleKeys: boolean;
  /** Any factor besides the password. */
  hasMfa: boolean;
  hasTotp: boolean;
  hasPasskey: boolean;
  /** Until when a role was given for an emergency; null for everybody else. */
  breakGlass: { role: RoleGrant['role']; until: Date } | null;
  isDisabled: boolean;
};

/** Asked at each page: one prepared statement instead of five queries. */
const loadStaffText = `
  SELECT u.display_name AS "displayName", u.member_id AS "memberId", u.language AS "locale", u.timezone AS "timeZone",
         p.theme, p.density, p.letter_shortcuts AS "singleKeys", u.status <> 'active' OR p.disabled_at IS NOT NULL AS "isDisabled",
         EXISTS (SELECT FROM identity.totp AS t WHERE t.user_id = u.id AND t.confirmed_at IS NOT NULL) AS "hasTotp",
         EXISTS (SELECT FROM identity.passkey AS k WHERE k.user_id = u.id) AS "hasPasskey",
         coalesce((SELECT json_agg(json_build_object('role', g.role, 'isLead', g.is_lead, 'expiresAt', g.expires_at,
                                                     'isBreakGlass', g.is_break_glass) ORDER BY g.created_at)
                     FROM identity.staff_role_grant AS g
                    WHERE g.user_id = u.id AND g.revoked_at IS NULL AND (g.expires_at IS NULL OR g.expires_at > $2)), '[]') AS grants
    FROM identity."user" AS u JOIN identity.staff_profile AS p ON p.user_id = u.id
   WHERE u.id = $1 AND u.kind = 'staff'`;

type LoadedRow = Omit<LoadedStaff, 'displayName' | 'theme' | 'density' | 'grants' | 'hasMfa' | 'breakGlass'> & {
  displayName: string | null;
  memberId: string;
  theme: string;
  density: string;
  grants: readonly { role: RoleGrant['role']; isLead: boolean; expiresAt: string | null; isBreakGlass: boolean }[];
};

/** Null when there is no such member of staff. */
export async function loadStaff(deps: CommandDeps, userId: string): Promise<LoadedStaff | null> {
  const { rows } = await deps.database.pool.query<LoadedRow>({
    name: 'identity-load-staff',
    text: loadStaffText,
    values: [userId, deps.clock.now()],
  });
  const [row] = rows;
  if (!row) return null;
  const { displayName, memberId, theme, density, grants, ...rest } = row;
  return {
    ...rest,
    displayName: displayName ?? memberId,
    hasMfa: rest.hasTotp || rest.hasPasskey,
    grants: grants.map(({ role, isLead, expiresAt }) => ({ role, isLead, expiresAt: dateOf(expiresAt) })),
    breakGlass: breakGlassOf(grants),
    theme: theme === 'light' || theme === 'dark' ? theme : 'system',
    density: density === 'compact' ? 'compact' : 'comfortable',
  };
}

type GrantJson = LoadedRow['grants'][number];

/** Of several the one that ends last. */
function breakGlassOf(grants: readonly GrantJson[]): LoadedStaff['breakGlass'] {
  const [latest] = grants
    .flatMap(({ role, isBreakGlass, expiresAt }) => {
      const until = dateOf(expiresAt);
      return isBreakGlass && until ? [{ role, until }] : [];
    })
    .toSorted((a, b) => b.until.getTime() - a.until.getTime());
  return latest ?? null;
}

function dateOf(text: string | null): Date | null {
  return text === null ? null : new Date(text);
}
