import type pg from 'pg';

/**
 * Where an export reads: the worker's login, which reaches values through audit.read_commitments, or the auditor's, which may read
 * the tables themselves.
 */
export type ExportReader = {
  query<Row extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<{ rows: Row[] }>;
  mayReadValues: boolean;
};

export function exportReader(pool: Pick<pg.Pool, 'query'> | Pick<pg.Client, 'query'>, mayReadValues: boolean): ExportReader {
  return {
    query: (sql, values = []) => pool.query(sql, values),
    mayReadValues,
  };
}
