import pg from 'pg';

const connectWithinMs = 10_000;
const oldestServer = 180_000;

/**
 * A connection with the administrative login. Throws one line that names DATABASE_URL, without its password, where nothing
 * answers, the login is refused or the server is older than PostgreSQL 18.
 */
export async function connectAdmin(adminUrl: string, applicationName: string): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: adminUrl,
    application_name: applicationName,
    connectionTimeoutMillis: connectWithinMs,
  });
  try {
    await client.connect();
  } catch (cause) {
    const { host, pathname, username } = new URL(adminUrl);
    throw new Error(
      `DATABASE_URL: ${username}@${host}${pathname} cannot be used: ${whyOf(cause)}. Start that database or correct the URL.`,
      {
        cause,
      },
    );
  }
  const { rows } = await client.query<{ number: string; name: string }>(
    "SELECT current_setting('server_version_num') AS number, current_setting('server_version') AS name",
  );
  if (Number(rows[0]?.number) >= oldestServer) return client;
  await client.end();
  throw new Error(`DATABASE_URL names a PostgreSQL ${rows[0]?.name}: version 18 or later is needed.`);
}

/** Where a name has several addresses, Node's own message is empty and each try has its own. */
function whyOf(cause: unknown): string {
  if (cause instanceof AggregateError) return whyOf(cause.errors[0]);
  return cause instanceof Error ? cause.message : String(cause);
}
