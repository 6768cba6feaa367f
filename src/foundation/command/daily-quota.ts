import type { QuotaKind } from '../access/matrix-row.ts';
import { quotaOf } from '../access/quotas.ts';
import { fail } from '../errors/app-error.ts';
import type { Actor } from '../runtime/actor.ts';
import type { CommandDeps, CommandScope } from './command.ts';

/** Days are UTC days; the counter starts anew at midnight. */
const dayOf = (at: Date) => at.toISOString().slice(0, 10);

/**
 * Uses one of the staff member's reveals (or people) of the day, in the command's transaction: a refused command uses none.
 * One conditional UPSERT, so parallel reveals cannot pass the limit together. Returns what is left.
 * @throws AppError 403 `quota_exceeded`
 */
export async function useDailyQuota(scope: CommandScope, kind: QuotaKind): Promise<number> {
  const { actor, now } = scope;
  const limit = quotaOf(actor, kind, now);
  if (actor.kind !== 'staff' || limit === 0) return fail('quota_exceeded', { extra: { rule: `quota_${kind}` } });
  const [row] = await scope.tx.$queryRaw<{ used: number; bonus: number }[]>`
    INSERT INTO platform.reveal_quota AS quota (staff_user_id, day, kind, used)
    VALUES (${actor.id}::uuid, ${dayOf(now)}::date, ${kind}, 1)
    ON CONFLICT (staff_user_id, day, kind) DO UPDATE SET used = quota.used + 1 WHERE quota.used < ${limit}::int + quota.bonus
    RETURNING used, bonus`;
  if (!row) return fail('quota_exceeded', { extra: { rule: `quota_${kind}` } });
  return limit + row.bonus - row.used;
}

/** What is left today, for showing beside the button; 0 for everyone who is not staff. */
export async function dailyQuotaLeft(deps: Pick<CommandDeps, 'database' | 'clock'>, actor: Actor, kind: QuotaKind): Promise<number> {
  const now = deps.clock.now();
  if (actor.kind !== 'staff') return 0;
  const row = await deps.database.prisma.revealQuota.findUnique({
    where: { staffUserId_day_kind: { staffUserId: actor.id, day: new Date(`${dayOf(now)}T00:00:00Z`), kind } },
  });
  return Math.max(0, quotaOf(actor, kind, now) + (row?.bonus ?? 0) - (row?.used ?? 0));
}
