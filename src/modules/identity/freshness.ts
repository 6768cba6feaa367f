import type { CommandScope } from '../../foundation/command/command.ts';
import { fail } from '../../foundation/errors/app-error.ts';
import type { CustomerActor } from '../../foundation/runtime/actor.ts';
import { type AccountRow, factorsOf, lockAccount } from './account.ts';
import { reauthMethodsOf } from './reauth/methods.ts';

/** The signed-in customer of an `owner` command. @throws AppError `token_missing` */
export function customerOf(scope: Pick<CommandScope, 'actor'>): CustomerActor {
  const { actor } = scope;
  return actor.kind === 'client' || actor.kind === 'vendor' ? actor : fail('token_missing');
}

/** The own account, locked. @throws AppError `session_revoked` for one that is no longer active */
export async function lockOwnAccount(scope: CommandScope): Promise<AccountRow> {
  const account = await lockAccount(scope.tx, { userId: customerOf(scope).id });
  return account?.status === 'active' ? account : fail('session_revoked');
}

/** Inside a command, or in its slow half, where nothing is locked yet. */
export type Asking = Pick<CommandScope, 'actor' | 'now' | 'deps'>;

/**
 * The dagger of auth-api.md 2.6: not frozen by a report, proved within `seconds`, and at aal2 where a second factor is enrolled.
 * @throws AppError 403 `account_frozen`; 403 `reauth_required` with the methods that would satisfy
 */
export function requireFresh(scope: Asking, account: AccountRow, seconds: number): void {
  if (account.frozenUntil !== null && account.frozenUntil > scope.now) fail('account_frozen');
  requireRecent(scope, account, seconds);
  if (factorsOf(account).length > 0 && customerOf(scope).acr !== 'aal2') refuse(scope, account);
}

/** The double dagger: proved within `seconds`, whatever the way. @throws AppError 403 `reauth_required` as above */
export function requireRecent(scope: Asking, account: AccountRow, seconds: number): void {
  if (scope.now.getTime() - customerOf(scope).authTime.getTime() > seconds * 1000) refuse(scope, account);
}

function refuse({ deps }: Asking, account: AccountRow): never {
  return fail('reauth_required', { extra: { methods: reauthMethodsOf(deps.config, account) } });
}
