import pg from 'pg';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { AppError } from '../../foundation/errors/app-error.ts';

const timeoutMs = 3_000;
const queryCanceled = '57014';

/**
 * One statement that is cut off after 3 seconds, so that a careless search cannot hold a connection. Read only, and without JIT,
 * which takes longer than these statements.
 * @throws AppError query_too_broad ("Narrow the filters")
 */
export async function boundedRead<Row extends pg.QueryResultRow>(
  deps: CommandDeps,
  sql: string,
  values: readonly unknown[],
): Promise<Row[]> {
  const client = await deps.database.pool.connect();
  try {
    await client.query(`BEGIN READ ONLY; SET LOCAL statement_timeout = ${timeoutMs}; SET LOCAL jit = off`);
    const { rows } = await client.query<Row>(sql, [...values]);
    await client.query('COMMIT');
    return rows;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    if (error instanceof pg.DatabaseError && error.code === queryCanceled) throw new AppError('query_too_broad', { cause: error });
    throw error;
  } finally {
    client.release();
  }
}
