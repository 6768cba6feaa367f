import { z } from 'zod';
import { defineCommand } from '../../../foundation/command/command.ts';

const input = z.object({});

export type ForgottenMonths = { dropped: readonly string[]; onHold: readonly string[] };

/**
 * Drops the months of login events that ended more than LOGIN_EVENT_MONTHS ago. A month on hold, or with an event of somebody on
 * hold, stays. Rows are never deleted singly: the table is append-only for everybody. Repeating it finds no more months.
 */
export const forgetLoginEvents = defineCommand<z.infer<typeof input>, ForgottenMonths>({
  name: 'forget-login-events',
  resource: 'login_event',
  access: 'system',
  input,
  isIdempotent: false,
  async run({ tx, now, deps, note }) {
    const keepFrom = monthsBefore(now, deps.config.loginEventMonths);
    const rows = await tx.$queryRaw<{ part: string; isDropped: boolean }[]>`
      SELECT part, is_dropped AS "isDropped" FROM platform.drop_months('identity.login_event', ${keepFrom}::date)`;
    const named = (isDropped: boolean) => rows.filter((row) => row.isDropped === isDropped).map((row) => row.part);
    const [dropped, onHold] = [named(true), named(false)];
    note([...dropped.map((part) => `${part} dropped`), ...onHold.map((part) => `${part} on hold`)].join(', '));
    return { dropped, onHold };
  },
});

/** ISO day, so many calendar months earlier; a day that the month does not have becomes its last. */
function monthsBefore(now: Date, months: number): string {
  const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - months, 1));
  const lastDay = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(now.getUTCDate(), lastDay));
  return first.toISOString().slice(0, 10);
}
