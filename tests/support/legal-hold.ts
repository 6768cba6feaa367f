import { newId } from '../../src/foundation/runtime/new-id.ts';
import type { Sql } from './sql.ts';

/** Places a legal hold on a person or a month (`2026-01`), as somebody who may. Resolves with its id. */
export async function placeHold(admin: Sql, on: { subjectId: string } | { month: string }): Promise<string> {
  const payload = JSON.stringify({ ...on, code: 'legal', reason: 'a dispute that a court hears' });
  const [row] = await admin.inContext((sql) => sql.rows<{ id: string }>('SELECT audit.place_hold($1::jsonb) AS id', [payload]), {
    actorId: newId(),
  });
  return row?.id ?? '';
}

export async function releaseHold(admin: Sql, id: string): Promise<void> {
  await admin.inContext((sql) => sql.rows("SELECT audit.release_hold($1::uuid, 'legal')", [id]), { actorId: newId() });
}
