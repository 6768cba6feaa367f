import { openSql } from './sql.ts';

export type StatementCost = {
  /** Statements that the web login sent; those inside functions and triggers are their caller's. */
  statements: number;
  /** Milliseconds they ran in the database. */
  ms: number;
};

export type StatementMeter = {
  /** What this work cost. One at a time, and nothing else of the web login meanwhile. */
  costOf(work: () => Promise<unknown>): Promise<StatementCost>;
  close(): Promise<void>;
};

/** What belongs to no request: ends of transactions, the request log, nudges, and switches and versions of caches whose time has come. */
const besides = '^(BEGIN|COMMIT|ROLLBACK|SET)|api_log|pg_notify|cache_namespace|feature_flag';

const mine = `'app_web'::regrole, (SELECT oid FROM pg_database WHERE datname = current_database())`;

/** Counts statements with pg_stat_statements, of one database and the web login alone: other test files have databases of their own. */
export async function openStatementMeter(adminUrl: string): Promise<StatementMeter> {
  const sql = await openSql(adminUrl);
  return {
    async costOf(work) {
      await sql.rows(`SELECT pg_stat_statements_reset(${mine}, 0)`);
      await work();
      const [row] = await sql.rows<StatementCost>(
        `SELECT coalesce(sum(calls), 0)::int AS statements, coalesce(sum(total_exec_time), 0)::float8 AS ms
           FROM pg_stat_statements(true) WHERE (userid, dbid) = (${mine}) AND toplevel AND query !~ $1`,
        [besides],
      );
      return row ?? { statements: 0, ms: 0 };
    },
    close: () => sql.close(),
  };
}
