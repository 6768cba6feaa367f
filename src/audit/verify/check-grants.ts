import { type Problem, type Rows, tableName } from './doctor-problems.ts';

/** Nobody but the owner writes these; of value and snapshot only the auditor's login reads. */
const history =
  "('action', 'event', 'value', 'snapshot', 'control', 'leaf', 'checkpoint', 'anchor', 'search', 'policy', 'epoch', 'hold', 'enrichment')";

/** Rights on tables and partitions of the history, their owners, and what the logins may be. */
export async function checkGrants(rows: Rows): Promise<Problem[]> {
  const rights = await rows<{ subject: string; role: string; right: string }>(
    `SELECT ${tableName('c', 'n')} AS subject, CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END AS role, string_agg(a.privilege_type, ', ' ORDER BY 1) AS right
       FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace AND n.nspname = 'audit' CROSS JOIN LATERAL aclexplode(c.relacl) AS a
      WHERE a.grantee <> c.relowner AND c.relkind IN ('r', 'p', 'v', 'm') AND (
            a.grantee = 0 OR c.relispartition
            OR (c.relname IN ${history} AND (a.privilege_type <> 'SELECT' OR a.is_grantable))
            OR (c.relname IN ('value', 'snapshot') AND pg_get_userbyid(a.grantee) <> 'audit_reader'))
      GROUP BY 1, 2 ORDER BY 1, 2`,
  );
  const owners = await rows<{ subject: string; owner: string }>(
    `SELECT ${tableName('c', 'n')} AS subject, pg_get_userbyid(c.relowner) AS owner FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
      WHERE n.nspname = 'audit' AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND (pg_get_userbyid(c.relowner) <> 'audit_owner'
        OR (c.relname IN ${history} AND c.relkind NOT IN ('r', 'p'))) ORDER BY 1`,
  );
  return [
    ...rights.map(({ subject, role, right }): Problem => ({ kind: 'grant_wrong', subject, detail: `${role} has ${right}` })),
    ...owners.map(
      ({ subject, owner }): Problem => ({ kind: 'function_owner', subject, detail: `it belongs to ${owner}, or is no table any more` }),
    ),
    ...(await checkRoles(rows)),
  ];
}

async function checkRoles(rows: Rows): Promise<Problem[]> {
  const roles = await rows<{ subject: string; detail: string }>(
    `SELECT r.rolname AS subject, w.detail FROM pg_roles AS r CROSS JOIN LATERAL (VALUES
         (r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolcreatedb OR r.rolreplication, 'it has a right over the whole server'),
         (r.rolname = 'audit_owner' AND r.rolcanlogin, 'it can sign in'),
         (r.rolname IN ('app_web', 'app_worker', 'audit_reader') AND EXISTS (SELECT FROM pg_auth_members AS m WHERE m.member = r.oid), 'it is a member of another role')
       ) AS w (is_wrong, detail)
      WHERE r.rolname IN ('app_web', 'app_worker', 'audit_reader', 'audit_owner', 'migrator') AND w.is_wrong ORDER BY 1`,
  );
  return roles.map(({ subject, detail }) => ({ kind: 'role_wrong', subject, detail }));
}

/** Months that must exist already: this one and the two after it. */
export async function checkPartitions(rows: Rows): Promise<Problem[]> {
  const missing = await rows<{ subject: string }>(
    `SELECT t.parent || to_char(m.month, '"_p"YYYYMM') AS subject
       FROM unnest(ARRAY['audit.action', 'audit.event', 'audit.value', 'audit.snapshot', 'audit.search', 'identity.login_event', 'platform.api_log']) AS t (parent),
            generate_series(date_trunc('month', now() AT TIME ZONE 'UTC'), date_trunc('month', now() AT TIME ZONE 'UTC') + interval '2 months', interval '1 month') AS m (month)
      WHERE NOT EXISTS (SELECT FROM pg_inherits AS i JOIN pg_class AS c ON c.oid = i.inhrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
        WHERE ${tableName('c', 'n')} = t.parent || to_char(m.month, '"_p"YYYYMM')) ORDER BY 1`,
  );
  return missing.map(({ subject }) => ({
    kind: 'partition_missing',
    subject,
    detail: 'writes of that month would fail: run the job audit.partitions',
  }));
}
