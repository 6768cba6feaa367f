import type { CommandDeps } from '../../foundation/command/command.ts';
import type { IsSearchable } from './search-entry.ts';
import { isSecretName } from './searchable-text.ts';

const known = new WeakMap<CommandDeps['database'], { at: number; columns: ReadonlySet<string> }>();
const keepMs = 60_000;

/**
 * The columns whose words may be looked for: those of text, enum, document type or lists of them, in audited tables, which the
 * policy keeps and whose names do not sound secret. A list of what is allowed: a column of another kind, such as ciphertext in
 * bytea, and one that nobody thought of, stay out. Read again each minute, since migrations add columns while the worker runs.
 */
export async function searchableColumns(deps: CommandDeps): Promise<IsSearchable> {
  const remembered = known.get(deps.database);
  const now = deps.clock.now().getTime();
  const columns = remembered && now - remembered.at < keepMs ? remembered.columns : await readColumns(deps);
  if (columns !== remembered?.columns) known.set(deps.database, { at: now, columns });
  return (table, field) => columns.has(`${table}.${field}`) && !isSecretName(field);
}

async function readColumns(deps: CommandDeps): Promise<ReadonlySet<string>> {
  const { rows } = await deps.database.pool.query<{ name: string }>(
    `SELECT p.tbl || '.' || a.attname AS name
       FROM audit.policy AS p
       JOIN pg_namespace AS n ON n.nspname = split_part(p.tbl, '.', 1)
       JOIN pg_class AS c ON c.relnamespace = n.oid AND c.relname = split_part(p.tbl, '.', 2)
       JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
       JOIN pg_type AS t ON t.oid = a.atttypid
       LEFT JOIN pg_type AS item ON item.oid = t.typelem AND t.typcategory = 'A'
      WHERE p.field = '*' AND p.mode = 'audit'
        AND (t.typcategory IN ('S', 'E') OR t.typname = 'jsonb' OR item.typcategory IN ('S', 'E'))
        AND NOT EXISTS (SELECT FROM audit.policy AS f WHERE f.tbl = p.tbl AND f.field = a.attname AND f.mode IN ('secret', 'ignore'))`,
  );
  return new Set(rows.map((row) => row.name));
}
