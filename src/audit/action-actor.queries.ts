import type { CommandDeps } from '../foundation/command/command.ts';

/**
 * Who did an action, for telling everybody else about it; null for jobs, strangers and unknown ids. The time in the id bounds the
 * search: the row is written by the commit of that action.
 */
export async function actorOfAction(deps: Pick<CommandDeps, 'database'>, actionId: string): Promise<string | null> {
  const { rows } = await deps.database.pool.query<{ actorId: string | null }>(
    `SELECT a.actor_id AS "actorId" FROM audit.action a
      WHERE a.id = $1::uuid
        AND a.occurred_at BETWEEN uuid_extract_timestamp($1::uuid) - interval '1 minute' AND uuid_extract_timestamp($1::uuid) + interval '5 minutes'
      LIMIT 1`,
    [actionId],
  );
  return rows[0]?.actorId ?? null;
}
