import type pg from 'pg';
import { readBounded } from './bounded-read.ts';

/** By what the first statements are the first. */
export const statementOrders = ['total', 'mean', 'calls', 'rows'] as const;
export type StatementOrder = (typeof statementOrders)[number];

/** One normalised statement of this login since `since`. Times are in milliseconds, of execution alone. */
export type StatementFigures = {
  /** pg_stat_statements' own number of it; a text, since it has 64 bits. */
  id: string;
  /** With $1 in place of every value. */
  text: string;
  calls: number;
  totalMs: number;
  meanMs: number;
  slowestMs: number;
  /** Per call, read or written. */
  rows: number;
  /** Of the time of all statements of this login, 0 to 1. */
  share: number;
  since: Date;
};

/** What each login did in this database; of the other logins the texts are hidden. */
export type LoginFigures = { login: string; statements: number; calls: number; totalMs: number };

export type StatementReport =
  | { state: 'ready'; statements: readonly StatementFigures[]; logins: readonly LoginFigures[]; since: Date; forgotten: number }
  /** The extension is not in this database, it is not loaded by the server, or this login may not ask it. */
  | { state: 'missing' | 'unloaded' | 'refused' };

const limit = 25;

/** The server's answers, by SQLSTATE, that mean there are no figures. */
const reasons: Readonly<Record<string, 'missing' | 'unloaded' | 'refused'>> = {
  '42883': 'missing',
  '55000': 'unloaded',
  '42501': 'refused',
};

/**
 * The first 25 statements of the login that asks, and sums of the others, since the server last forgot them. Reads pg_stat_statements,
 * whose text of a statement holds no value of it; a page must not rely on that for statements that are no queries (SET, CREATE), so
 * those with a literal left in them are not given.
 */
export async function topStatements(pool: pg.Pool, order: StatementOrder): Promise<StatementReport> {
  try {
    return await readBounded(pool, async (read) => {
      const statements = await read<StatementFigures>(statementsSql(order), [limit]);
      const logins = await read<LoginFigures>(loginsSql, []);
      const [info] = await read<{ since: Date; forgotten: number }>(infoSql, []);
      if (!info) throw new Error('pg_stat_statements_info is one row');
      return { state: 'ready', statements, logins, ...info };
    });
  } catch (error) {
    const state = error instanceof Error && 'code' in error ? reasons[String(error.code)] : undefined;
    if (state === undefined) throw error;
    return { state };
  }
}

const orderSql: Readonly<Record<StatementOrder, string>> = {
  total: 's.total_exec_time',
  mean: 's.mean_exec_time',
  calls: 's.calls',
  rows: 's.rows::float8 / s.calls',
};

const ofThisDatabase = `s.toplevel AND s.calls > 0 AND s.dbid = (SELECT d.oid FROM pg_database AS d WHERE d.datname = current_database())`;

const statementsSql = (order: StatementOrder) => `
  SELECT s.queryid::text AS id, s.query AS text, s.calls::float8 AS calls, s.total_exec_time AS "totalMs", s.mean_exec_time AS "meanMs",
         s.max_exec_time AS "slowestMs", s.rows::float8 / s.calls AS rows, s.stats_since AS since,
         coalesce(s.total_exec_time / nullif(sum(s.total_exec_time) OVER (), 0), 0) AS share
    FROM public.pg_stat_statements(true) AS s
   WHERE ${ofThisDatabase} AND s.userid = current_user::regrole AND s.query !~ ''''
   ORDER BY ${orderSql[order]} DESC, s.queryid LIMIT $1`;

const loginsSql = `
  SELECT pg_get_userbyid(s.userid) AS login, count(*)::int AS statements, sum(s.calls)::float8 AS calls, sum(s.total_exec_time) AS "totalMs"
    FROM public.pg_stat_statements(false) AS s WHERE ${ofThisDatabase} GROUP BY s.userid ORDER BY 4 DESC, 1`;

const infoSql = 'SELECT i.stats_reset AS since, i.dealloc::int AS forgotten FROM public.pg_stat_statements_info() AS i';
