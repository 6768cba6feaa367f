import type pg from 'pg';

/**
 * Refuses to serve with a login that could get round the audit: a superuser, one that bypasses row security or is a member
 * of the audit's owner, or one that may write the audit tables itself.
 */
export async function refuseWrongRole(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query<{ login: string; is_super: boolean; may_write: boolean }>(
    `SELECT session_user AS login, r.rolsuper OR r.rolbypassrls OR pg_has_role(session_user, 'audit_owner', 'MEMBER') AS is_super,
            has_table_privilege(session_user, 'audit.action', 'INSERT') OR has_table_privilege(session_user, 'audit.event', 'INSERT, UPDATE, DELETE') AS may_write
       FROM pg_roles r WHERE r.rolname = session_user`,
  );
  if (rows.some((role) => !role.is_super && !role.may_write)) return;
  const login = rows.map((role) => role.login).join();
  throw new Error(
    `The database login "${login}" may change the audit trail. Serve as app_web and app_worker: set DATABASE_WEB_URL and DATABASE_WORKER_URL, or let DATABASE_URL derive them.`,
  );
}
