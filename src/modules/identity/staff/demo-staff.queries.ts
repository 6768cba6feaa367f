import type { CommandDeps } from '../../../foundation/command/command.ts';

/** The reason that every grant of the demo's staff carries (prisma/seed). */
export const demoGrantReason = 'demo data';

/** Whether demo staff, whose password lies in a file, may still sign in to this database. False before the first migration. */
export async function hasDemoStaff(deps: Pick<CommandDeps, 'database'>): Promise<boolean> {
  const { rows: tables } = await deps.database.pool.query<{ found: boolean }>(
    `SELECT to_regclass('identity.staff_role_grant') IS NOT NULL AS found`,
  );
  if (!tables[0]?.found) return false;
  return (await deps.database.prisma.staffRoleGrant.findFirst({ where: { reason: demoGrantReason, revokedAt: null } })) !== null;
}
