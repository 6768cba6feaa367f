import type pg from 'pg';
import { AppError } from '../errors/app-error.ts';

const limitMs = 3_000;

/** Runs read-only statements of one screen; none of them may hold a connection longer than three seconds. */
export type BoundedRead = <Row extends pg.QueryResultRow>(sql: string, values: readonly unknown[]) => Promise<Row[]>;

/**
 * One read-only transaction on one connection, so that all figures of a screen are of the same moment.
 * @throws AppError `query_too_broad` when a statement was cut off: "Narrow the filters"
 */
export async function readBounded<T>(pool: pg.Pool, work: (read: BoundedRead) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query(`BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL statement_timeout = ${limitMs}`);
    return await work(async (sql, values) => (await client.query(sql, [...values])).rows);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === '57014') throw new AppError('query_too_broad', { cause: error });
    throw error;
  } finally {
    // Nothing was written: a rollback ends the transaction, whatever state it is in.
    await client.query('ROLLBACK').then(
      () => client.release(),
      () => client.release(true),
    );
  }
}
