import { quotaOf } from '../access/quotas.ts';
import { AppError } from '../errors/app-error.ts';
import { appendEvents } from '../outbox/append.ts';
import { nudgeOutbox } from '../outbox/nudge.ts';
import { actorTypeOf, type StaffActor } from '../runtime/actor.ts';
import type { Tx } from '../runtime/database.ts';
import { currentSettings } from '../settings/live-settings.ts';
import type { CommandDeps } from './command.ts';
import { exceeded, nearlyUsed, type QuotaUse } from './quota-events.ts';

const kind = 'people';

/**
 * Counts a person whom a member of staff opens (product.md 5.4: distinct people a day, UTC). The same person is counted once a day, from
 * however many tabs. The person and the count are written in one transaction, and the count by a conditional UPSERT, so that parallel
 * openings cannot pass the limit together and a refused one leaves nothing behind.
 * @throws AppError 403 `quota_exceeded`; whoever leads the person is told by an event
 */
export async function countOpenedPerson(deps: CommandDeps, staff: StaffActor, subjectId: string): Promise<void> {
  const now = deps.clock.now();
  const day = now.toISOString().slice(0, 10);
  const { quotas } = await currentSettings(deps);
  const limit = quotaOf(staff, kind, now, quotas);
  const about = { staffUserId: staff.id, kind } as const;
  const meta = { actionId: null, actorType: actorTypeOf(staff), at: now };
  const outcome = await deps.database.prisma
    .$transaction(async (tx) => {
      const counted = await count(tx, { staffUserId: staff.id, day, subjectId, limit });
      const event = counted.use && nearlyUsed({ ...about, ...counted.use });
      if (event) await appendEvents(tx, [event], meta);
      // Thrown away with the transaction: whoever was not shown was not opened.
      if (counted.isNew && !counted.use) throw new Full();
      return event ? 'nearly_used' : 'counted';
    })
    .catch((error: unknown) => {
      if (error instanceof Full) return 'full';
      throw error;
    });
  if (outcome === 'nearly_used') nudgeOutbox(deps.database);
  if (outcome !== 'full') return;
  const use: QuotaUse = { ...about, used: limit, limit };
  await deps.database.prisma.$transaction((tx) => appendEvents(tx, [exceeded(use)], meta));
  nudgeOutbox(deps.database);
  throw new AppError('quota_exceeded', { extra: { rule: `quota_${kind}` } });
}

class Full extends Error {}

type Opening = { staffUserId: string; day: string; subjectId: string; limit: number };
type Counted = { isNew: boolean; use: { used: number; limit: number } | null };

async function count(tx: Tx, { staffUserId, day, subjectId, limit }: Opening): Promise<Counted> {
  const [row] = await tx.$queryRaw<{ isNew: boolean; used: number | null; bonus: number | null }[]>`
    WITH opened AS (
      INSERT INTO platform.reveal_quota_subject (staff_user_id, day, kind, subject_id)
      VALUES (${staffUserId}::uuid, ${day}::date, ${kind}, ${subjectId}::uuid)
      ON CONFLICT DO NOTHING RETURNING 1
    ), counted AS (
      INSERT INTO platform.reveal_quota AS quota (staff_user_id, day, kind, used)
      SELECT ${staffUserId}::uuid, ${day}::date, ${kind}, 1 FROM opened WHERE ${limit}::int > 0
      ON CONFLICT (staff_user_id, day, kind) DO UPDATE SET used = quota.used + 1 WHERE quota.used < ${limit}::int + quota.bonus
      RETURNING used, bonus
    )
    SELECT EXISTS (SELECT FROM opened) AS "isNew", (SELECT used FROM counted) AS used, (SELECT bonus FROM counted) AS bonus`;
  if (!row) throw new Error('One row, always');
  const { isNew, used, bonus } = row;
  return { isNew, use: used === null || bonus === null ? null : { used, limit: limit + bonus } };
}
