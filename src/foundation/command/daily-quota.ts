import type { QuotaKind } from '../access/matrix-row.ts';
import { quotaOf } from '../access/quotas.ts';
import { fail } from '../errors/app-error.ts';
import type { Actor } from '../runtime/actor.ts';
import { currentSettings, lastSettings } from '../settings/live-settings.ts';
import type { CommandDeps, CommandScope } from './command.ts';
import { nearlyUsed } from './quota-events.ts';

/** Days are UTC days; the counter starts anew at midnight. */
const dayOf = (at: Date) => at.toISOString().slice(0, 10);

/**
 * Uses one of the staff member's reveals (or people) of the day, in the command's transaction: a refused command uses none.
 * One conditional UPSERT, so parallel reveals cannot pass the limit together. Returns what is left.
 * @throws AppError 403 `quota_exceeded`
 */
export async function useDailyQuota(scope: CommandScope, kind: QuotaKind): Promise<number> {
  const { actor, now } = scope;
  // The runner has just read the settings; inside the transaction nothing may wait for the pool.
  const limit = quotaOf(actor, kind, now, lastSettings(scope.deps)?.quotas);
  if (actor.kind !== 'staff' || limit === 0) return fail('quota_exceeded', { extra: { rule: `quota_${kind}` } });
  const [row] = await scope.tx.$queryRaw<{ used: number; bonus: number }[]>`
    INSERT INTO platform.reveal_quota AS quota (staff_user_id, day, kind, used)
    VALUES (${actor.id}::uuid, ${dayOf(now)}::date, ${kind}, 1)
    ON CONFLICT (staff_user_id, day, kind) DO UPDATE SET used = quota.used + 1 WHERE quota.used < ${limit}::int + quota.bonus
    RETURNING used, bonus`;
  if (!row) return fail('quota_exceeded', { extra: { rule: `quota_${kind}` } });
  const event = nearlyUsed({ staffUserId: actor.id, kind, used: row.used, limit: limit + row.bonus });
  if (event) scope.emit(event);
  return limit + row.bonus - row.used;
}

/** What is left today, for showing beside the button; 0 for everyone who is not staff. */
export async function dailyQuotaLeft(deps: Pick<CommandDeps, 'database' | 'clock'>, actor: Actor, kind: QuotaKind): Promise<number> {
  const now = deps.clock.now();
  if (actor.kind !== 'staff') return 0;
  const row = await deps.database.prisma.revealQuota.findUnique({
    where: { staffUserId_day_kind: { staffUserId: actor.id, day: new Date(`${dayOf(now)}T00:00:00Z`), kind } },
  });
  const { quotas } = await currentSettings(deps);
  return Math.max(0, quotaOf(actor, kind, now, quotas) + (row?.bonus ?? 0) - (row?.used ?? 0));
}

/** What one person may be given more on one day (product.md section 5.4). */
export const quotaBonus = 20;

/**
 * Gives a member of staff 20 more for the day, once for each kind and day: of two who give at the same time the conditional UPSERT lets
 * one through. Returns false when it was given already.
 */
export async function addDailyQuota(
  scope: CommandScope,
  { staffUserId, kind }: { staffUserId: string; kind: QuotaKind },
): Promise<boolean> {
  const by = scope.actor.kind === 'staff' ? scope.actor.id : null;
  const given = await scope.tx.$executeRaw`
    INSERT INTO platform.reveal_quota AS quota (staff_user_id, day, kind, used, bonus, granted_by)
    VALUES (${staffUserId}::uuid, ${dayOf(scope.now)}::date, ${kind}, 0, ${quotaBonus}::int, ${by}::uuid)
    ON CONFLICT (staff_user_id, day, kind) DO UPDATE SET bonus = ${quotaBonus}::int, granted_by = ${by}::uuid WHERE quota.bonus = 0`;
  return given === 1;
}
