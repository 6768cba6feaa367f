import { notOurs, type Problem, type Rows, tableName } from './doctor-problems.ts';

/** A table that is left out, with the reason it was left out for. */
export type Exemption = { table: string; why: string };

/** audit.md section 5. */
const secretLooking = 'password|secret|token|otp|pin|hash|pepper|cvv|key';
/** Types of a primary key that hold no personal data. */
const keyTypes = "('uuid', 'int2', 'int4', 'int8')";

const ours = `pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname NOT IN ${notOurs} AND n.nspname !~ '^pg_(temp|toast_temp)_'`;

/** P14: every table is audited or exempt with a reason, and so is every column that looks like a secret. */
export async function checkPolicies(rows: Rows): Promise<Problem[]> {
  // One after the other: they share a connection.
  const tables = await rows<{ subject: string }>(
    `SELECT ${tableName('c', 'n')} AS subject FROM ${ours}
        WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
          AND NOT EXISTS (SELECT FROM audit.policy AS p WHERE p.field = '*' AND p.tbl IN (${tableName('c', 'n')}, n.nspname || '.*')) ORDER BY 1`,
  );
  const stale = await rows<{ subject: string }>(
    `SELECT p.tbl || CASE WHEN p.field = '*' THEN '' ELSE '.' || p.field END AS subject FROM audit.policy AS p
        WHERE p.tbl NOT LIKE '%.*' AND NOT EXISTS (
          SELECT FROM ${ours} JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
           WHERE ${tableName('c', 'n')} = p.tbl AND (p.field = '*' OR a.attname = p.field)) ORDER BY 1`,
  );
  const secrets = await rows<{ subject: string }>(
    `SELECT ${tableName('c', 'n')} || '.' || a.attname AS subject
         FROM ${ours} JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
         JOIN audit.policy AS t ON t.tbl = ${tableName('c', 'n')} AND t.field = '*' AND t.mode = 'audit'
        WHERE a.attname ~ '${secretLooking}' AND NOT EXISTS (SELECT FROM audit.policy AS p WHERE p.tbl = t.tbl AND p.field = a.attname) ORDER BY 1`,
  );
  const keys = await rows<{ subject: string; type: string }>(
    `SELECT ${tableName('c', 'n')} || '.' || a.attname AS subject, y.typname AS type
         FROM ${ours} JOIN pg_index AS i ON i.indrelid = c.oid AND i.indisprimary
         JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum = ANY (i.indkey) JOIN pg_type AS y ON y.oid = a.atttypid
         JOIN audit.policy AS t ON t.tbl = ${tableName('c', 'n')} AND t.field = '*' AND t.mode = 'audit'
        WHERE y.typname NOT IN ${keyTypes} ORDER BY 1`,
  );
  return [
    ...tables.map(
      ({ subject }): Problem => ({ kind: 'table_without_policy', subject, detail: 'add a row to audit.policy in its migration' }),
    ),
    ...stale.map(({ subject }): Problem => ({ kind: 'policy_without_table', subject, detail: 'there is nothing of that name' })),
    ...secrets.map(
      ({ subject }): Problem => ({ kind: 'secret_column', subject, detail: 'its values would be kept in the history: give it a mode' }),
    ),
    ...keys.map(
      ({ subject, type }): Problem => ({
        kind: 'personal_key',
        subject,
        detail: `a key of type ${type} cannot be erased from the history`,
      }),
    ),
  ];
}

/** Tables that are not audited, with their reasons: listed for the reader to judge. */
export async function readExemptions(rows: Rows): Promise<Exemption[]> {
  return rows<Exemption>(
    "SELECT tbl AS table, coalesce(why, '') AS why FROM audit.policy WHERE field = '*' AND mode = 'ignore' ORDER BY tbl",
  );
}
