import { z } from 'zod';
import { type CommandDeps, type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { type AccountRow, findAccount, lockAccount, requireContact } from '../account.ts';
import { contactOf } from '../contact.ts';
import { limitAddress } from '../limit-address.ts';
import { clearAllTries } from '../login-guard.ts';
import { endSessions } from '../sessions/end-sessions.ts';
import { isContactOf } from './is-contact-of.ts';
import { requireGoodPassword, storePassword } from './new-password.ts';
import { mayReset } from './request-password-reset.ts';
import { findReset, type OpenReset, redeemReset } from './reset-token.ts';

const input = z.object({ resetToken: z.string(), password: z.string() });
type Input = z.infer<typeof input>;
type Prepared = { reset: OpenReset; passwordHash: string };

/**
 * Sets a new password by the token of a mail link or of a right code; n parallel calls succeed once. Proves the channel and
 * nothing more: every session ends, no session is made, and the next sign-in asks for the second factor (auth-api.md P12).
 * @throws AppError 410 `token_expired`, 422 `password_*` (the token stays usable), 503 `overloaded`
 */
export const resetPassword = defineCommand<Input, Record<string, never>, Prepared>({
  name: 'reset-password',
  resource: 'auth',
  access: 'public',
  input,
  isIdempotent: false,
  prepare,
  async run(scope, body, _loaded, { reset, passwordHash }) {
    const account = await lockAccount(scope.tx, { userId: reset.userId });
    if (!isOpenFor(scope.deps, account, reset)) return over;
    if (!(await redeemReset(scope, reset.id, body.resetToken))) return over;
    scope.touched(reset.id);
    await storePassword(scope, account.id, passwordHash);
    await endSessions(scope, { userId: account.id, reason: 'credentials_changed' });
    await liftLocks(scope, account);
    scope.emit({ name: 'identity.password.reset', aggregateId: account.id, payload: { userId: account.id } });
    return {};
  },
});

const over = { refused: 'token_expired', details: { status: 410 } } as const;

async function prepare(deps: CommandDeps, body: Input): Promise<Prepared> {
  const reset = await findReset(deps, body.resetToken);
  const account = reset && (await findAccount(deps.database.prisma, { userId: reset.userId }));
  if (!reset || !isOpenFor(deps, account, reset)) return fail(over.refused, over.details);
  await requireGoodPassword(deps, account, { path: 'password', value: body.password });
  return { reset, passwordHash: await deps.hasher.hash(body.password) };
}

function isOpenFor(deps: CommandDeps, account: AccountRow | null, reset: OpenReset): account is AccountRow {
  return account !== null && mayReset(account) && isContactOf(deps, account, reset.targetBidx);
}

/** What a proved channel gives back: the password way of the account and of every bucket, and the mark of being verified. */
async function liftLocks(scope: CommandScope, account: AccountRow): Promise<void> {
  const { now, tx, deps, context } = scope;
  await tx.$executeRaw`
    UPDATE identity."user"
       SET password_disabled = false, failed_logins = 0, failed_consecutive = 0, locked_until = NULL, lock_level = 0,
           identifier_verified_at = COALESCE(identifier_verified_at, ${now}::timestamptz), verified_how = COALESCE(verified_how, 'otp'),
           updated_at = ${now}::timestamptz
     WHERE id = ${account.id}::uuid`;
  const devices = await tx.knownDevice.findMany({ where: { userId: account.id }, select: { deviceHash: true }, take: 1000 });
  const identifierKey = contactOf(deps, requireContact(deps.keyring, account)).limitKey;
  await clearAllTries(scope, { identifierKey, ip: limitAddress(context.ip), deviceHashes: devices.map((row) => row.deviceHash) });
}
