import type { CommandScope } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { endAdminSessions } from '../../../foundation/runtime/end-admin-sessions.ts';
import { factorsOf } from '../account.ts';
import { endMfaTrust } from '../known-device.ts';
import { endSessions } from '../sessions/end-sessions.ts';
import { requireTwoPeople } from '../staff/two-people.ts';
import type { ApprovalSubject } from './subject.ts';

/** Nobody who talked support into a reset is paid out before the owner has read the notice (product.md 6.1). */
export const payoutHoldSeconds = 24 * 3600;

/**
 * Removes every second factor of somebody who lost theirs: authenticator, recovery codes and passkeys. Ends all sessions and the
 * trust of devices, holds payouts for 24 hours and tells the person. Nothing is written before it is clear that both people may.
 * @throws AppError 403 `four_eyes`, `forbidden`, 409 `no_factor`, `transition_not_allowed` for a closed or erased account
 */
export async function resetMfa(
  scope: CommandScope,
  { account, facts }: ApprovalSubject,
  people: { requestedBy: string; approvedBy: string },
): Promise<void> {
  const userId = account.id;
  const permission = account.kind === 'staff' ? 'staff.reset_mfa' : 'user.reset_mfa';
  await requireTwoPeople(scope, { permission, userId, subject: facts, ...people });
  if (account.status !== 'active' && account.status !== 'suspended') fail('transition_not_allowed');
  if (factorsOf(account).length === 0) fail('no_factor');
  await removeFactors(scope, userId);
  await endSessions(scope, { userId, reason: 'credentials_changed' });
  if (account.kind === 'staff') await endAdminSessions(scope.tx, { userId, now: scope.now });
  await holdPayouts(scope, userId, payoutHoldSeconds);
  scope.touched(userId);
  scope.emit({ name: 'identity.mfa.reset', aggregateId: userId, payload: { userId, factor: 'all' } });
}

async function removeFactors(scope: CommandScope, userId: string): Promise<void> {
  const ofPerson = { where: { userId } };
  await scope.tx.totp.deleteMany(ofPerson);
  await scope.tx.recoveryCode.deleteMany(ofPerson);
  await scope.tx.passkey.deleteMany(ofPerson);
  // Sign-ins that wait for a factor which is gone.
  await scope.tx.mfaChallenge.deleteMany(ofPerson);
  await endMfaTrust(scope, userId);
}

/** Payouts wait at least so long; a hold that ends later stays. */
export async function holdPayouts(scope: CommandScope, userId: string, seconds: number): Promise<void> {
  const until = addSeconds(scope.now, seconds);
  await scope.tx.user.updateMany({
    where: { id: userId, OR: [{ payoutHoldUntil: null }, { payoutHoldUntil: { lt: until } }] },
    data: { payoutHoldUntil: until, version: { increment: 1 } },
  });
}
