/** What the doctor can find, with what it means. Names are permanent: people search for them. */
export const problemKinds = {
  table_without_policy: 'a table is neither audited nor exempt with a reason',
  policy_without_table: 'a policy names a table or column that does not exist',
  trigger_missing: 'an audited table lacks its trigger',
  trigger_disabled: 'a trigger is switched off, or is not ENABLE ALWAYS',
  trigger_changed: 'a trigger does not fire for every change, or calls another function',
  trigger_outdated: 'a capture function or its arguments are not what policy and columns call for',
  guard_missing: 'an append-only table or partition lacks a guard',
  grant_wrong: 'somebody may do what nobody but the owner should',
  grant_missing: 'a login lacks a right that the migrations gave it',
  role_wrong: 'a login can do more than it should',
  function_changed: 'a function is not the one of the migrations',
  function_owner: 'a function or table of the history belongs to somebody else',
  partition_missing: 'the months ahead are not made',
  secret_column: 'a column looks secret and has no explicit mode',
  personal_key: 'a primary key may hold personal data',
  epoch_required: 'sealing has stopped until an operator starts the next epoch',
  seal_lag: 'rows wait for their seal for too long',
  index_lag: 'rows wait for the search index or for enrichment for too long',
  anchor_lag: 'the last checkpoint is not anchored in time',
  event_without_action: 'events name an action that has no row',
  unaudited_change: 'a row is not as its history says: it was changed while nobody looked',
  dead_letters: 'jobs failed for good and wait for a person',
  key_expired: 'the signing key is not pinned, or its time is over or soon will be',
  verify_failed: 'the last verification found something',
  verify_late: 'no verification has run for two days',
} as const;

export type ProblemKind = keyof typeof problemKinds;

export type Problem = { kind: ProblemKind; subject: string; detail: string };

/** Runs one statement; the login decides what it may see. */
export type Rows = <Row extends Record<string, unknown>>(sql: string, values?: unknown[]) => Promise<Row[]>;

/** Schemas whose tables are the product's. */
export const notOurs = "('pg_catalog', 'information_schema', 'pg_toast')";

/** Name of a relation with its schema, whatever the search path. */
export const tableName = (relation: string, namespace: string) => `${namespace}.nspname || '.' || ${relation}.relname`;
