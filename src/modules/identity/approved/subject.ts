import type { AccessSubject } from '../../../foundation/access/decide.ts';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { type AccountRow, lockAccount } from '../account.ts';
import { activeGrants } from '../staff/staff-account.ts';
import { highestRank } from '../staff/staff-record.ts';

/** Somebody an approval is about: the locked account with what the matrix asks of it. */
export type ApprovalSubject = { account: AccountRow; facts: AccessSubject & Required<Pick<AccessSubject, 'userId' | 'kind' | 'rank'>> };

/** Customer or colleague, locked; null when nobody has that id. */
export async function lockSubject(scope: CommandScope, userId: string): Promise<ApprovalSubject | null> {
  const account = await lockAccount(scope.tx, { userId });
  if (!account) return null;
  const rank = account.kind === 'staff' ? highestRank(await activeGrants(scope.tx, userId, scope.now)) : 0;
  return { account, facts: { userId, kind: account.kind, rank } };
}
