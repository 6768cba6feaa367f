import type { CommandDeps, CommandScope } from '../../../foundation/command/command.ts';
import { validationError } from '../../../foundation/errors/app-error.ts';
import { newId } from '../../../foundation/runtime/new-id.ts';
import { type AccountRow, requireContact } from '../account.ts';
import { endMfaTrust } from '../known-device.ts';
import { parseNewPassword } from '../password-policy.ts';
import { supersedeResets } from './reset-token.ts';

/**
 * Judges a new password of an existing person by the rules of auth-api.md 1.7; `path` is the field it came in.
 * @throws AppError 422 `password_too_short`, `password_too_long`, `password_too_similar`, `password_breached`
 */
export async function requireGoodPassword(
  deps: CommandDeps,
  account: AccountRow,
  given: { path: 'password' | 'newPassword'; value: string },
): Promise<void> {
  const store = await deps.database.prisma.vendor.findUnique({ where: { userId: account.id }, select: { storeName: true } });
  const rules = { min: deps.config.passwordMin, max: deps.config.passwordMax };
  const names = [account.firstName, account.lastName, store?.storeName];
  const parsed = parseNewPassword(given.value, rules, { identifiers: [requireContact(deps.keyring, account)], names });
  if (!parsed.ok) throw validationError([{ path: given.path, code: parsed.code }]);
}

/**
 * Stores it, with what every change of a password brings: no device is trusted without a second factor any more, a sign-in that
 * waits for one is over, and no reset that was asked for before works. The account is locked.
 */
export async function storePassword(scope: CommandScope, userId: string, passwordHash: string): Promise<void> {
  const { now, tx } = scope;
  await tx.$executeRaw`
    INSERT INTO identity.credential AS c (id, created_at, updated_at, user_id, password_hash, changed_at)
    VALUES (${newId()}::uuid, ${now}::timestamptz, ${now}::timestamptz, ${userId}::uuid, ${passwordHash}, ${now}::timestamptz)
    ON CONFLICT (user_id) DO UPDATE
       SET password_hash = EXCLUDED.password_hash, changed_at = EXCLUDED.changed_at, updated_at = EXCLUDED.updated_at,
           must_change = false, version = c.version + 1`;
  await endMfaTrust(scope, userId);
  await endChallenges(scope, userId);
  await supersedeResets(scope, { userId });
  scope.touched(userId);
}

/** Sign-ins that stand before their second factor: what they proved counts no longer. */
export async function endChallenges(scope: CommandScope, userId: string): Promise<void> {
  await scope.tx.mfaChallenge.updateMany({ where: { userId, surface: 'api', consumedAt: null }, data: { consumedAt: scope.now } });
}
