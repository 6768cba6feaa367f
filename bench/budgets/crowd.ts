import pg from 'pg';

const customers = `
INSERT INTO identity."user" (id, created_at, updated_at, member_id, kind, auth_method, email_enc, email_bidx, email_masked, identifier_verified_at, verified_how,
                             first_name, last_name, display_name, country_code, status, risk_score, last_login_at, login_count)
SELECT md5('bench person ' || n)::uuid, t.at, t.at, 'FASTAR' || 5000000000 + n, CASE WHEN n % 20 = 0 THEN 'vendor' ELSE 'client' END::identity.user_kind, 'email',
       sha256('box'), sha256(('bench person ' || n)::bytea), 'p•••@e•••.com', t.at, 'otp', f.name, l.name, f.name || ' ' || l.name, 'NG',
       CASE WHEN n % 50 = 0 THEN 'suspended' WHEN n % 97 = 0 THEN 'closed' ELSE 'active' END::identity.user_status, n % 100, t.at + interval '3 days', n % 40
  FROM generate_series($1::bigint, $2::bigint) AS n
 CROSS JOIN LATERAL (SELECT now() - (n % 525600) * interval '1 minute' - n * interval '1 microsecond' AS at) AS t
 CROSS JOIN LATERAL (SELECT (ARRAY['Ada','Bisi','Chika','Dami','Ebere','Folake','Gbenga','Hauwa','Ikenna','Jide','Kehinde','Lami'])[1 + n % 12] AS name) AS f
 CROSS JOIN LATERAL (SELECT (ARRAY['Abiola','Bassey','Chukwu','Danjuma','Ekwueme','Falade','Garba','Hassan','Igwe','Johnson','Kalu','Lawal','Nnamdi'])[1 + n % 13] AS name) AS l`;

const clients = `
INSERT INTO identity.client (id, user_id, created_at, updated_at, total_orders)
SELECT md5('bench client ' || id)::uuid, id, created_at, created_at, login_count FROM identity."user" WHERE member_id LIKE 'FASTAR5%' AND kind = 'client'`;

const perBatch = 100_000;
const crowded = ['identity."user"', 'identity.client'];

/** Names of the triggers that fire in every role: those of the audit trail. */
async function alwaysOn(client: pg.Client, table: string): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT quote_ident(tgname) AS name FROM pg_trigger WHERE tgrelid = $1::regclass AND tgenabled = 'A'`,
    [table],
  );
  return rows.map(({ name }) => name);
}

/** Switches triggers of a table off, or on again as the migrations made them. */
async function setTriggers(client: pg.Client, table: string, names: readonly string[], how: 'DISABLE' | 'ENABLE ALWAYS'): Promise<void> {
  for (const name of names) await client.query(`ALTER TABLE ${table} ${how} TRIGGER ${name}`);
}

/**
 * Fills a database with customers by plain SQL, as superuser and past the triggers: this many by commands would take a day. Names
 * repeat, times lie within a year, one in fifty is suspended. Ends with fresh statistics.
 */
export async function loadCrowd(adminUrl: string, people: number): Promise<number> {
  const began = performance.now();
  const client = new pg.Client({ connectionString: adminUrl });
  await client.connect();
  try {
    await client.query("SET session_replication_role = 'replica'; SET synchronous_commit = off; SET maintenance_work_mem = '512MB'");
    const audited: { table: string; triggers: readonly string[] }[] = [];
    for (const table of crowded) audited.push({ table, triggers: await alwaysOn(client, table) });
    for (const { table, triggers } of audited) await setTriggers(client, table, triggers, 'DISABLE');
    for (let from = 1; from <= people; from += perBatch) {
      await client.query(customers, [from, Math.min(from + perBatch - 1, people)]);
    }
    await client.query(clients);
    for (const { table, triggers } of audited) await setTriggers(client, table, triggers, 'ENABLE ALWAYS');
    await client.query('VACUUM ANALYZE identity."user"');
    await client.query('VACUUM ANALYZE identity.client');
  } finally {
    await client.end();
  }
  return (performance.now() - began) / 1000;
}
