import type { CommandDeps } from '../foundation/command/command.ts';

export type DayCount = { day: string; count: number };

const dayMs = 86_400_000;

/** Refused attempts per day of the last 28 days, oldest first, days without any included; served by the index of refusals. */
export async function denialsByDay(deps: CommandDeps): Promise<DayCount[]> {
  const today = Math.floor(deps.clock.now().getTime() / dayMs) * dayMs;
  const from = new Date(today - 27 * dayMs);
  const { rows } = await deps.database.pool.query<{ day: string; count: number }>(
    `SELECT to_char(a.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, count(*)::int AS count
       FROM audit.action a WHERE a.occurred_at >= $1 AND a.outcome IN ('denied', 'error') AND a.outcome = 'denied' GROUP BY 1`,
    [from.toISOString()],
  );
  return wholeMonth(rows, from);
}

/** How often each person did something in the last days, most first, 20 people at most. */
export async function actionsPerPerson(
  deps: CommandDeps,
  asked: { actions: readonly string[]; resources: readonly string[]; days: number },
): Promise<readonly { actorId: string; count: number }[]> {
  const from = new Date(deps.clock.now().getTime() - asked.days * dayMs);
  const { rows } = await deps.database.pool.query<{ actorId: string; count: number }>(
    `SELECT a.actor_id AS "actorId", count(*)::int AS count FROM audit.action a
      WHERE a.resource = ANY($1) AND a.action = ANY($2) AND a.occurred_at >= $3 AND a.outcome IN ('ok', 'read') AND a.actor_id IS NOT NULL
      GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 20`,
    [asked.resources, asked.actions, from.toISOString()],
  );
  return rows;
}

/** What one person did per day of the last 28 days, oldest first, days without anything included. */
export async function actionsByDay(deps: CommandDeps, actorId: string): Promise<DayCount[]> {
  const today = Math.floor(deps.clock.now().getTime() / dayMs) * dayMs;
  const from = new Date(today - 27 * dayMs);
  const { rows } = await deps.database.pool.query<{ day: string; count: number }>(
    `SELECT to_char(a.occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, count(*)::int AS count
       FROM audit.action a WHERE a.actor_id = $1 AND a.occurred_at >= $2 GROUP BY 1`,
    [actorId, from.toISOString()],
  );
  return wholeMonth(rows, from);
}

/** A role as somebody holds it, since when. */
export type HeldGrade = { id: string; actorId: string; grade: string; since: Date };

/**
 * When each role was last acted from: the newest action of its holder, reading included, that was done with it. Null where there was
 * none since it was given. One look into the index of actions for each.
 */
export async function lastUses(deps: Pick<CommandDeps, 'database'>, held: readonly HeldGrade[]): Promise<ReadonlyMap<string, Date | null>> {
  const { rows } = await deps.database.pool.query<{ id: string; at: Date | null }>(
    `SELECT h.id, (SELECT a.occurred_at FROM audit.action a
                    WHERE a.actor_id = h.actor AND a.occurred_at >= h.since AND a.outcome IN ('ok', 'read') AND h.grade = ANY (a.actor_roles)
                    ORDER BY a.occurred_at DESC, a.id DESC LIMIT 1) AS at
       FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[]) AS h (id, actor, grade, since)`,
    [
      held.map(({ id }) => id),
      held.map(({ actorId }) => actorId),
      held.map(({ grade }) => grade),
      held.map(({ since }) => since.toISOString()),
    ],
  );
  return new Map(rows.map(({ id, at }) => [id, at]));
}

function wholeMonth(rows: readonly DayCount[], from: Date): DayCount[] {
  const counted = new Map(rows.map((row) => [row.day, row.count]));
  return Array.from({ length: 28 }, (_, index) => {
    const day = new Date(from.getTime() + index * dayMs).toISOString().slice(0, 10);
    return { day, count: counted.get(day) ?? 0 };
  });
}
