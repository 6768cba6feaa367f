import type { CommandDeps } from '../command/command.ts';
import { queueSchema } from './queue-plan.ts';

/** Whose traces: the person, and the actions and requests by which short-lived records are found. */
type Traced = { userId: string; actionIds: readonly string[]; requestIds: readonly string[] };

/** No uuid: the request ids of others' making are known to the audit by their UUIDv8. */
const requestOf = 'audit.as_uuid(l.request_id)';

/**
 * Deletes what the platform holds of an erased person for a short while: stored answers of idempotent calls, events that were
 * handed on, finished and dead jobs that name the person; and empties the person's rows of the request log. The event that is
 * being handled stays. Repeating it finds nothing more.
 */
export async function forgetTraces(
  deps: CommandDeps,
  { userId, actionIds, requestIds }: Traced,
): Promise<{ rows: Record<string, number>; records: string[] }> {
  const { pool } = deps.database;
  const count = async (sql: string, values: unknown[]) => Number((await pool.query(sql, values)).rowCount);
  const rows = {
    'platform.idempotency_key': await count(
      `DELETE FROM platform.idempotency_key AS k WHERE k.action_id = ANY($2::uuid[]) OR ':' || k.scope || ':' LIKE '%:' || $1 || ':%'`,
      [userId, actionIds],
    ),
    'platform.outbox_event': await count(
      `DELETE FROM platform.outbox_event AS o WHERE o.published_at IS NOT NULL AND o.name <> 'identity.user.erased'
          AND (o.aggregate_id = $1::uuid OR o.payload ->> 'userId' = $1::text)`,
      [userId],
    ),
    'platform.api_log': await count(
      `UPDATE platform.api_log AS l SET body = NULL, headers = '{}', ip = NULL
        WHERE (l.actor_id = $1::uuid OR ${requestOf} = ANY($2::uuid[])) AND (l.body IS NOT NULL OR l.headers <> '{}' OR l.ip IS NOT NULL)`,
      [userId, requestIds],
    ),
    [`${queueSchema}.job`]: await count(
      `DELETE FROM ${queueSchema}.job AS j WHERE j.data::text LIKE '%' || $1 || '%' AND j.name NOT LIKE 'audit.erase-subject%'
          AND (j.state IN ('completed', 'cancelled', 'failed') OR j.name LIKE '%.dead')`,
      [userId],
    ),
  };
  return { rows, records: [] };
}
