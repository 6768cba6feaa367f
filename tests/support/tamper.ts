import type { AdminSql } from './sealed-database.ts';

/** Changes an append-only table the way only a superuser can: the guard off, the change, the guard on again as it was. */
export async function tamper(admin: AdminSql, table: string, change: string): Promise<void> {
  await admin(`ALTER TABLE ${table} DISABLE TRIGGER guard_rows; ${change}; ALTER TABLE ${table} ENABLE ALWAYS TRIGGER guard_rows`);
}

/** A sealed row, chosen from the middle. */
export type Victim = { seq: number; id: string; at: string };

/** Every row of a kind with its leaf number, in the order of seq. `kind` as in audit.leaf. */
export async function sealedRows(admin: AdminSql, kind: 1 | 2 | 3): Promise<Victim[]> {
  return admin<Victim>(
    `SELECT seq::int, row_id AS id, to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at
       FROM audit.leaf WHERE kind = ${kind} ORDER BY seq`,
  );
}
