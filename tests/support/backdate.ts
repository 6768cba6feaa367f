import type { Sql } from './sql.ts';

/**
 * Lets a click of this test have happened earlier: the rows of its action, of the changes it made and of what they hold get a new
 * time, and ids (UUIDv7) of that time. Superuser only, and before the sealer has seen them: afterwards it would be tampering, and
 * verify would say so.
 * @param admin connection as superuser
 * @param at when it shall have happened; its month's partitions must exist (this month and the last)
 */
export async function backdate(admin: Sql, actionId: string, at: Date): Promise<string> {
  const [moved] = await admin.rows<{ id: string }>(`SELECT uuidv7($1::timestamptz - clock_timestamp()) AS id`, [at]);
  const newId = moved?.id ?? '';
  await admin.rows('BEGIN');
  try {
    for (const table of ['action', 'event', 'value', 'snapshot']) await admin.rows(`ALTER TABLE audit.${table} DISABLE TRIGGER guard_rows`);
    await admin.rows(
      `CREATE TEMP TABLE moved ON COMMIT DROP AS
       SELECT r.id, CASE WHEN r.is_action THEN $2::uuid ELSE uuidv7($3::timestamptz - clock_timestamp()) END AS new_id
         FROM (SELECT id, false AS is_action FROM audit.event WHERE action_id = $1
               UNION ALL SELECT id, true FROM audit.action WHERE id = $1) AS r`,
      [actionId, newId, at],
    );
    for (const [table, key] of [
      ['value', 'row_id'],
      ['snapshot', 'row_id'],
      ['event', 'id'],
      ['action', 'id'],
    ] as const) {
      const action = table === 'event' ? ', action_id = $2::uuid' : '';
      await admin.rows(
        `UPDATE audit.${table} AS t SET occurred_at = $1::timestamptz, ${key} = m.new_id ${action} FROM moved AS m WHERE t.${key} = m.id`,
        table === 'event' ? [at, newId] : [at],
      );
    }
    for (const table of ['action', 'event', 'value', 'snapshot'])
      await admin.rows(`ALTER TABLE audit.${table} ENABLE ALWAYS TRIGGER guard_rows`);
    await admin.rows('COMMIT');
  } catch (error) {
    await admin.rows('ROLLBACK');
    throw error;
  }
  return newId;
}
