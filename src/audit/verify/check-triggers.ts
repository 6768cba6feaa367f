import { type Problem, type ProblemKind, type Rows, tableName } from './doctor-problems.ts';

/**
 * The triggers there must be. `type` is pg_trigger.tgtype: 1 row, 2 before, 4 insert, 8 delete, 16 update, 32 truncate.
 * The capture function is named after its table; guards of what an erasure may delete or empty say so in their argument.
 */
const wanted = `
  WITH relations AS (
    SELECT c.oid, ${tableName('c', 'n')} AS name, n.nspname || '.' || coalesce(p.relname, c.relname) AS parent
      FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
      LEFT JOIN pg_inherits AS i ON i.inhrelid = c.oid LEFT JOIN pg_class AS p ON p.oid = i.inhparent WHERE c.relkind IN ('r', 'p')
  ), wanted AS (
    SELECT r.oid, r.name, 'audit_rows' AS trigger, 29 AS type, 'capture__' || replace(r.name, '.', '__') AS function, NULL AS argument
      FROM relations AS r JOIN audit.policy AS y ON y.tbl = r.name AND y.field = '*' AND y.mode = 'audit'
    UNION ALL
    SELECT r.oid, r.name, 'audit_truncate', 34, 'capture_truncate', ''
      FROM relations AS r JOIN audit.policy AS y ON y.tbl = r.name AND y.field = '*' AND y.mode = 'audit'
    UNION ALL
    SELECT r.oid, r.name, g.trigger, g.type, 'refuse_change',
           CASE WHEN g.trigger = 'guard_rows' AND r.parent IN ('audit.value', 'audit.snapshot', 'audit.search') THEN 'erasable'
                WHEN g.trigger = 'guard_rows' AND r.name IN ('identity.consent', 'identity.login_event') THEN 'forgettable' ELSE '' END
      FROM relations AS r, (VALUES ('guard_rows', 26), ('guard_truncate', 34)) AS g (trigger, type)
     WHERE r.parent IN ('audit.action', 'audit.event', 'audit.value', 'audit.snapshot', 'audit.search', 'audit.control', 'audit.leaf',
       'audit.checkpoint', 'audit.anchor', 'audit.tree_node', 'identity.consent', 'identity.login_event')
  )`;

type Found = {
  subject: string;
  isGuard: boolean;
  isThere: boolean;
  isAlways: boolean;
  isWhole: boolean;
};

/** Missing, disabled and weakened triggers, on audited tables and on everything append-only, each partition included. */
export async function checkTriggers(rows: Rows): Promise<Problem[]> {
  const found = await rows<Found>(
    `${wanted}
     SELECT w.name || '.' || w.trigger AS subject, w.trigger LIKE 'guard%' AS "isGuard", t.oid IS NOT NULL AS "isThere", t.tgenabled = 'A' AS "isAlways",
            t.tgtype = w.type AND t.tgqual IS NULL AND cardinality(t.tgattr::int2[]) = 0 AND f.proname = w.function AND fn.nspname = 'audit'
              AND (w.argument IS NULL OR coalesce(trim(trailing E'\\\\000' FROM encode(t.tgargs, 'escape')), '') = w.argument) AS "isWhole"
       FROM wanted AS w LEFT JOIN pg_trigger AS t ON t.tgrelid = w.oid AND t.tgname = w.trigger AND NOT t.tgisinternal
       LEFT JOIN pg_proc AS f ON f.oid = t.tgfoid LEFT JOIN pg_namespace AS fn ON fn.oid = f.pronamespace ORDER BY 1`,
  );
  return found.flatMap((one) => {
    const kind = kindOf(one);
    return kind ? [{ kind, subject: one.subject, detail: details[kind] }] : [];
  });
}

const details = {
  guard_missing: 'there is no such trigger',
  trigger_missing: 'there is no such trigger',
  trigger_disabled: 'it is not ENABLE ALWAYS: changes pass it by',
  trigger_changed: 'it does not fire for everything it should, or calls something else',
} as const satisfies Partial<Record<ProblemKind, string>>;

function kindOf({ isGuard, isThere, isAlways, isWhole }: Found): keyof typeof details | null {
  if (!isThere) return isGuard ? 'guard_missing' : 'trigger_missing';
  if (!isAlways) return 'trigger_disabled';
  return isWhole ? null : 'trigger_changed';
}

/** Capture functions that are not what audit.capture_source would write today. Needs EXECUTE on audit.capture_drift. */
export async function checkCaptures(rows: Rows): Promise<Problem[]> {
  const drift = await rows<{ tbl: string; what: string }>('SELECT tbl, what FROM audit.capture_drift() ORDER BY 1, 2');
  return drift.map(({ tbl, what }) => ({
    kind: 'trigger_outdated',
    subject: tbl,
    detail: `${what} of its capture are not what policy and columns call for`,
  }));
}
