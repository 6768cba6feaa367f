import type { CommandDeps } from '../../foundation/command/command.ts';
import type { RecordRef } from './history-types.ts';

const most = 200;

/** The records about a person that have a history and whose versions people look at: of tables with snapshots, and addresses. */
export async function recordsOfSubject(deps: CommandDeps, subjectId: string): Promise<readonly RecordRef[]> {
  const { rows } = await deps.database.pool.query<RecordRef>(
    `SELECT e.tbl AS "table", e.record_id AS "recordId" FROM audit.event e
      WHERE e.subject_id = $1
        AND e.tbl IN (SELECT p.tbl FROM audit.policy p WHERE p.field = '*' AND (p.snapshot OR p.tbl = 'identity.client_address'))
      GROUP BY e.tbl, e.record_id ORDER BY min(e.occurred_at) LIMIT ${most}`,
    [subjectId],
  );
  return rows;
}
