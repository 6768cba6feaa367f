import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../../foundation/command/command.ts';
import { addSeconds } from '../../../foundation/runtime/clock.ts';
import { endRunOutGrants } from './end-run-out-grants.ts';

const input = z.strictObject({});

/** Days before the end at which the holder is reminded, first to last (back-office.md section 8). */
const reminders = [14, 3] as const;
const daySeconds = 86_400;

/**
 * Closes grants whose time is over and reminds of those that end in 14 and in 3 days, once each. A grant that was given for less time
 * than that is reminded of at its own last step only, one of a few days not at all. Repeating it finds nothing more to do.
 */
export const tendGrants = defineCommand<z.infer<typeof input>, { expired: number; reminded: number }>({
  name: 'tend-grants',
  resource: 'staff_grant',
  access: 'system',
  input,
  isIdempotent: false,
  async run(scope) {
    const expired = await endRunOutGrants(scope);
    let reminded = 0;
    for (const days of reminders) reminded += await remind(scope, days);
    if (expired.length + reminded > 0) scope.note(`expired ${expired.length}, reminded ${reminded}`);
    return { expired: expired.length, reminded };
  },
});

type Reminded = { id: string; userId: string; role: string };

/** One conditional UPDATE marks and finds them: two workers remind nobody twice. Somebody who sees the 3 days first gets one message. */
async function remind(scope: CommandScope, days: number): Promise<number> {
  const { tx, now } = scope;
  const later = reminders.filter((each) => each < days);
  const until = addSeconds(now, days * daySeconds);
  const from = addSeconds(now, Math.max(0, ...later) * daySeconds);
  const found = await tx.$queryRaw<Reminded[]>`
    UPDATE identity.staff_role_grant SET reminded_days = ${days}::int, updated_at = ${now}::timestamptz
     WHERE revoked_at IS NULL AND expires_at > ${from}::timestamptz AND expires_at <= ${until}::timestamptz
       AND created_at <= expires_at - make_interval(days => ${days}::int) AND (reminded_days IS NULL OR reminded_days > ${days}::int)
    RETURNING id, user_id AS "userId", role::text AS role`;
  for (const { id, userId, role } of found) {
    scope.touched(userId, id);
    scope.emit({ name: 'identity.grant.expiring', aggregateId: userId, payload: { userId, role, grantId: id, daysLeft: days } });
  }
  return found.length;
}
