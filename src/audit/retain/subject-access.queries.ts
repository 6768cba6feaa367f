import type { CommandDeps } from '../../foundation/command/command.ts';

/** One row of the history about a person, as that person may read it: staff by role, never by name, id or address. */
export type SubjectAccessRow = {
  /** ISO 8601, in UTC. */
  at: string;
  id: string;
  kind: 'change' | 'action';
  /** `you`, `system`, `somebody not signed in`, or the roles of the member of staff: `staff (support_lead)`. */
  by: string;
  /** `identity.user update` of a change, `user suspend-user` of an action. */
  what: string;
  outcome: string | null;
  /** Changed fields with the value before and after; of an action what was said about the person. Null: erased, or nothing. */
  values: Readonly<Record<string, unknown>> | null;
};

type FoundRow = Omit<SubjectAccessRow, 'at' | 'by' | 'values' | 'kind'> & {
  atText: string;
  kind: 1 | 2;
  actorId: string | null;
  actorType: string;
  roles: string[] | null;
};

const pageSize = 500;

/**
 * Every row of the history about a person, oldest first, for an access request (GDPR article 15). The caller has checked the
 * permission and records the read. Rows of dropped months are not in it: they are in the archives.
 */
export async function* subjectAccessRows(deps: CommandDeps, subjectId: string): AsyncGenerator<SubjectAccessRow> {
  let after: { at: string; id: string } | null = null;
  for (;;) {
    const found: FoundRow[] = await page(deps, subjectId, after);
    const last = found.at(-1);
    if (!last) return;
    const bodies = await bodiesOf(deps, found);
    for (const row of found) yield readable(row, subjectId, bodies.get(row.id));
    after = { at: last.atText, id: last.id };
  }
}

/** What is about the person is what an erasure covers: see erasureCovers() in proof/archive-format.ts. */
async function page(deps: CommandDeps, subjectId: string, after: { at: string; id: string } | null): Promise<FoundRow[]> {
  const { rows } = await deps.database.pool.query<FoundRow>(
    `SELECT r.* FROM (
       SELECT e.occurred_at::text AS "atText", e.occurred_at AS moment, e.id, 1 AS kind, e.actor_id AS "actorId", e.actor_type AS "actorType",
              (SELECT a.actor_roles FROM audit.action AS a WHERE a.epoch = e.epoch AND a.txid = e.txid AND a.id = e.action_id) AS roles,
              e.tbl || ' ' || (ARRAY['insert', 'update', 'delete', 'truncate', 'baseline'])[e.op] AS what, NULL AS outcome
         FROM audit.event AS e WHERE e.subject_id = $1
       UNION ALL
       SELECT a.occurred_at::text, a.occurred_at, a.id, 2, a.actor_id, a.actor_type, a.actor_roles, a.resource || ' ' || a.action, a.outcome
         FROM audit.action AS a
        WHERE a.actor_id = $1 OR a.record_ids @> ARRAY[$1::text]
     ) AS r
     WHERE $2::timestamptz IS NULL OR (r.moment, r.id) > ($2::timestamptz, $3::uuid)
     ORDER BY r.moment, r.id LIMIT ${pageSize}`,
    [subjectId, after?.at ?? null, after?.id ?? null],
  );
  return rows;
}

async function bodiesOf(deps: CommandDeps, rows: readonly FoundRow[]): Promise<ReadonlyMap<string, unknown>> {
  const found = await deps.database.pool.query<{ row_id: string; body: string }>('SELECT row_id, body FROM audit.read_values($1, $2)', [
    rows.map((row) => row.id),
    rows.map((row) => row.atText),
  ]);
  return new Map(found.rows.map((row) => [row.row_id, JSON.parse(row.body)]));
}

function readable(row: FoundRow, subjectId: string, body: unknown): SubjectAccessRow {
  const { atText, id, kind, what, outcome } = row;
  const isTheirs = row.actorId === subjectId;
  const at = new Date(atText).toISOString();
  const entries = typeof body === 'object' && body !== null ? Object.entries(body) : [];
  const shown = entries
    .filter(([name]) => kind === 1 || isTheirs || saidToThem.has(name))
    .map(([name, value]) => [name, shownValue(name, value)]);
  return {
    at,
    id,
    kind: kind === 1 ? 'change' : 'action',
    by: isTheirs ? 'you' : actorWords(row),
    what,
    outcome,
    values: shown.length > 0 ? Object.fromEntries(shown) : null,
  };
}

/** Of somebody else's action: not their address, device or notes. */
const saidToThem: ReadonlySet<string> = new Set(['reason']);

function actorWords({ actorType, roles }: FoundRow): string {
  if (actorType === 'anonymous') return 'somebody not signed in';
  if (actorType.startsWith('system:')) return 'system';
  return actorType === 'staff' ? `staff (${roles?.join(', ') || 'role not known'})` : actorType;
}

/** Who of the staff did it stays out; ciphertext helps nobody, and its content is in the export of the person's data. */
function shownValue(name: string, value: unknown): unknown {
  const word = /_by$|^author_id$|^mentions$/.test(name) ? 'staff' : name.endsWith('_enc') ? 'encrypted' : null;
  if (word === null || !Array.isArray(value)) return value;
  return value.map((side) => (side === null ? null : word));
}
