import type { CommandScope } from '../../foundation/command/command.ts';
import { type LoginReservation, settleFailure } from './login-guard.ts';

/** A row that no person has: the statement for unknown identifiers costs what it costs for known ones. */
const nobody = '00000000-0000-0000-0000-000000000000';

/**
 * What staff see of a failure: counts and the end of the strangers' wait. The buckets decide; these columns only tell.
 * Queues `identity.account.locked` when strangers must wait from now on.
 */
export async function noteFailure(
  scope: CommandScope,
  userId: string | null,
  reservation: LoginReservation & { isAllowed: true },
): Promise<void> {
  const { own, bucket } = reservation;
  const isLock = bucket === 'strangers' && own.lockedUntil !== null && own.lockedUntil > scope.now;
  await scope.tx.$executeRaw`
    UPDATE identity."user"
       SET failed_logins = failed_logins + 1, failed_consecutive = failed_consecutive + 1,
           locked_until = CASE WHEN ${isLock}::boolean THEN ${own.lockedUntil}::timestamptz ELSE locked_until END,
           lock_level = CASE WHEN ${isLock}::boolean THEN ${own.level}::int ELSE lock_level END
     WHERE id = ${userId ?? nobody}::uuid`;
  await settleFailure(scope, reservation);
  if (!isLock || !userId || !own.lockedUntil) return;
  scope.emit({
    name: 'identity.account.locked',
    aggregateId: userId,
    payload: { userId, until: own.lockedUntil.toISOString(), level: own.level },
  });
}
