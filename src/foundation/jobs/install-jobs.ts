import pg from 'pg';
import { PgBoss } from 'pg-boss';
import { deadLetterOptions, deadLetterQueueOf, mutableOptions, type QueuePlan, queueSchema } from './queue-plan.ts';

/**
 * Creates or brings up to date the pg-boss schema, each queue (a partition of its own) and each dead-letter queue, and
 * grants the roles what they need. Runs at migrate time with the administrative or the migrator's URL: the worker's login
 * may not run DDL. All of it belongs to `migrator`.
 * Safe to repeat; queues that are no longer planned stay, with their jobs.
 */
export async function installJobs(adminUrl: string, plans: readonly QueuePlan[]): Promise<void> {
  const owner = await prepareSchema(adminUrl);
  const boss = new PgBoss({
    connectionString: adminUrl,
    ...(owner ? { options: `-c role=${owner}` } : {}),
    schema: queueSchema,
    max: 1,
    createSchema: false,
    supervise: false,
    schedule: false,
  });
  let failure: Error | null = null;
  boss.on('error', (error) => {
    failure = error;
  });
  await boss.start();
  try {
    for (const plan of plans) await installQueue(boss, plan);
  } finally {
    await boss.stop({ graceful: false });
  }
  if (failure) throw failure;
  await withClient(adminUrl, (client) => client.query(grants));
}

async function installQueue(boss: PgBoss, plan: QueuePlan): Promise<void> {
  const deadLetter = deadLetterQueueOf(plan.queue);
  const known = await boss.getQueue(plan.queue);
  if (known) {
    if (known.policy !== plan.policy)
      throw new Error(`Queue ${plan.queue} was made with policy ${known.policy}; a new policy needs a new queue name`);
    await boss.updateQueue(plan.queue, mutableOptions(plan));
    return;
  }
  await boss.createQueue(deadLetter, deadLetterOptions);
  await boss.createQueue(plan.queue, { policy: plan.policy, partition: true, ...mutableOptions(plan) });
}

/** The migrations make the schema and its owner. Without them (a bare database) it is made here. @returns the owning role, if it exists */
async function prepareSchema(adminUrl: string): Promise<string | null> {
  return withClient(adminUrl, async (client) => {
    const known = await client.query('SELECT 1 FROM pg_namespace WHERE nspname = $1', [queueSchema]);
    if (known.rowCount === 0) await client.query(`CREATE SCHEMA ${queueSchema}`);
    const { rows } = await client.query<{ owner: string }>(
      `SELECT rolname AS owner FROM pg_roles WHERE rolname = 'migrator'
         AND has_schema_privilege('migrator', '${queueSchema}', 'CREATE') AND pg_has_role(current_user, 'migrator', 'MEMBER')`,
    );
    return rows[0]?.owner ?? null;
  });
}

async function withClient<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/**
 * The worker works the queues; the web role only reads them (dead-letter page, queue lag). Nobody else sees them.
 * Partitions are reached through their own name by pg-boss, so the grant covers all tables of the schema.
 */
const grants = `
DO $$
BEGIN
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'app_worker') THEN
    GRANT USAGE ON SCHEMA ${queueSchema} TO app_worker;
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${queueSchema} TO app_worker;
    GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA ${queueSchema} TO app_worker;
    GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${queueSchema} TO app_worker;
  END IF;
  IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'app_web') THEN
    GRANT USAGE ON SCHEMA ${queueSchema} TO app_web;
    REVOKE ALL ON ALL TABLES IN SCHEMA ${queueSchema} FROM app_web;
    GRANT SELECT ON ALL TABLES IN SCHEMA ${queueSchema} TO app_web;
  END IF;
END
$$`;
