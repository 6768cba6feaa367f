import type { AccessSubject } from '../../../foundation/access/decide.ts';
import { gradeOf, type RoleGrant, rankOfGrade } from '../../../foundation/access/roles.ts';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { type AccountRow, lockAccount } from '../account.ts';
import { activeGrants } from './staff-account.ts';

export type StaffMember = { account: AccountRow; grants: readonly RoleGrant[]; rank: number };

/** A member of staff, locked, with the grants of now. @throws AppError 404 `not_found` for customers too */
export async function loadStaffMember(scope: CommandScope, userId: string): Promise<StaffMember> {
  const account = await lockAccount(scope.tx, { userId });
  if (account?.kind !== 'staff') return fail('not_found');
  const grants = await activeGrants(scope.tx, userId, scope.now);
  return { account, grants, rank: highestRank(grants) };
}

/** Rank of the highest grant; 0 without any. */
export function highestRank(grants: readonly Pick<RoleGrant, 'role' | 'isLead'>[]): number {
  return Math.max(0, ...grants.map((grant) => rankOfGrade[gradeOf(grant)]));
}

/** How a member of staff is named to colleagues; the member id where the account has no name. */
export function staffName({ displayName, memberId }: Pick<AccountRow, 'displayName' | 'memberId'>): string {
  return displayName ?? memberId;
}

export function staffSubject({ account, rank }: StaffMember): AccessSubject {
  return { userId: account.id, kind: 'staff', rank };
}
