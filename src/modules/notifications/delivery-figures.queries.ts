import type { CommandDeps } from '../../foundation/command/command.ts';

const dayMs = 86_400_000;

/** Codes that reached nobody on each of the last 28 days (UTC), oldest first: failed, bounced or held back. Days without any are included. */
export async function undeliveredCodesByDay({
  database,
  clock,
}: Pick<CommandDeps, 'database' | 'clock'>): Promise<{ day: string; count: number }[]> {
  const from = new Date(Math.floor(clock.now().getTime() / dayMs) * dayMs - 27 * dayMs);
  const rows = await database.prisma.$queryRaw<{ day: string; count: number }[]>`
    SELECT to_char(d.created_at AT TIME ZONE 'UTC', 'YYYY-MM-DD') AS day, count(*)::int AS count
      FROM notifications.delivery d
     WHERE d.status IN ('failed', 'bounced', 'suppressed') AND d.template LIKE 'otp%' AND d.created_at >= ${from}::timestamptz GROUP BY 1`;
  const counted = new Map(rows.map((row) => [row.day, row.count]));
  return Array.from({ length: 28 }, (_, index) => {
    const day = new Date(from.getTime() + index * dayMs).toISOString().slice(0, 10);
    return { day, count: counted.get(day) ?? 0 };
  });
}
