import type { CommandScope } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import type { AccountRow } from '../account.ts';
import { lockOwnAccount } from '../freshness.ts';

/**
 * The own account, locked, of a route that belongs to one role and changes what was read before. The role is asked first: whoever has
 * no such profile need not send its version.
 * @throws AppError 403 `role_required`, 428 `if_match_required`, 401 `session_revoked`
 */
export async function lockOwnRole(scope: CommandScope, role: 'client' | 'vendor'): Promise<AccountRow> {
  const account = await lockOwnAccount(scope);
  if (account.kind !== role) fail('role_required');
  if (scope.expectedVersion === null) fail('if_match_required');
  return account;
}
