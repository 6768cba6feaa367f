import { z } from 'zod';
import { type CommandDeps, defineCommand } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import type { RequestContext } from '../../../foundation/runtime/request-context.ts';
import { type AccountRow, findAccount } from '../account.ts';
import { customerOf, lockOwnAccount, requireFresh } from '../freshness.ts';
import { requireGoodPassword, storePassword } from './new-password.ts';

const input = z.object({ password: z.string() });
type Input = z.infer<typeof input>;

/**
 * Gives an account that has none its first password. Sessions go on: nothing that signed them in was changed.
 * @throws AppError 403 `reauth_required`, `account_frozen`, 409 `password_exists`, 422 `password_*`, 503 `overloaded`
 */
export const setFirstPassword = defineCommand<Input, Record<string, never>, { passwordHash: string }, AccountRow>({
  name: 'set-first-password',
  resource: 'user',
  access: 'owner',
  input,
  isIdempotent: false,
  prepare,
  load: lockOwnAccount,
  async run(scope, _body, account, { passwordHash }) {
    requireFresh(scope, account, scope.deps.config.reauthFreshSeconds);
    // The account is locked: of two parallel calls the second finds the password of the first.
    if (account.passwordHash !== null) return { refused: 'password_exists' };
    await storePassword(scope, account.id, passwordHash);
    // A report had disabled the password way while there was no password; what opens it is this new one.
    if (account.passwordDisabled) await scope.tx.user.updateMany({ where: { id: account.id }, data: { passwordDisabled: false } });
    scope.emit({ name: 'identity.password.changed', aggregateId: account.id, payload: { userId: account.id } });
    return {};
  },
});

async function prepare(deps: CommandDeps, body: Input, context: RequestContext): Promise<{ passwordHash: string }> {
  const who = { deps, actor: context.actor, now: deps.clock.now() };
  const account = (await findAccount(deps.database.prisma, { userId: customerOf(who).id })) ?? fail('session_revoked');
  requireFresh(who, account, deps.config.reauthFreshSeconds);
  if (account.passwordHash !== null) return fail('password_exists');
  await requireGoodPassword(deps, account, { path: 'password', value: body.password });
  return { passwordHash: await deps.hasher.hash(body.password) };
}
