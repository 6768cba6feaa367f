import { createHmac } from 'node:crypto';
import pg from 'pg';
import { scramVerifier } from './scram-verifier.ts';

/** The logins of audit.md section 2. `audit_owner` has none: migrations act as it. */
export const loginRoles = ['migrator', 'app_web', 'app_worker', 'audit_reader'] as const;
export type LoginRole = (typeof loginRoles)[number];

export type RoleUrls = { migratorUrl: string; webUrl: string; workerUrl: string; readerUrl: string };

/**
 * The connection strings of the four logins, made from the administrative one. Their passwords are derived from the
 * administrative password, so that every copy that knows it agrees without keeping anything.
 */
export function roleUrls(adminUrl: string): RoleUrls {
  return {
    migratorUrl: roleUrl(adminUrl, 'migrator'),
    webUrl: roleUrl(adminUrl, 'app_web'),
    workerUrl: roleUrl(adminUrl, 'app_worker'),
    readerUrl: roleUrl(adminUrl, 'audit_reader'),
  };
}

function roleUrl(adminUrl: string, role: LoginRole): string {
  const url = new URL(adminUrl);
  url.username = role;
  url.password = adminPasswordOf(adminUrl) === '' ? '' : rolePassword(adminUrl, role);
  return url.href;
}

/** Empty where the server trusts the administrator by other means: nothing may be derived from a secret that everybody knows. */
function adminPasswordOf(adminUrl: string): string {
  return decodeURIComponent(new URL(adminUrl).password);
}

function rolePassword(adminUrl: string, role: LoginRole): string {
  return createHmac('sha256', adminPasswordOf(adminUrl)).update(`fashionistar-role:${role}`).digest('base64url');
}

/**
 * Gives the logins their passwords (none, where the administrative login has none in its URL: the operator sets them, with
 * DATABASE_WEB_URL and DATABASE_WORKER_URL) and takes from everybody else the right to connect. Safe to repeat. Only the verifier
 * reaches the server's log or catalogue: the password itself is never part of a statement.
 */
export async function setRolePasswords(adminUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: adminUrl, application_name: 'fashionistar-migrate' });
  await client.connect();
  try {
    // Roles belong to the cluster: two databases that migrate at once must not update one role at once.
    await client.query("BEGIN; SELECT pg_advisory_xact_lock(hashtextextended('fashionistar.roles', 0))");
    for (const role of loginRoles) {
      if (adminPasswordOf(adminUrl) !== '') {
        await client.query(`ALTER ROLE ${role} PASSWORD ${client.escapeLiteral(scramVerifier(rolePassword(adminUrl, role)))}`);
      }
      await client.query(`GRANT CONNECT ON DATABASE ${client.escapeIdentifier(databaseName(adminUrl))} TO ${role}`);
    }
    await client.query(`REVOKE ALL ON DATABASE ${client.escapeIdentifier(databaseName(adminUrl))} FROM PUBLIC`);
    await client.query('COMMIT');
  } finally {
    await client.end();
  }
}

function databaseName(url: string): string {
  return decodeURIComponent(new URL(url).pathname.slice(1)) || decodeURIComponent(new URL(url).username);
}
