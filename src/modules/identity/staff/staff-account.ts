import type { RoleGrant } from '../../../foundation/access/roles.ts';
import type { Tx } from '../../../foundation/runtime/database.ts';
import { type AccountRow, lockAccount } from '../account.ts';
import type { QueryDeps } from '../query-deps.ts';

/** Grants that count now: neither revoked nor expired. */
export async function activeGrants(reader: Pick<Tx, 'staffRoleGrant'>, userId: string, now: Date): Promise<RoleGrant[]> {
  const rows = await reader.staffRoleGrant.findMany({
    where: { userId, revokedAt: null, OR: [{ expiresAt: null }, { expiresAt: { gt: now } }] },
    select: { role: true, isLead: true, expiresAt: true },
    orderBy: { createdAt: 'asc' },
  });
  return rows.map(({ role, isLead, expiresAt }) => ({ role, isLead, expiresAt }));
}

/** The same for a screen or a session check. */
export function activeGrantsOf(deps: QueryDeps, userId: string): Promise<RoleGrant[]> {
  return activeGrants(deps.database.prisma, userId, deps.clock.now());
}

/** Whether the back office is open to this account from this address. Same answer for every reason. */
export async function mayEnter(reader: Pick<Tx, '$queryRaw'>, account: AccountRow | null, ip: string | null): Promise<boolean> {
  if (account?.kind !== 'staff' || account.status !== 'active') return false;
  const [row] = await reader.$queryRaw<{ isOpen: boolean }[]>`
    SELECT (p.disabled_at IS NULL AND (cardinality(p.ip_allow) = 0 OR COALESCE(${ip}::inet <<= ANY (p.ip_allow), false))) AS "isOpen"
      FROM identity.staff_profile p WHERE p.user_id = ${account.id}::uuid`;
  return row?.isOpen === true;
}

/** The staff account, locked; null for customers and strangers. */
export async function lockStaff(reader: Pick<Tx, '$queryRaw'>, userId: string): Promise<AccountRow | null> {
  const account = await lockAccount(reader, { userId });
  return account?.kind === 'staff' && account.status === 'active' ? account : null;
}
