import pg from 'pg';

/** A row as the server sent it: the text of every column. */
export type TextRow = (string | null)[];

/** One connection with one view of the database, from the first statement to the last; it can write nothing. */
export type ReadSession = {
  /** Rows of a statement as texts, in the order of its columns: nothing is parsed that is only compared. */
  texts(sql: string): Promise<TextRow[]>;
  /**
   * Several statements in one message, row by row, so that none is kept: the server works on while rows are looked at. Give each
   * statement a first column that tells which it is.
   */
  stream(statements: readonly string[], onRow: (row: TextRow) => void): Promise<void>;
  rows<Row extends pg.QueryResultRow>(sql: string, values?: unknown[]): Promise<Row[]>;
  close(): Promise<void>;
};

export type ReadTarget = {
  url: string;
  /** Role to act as; for an administrative login, which should see the history as the auditor does. */
  role: 'audit_reader' | null;
};

const asText = { getTypeParser: (): ((text: string) => string) => (text) => text };

/**
 * Opens a REPEATABLE READ, READ ONLY transaction: rows that are written while verify runs are neither missed nor half seen.
 * Throws what the driver throws where the server cannot be reached or the role not be taken.
 */
export async function openReadSession(target: ReadTarget): Promise<ReadSession> {
  const client = new pg.Client({
    connectionString: target.url,
    application_name: 'fashionistar-verify',
    options: '-c search_path=pg_catalog -c timezone=UTC -c datestyle=ISO -c statement_timeout=0 -c jit=off',
  });
  // A lost connection is told by the statement that needed it.
  client.on('error', () => undefined);
  await client.connect();
  try {
    await client.query(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY${target.role ? `; SET LOCAL ROLE ${target.role}` : ''}`);
  } catch (error) {
    await client.end();
    throw error;
  }
  return {
    async texts(text) {
      const { rows } = await client.query<TextRow>({ text, rowMode: 'array', types: asText });
      return rows;
    },
    stream(statements, onRow) {
      if (statements.length === 0) return Promise.resolve();
      return new Promise((resolve, reject) => {
        const config = { text: statements.join(';\n'), rowMode: 'array', types: asText };
        const query = new pg.Query(config);
        // What is thrown in here would end the process, not the statement.
        query.on('row', (row: TextRow) => {
          try {
            onRow(row);
          } catch (error) {
            reject(error);
          }
        });
        query.on('error', reject);
        query.on('end', () => resolve());
        client.query(query);
      });
    },
    async rows<Row extends pg.QueryResultRow>(text: string, values: unknown[] = []) {
      return (await client.query<Row>(text, values)).rows;
    },
    async close() {
      await client.query('ROLLBACK').catch(() => undefined);
      await client.end();
    },
  };
}
