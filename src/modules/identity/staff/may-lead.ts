import type { CommandScope } from '../../../foundation/command/command.ts';
import { activeGrants } from './staff-account.ts';

/** Whether somebody can lead staff: an active colleague who is a lead, or an admin. */
export async function mayLead({ tx, now }: Pick<CommandScope, 'tx' | 'now'>, userId: string): Promise<boolean> {
  const isActive = (await tx.user.count({ where: { id: userId, kind: 'staff', status: 'active' } })) > 0;
  const grants = isActive ? await activeGrants(tx, userId, now) : [];
  return grants.some(({ role, isLead }) => isLead || role === 'admin' || role === 'super_admin');
}
