import type { CommandDeps } from '../../foundation/command/command.ts';
import { readBodies } from '../history/stored-bodies.ts';
import { describe } from './describe.ts';
import { catchUp, lagSeconds, type SeqRange } from './progress.ts';

/**
 * Adds country, device, browser and operating system to the action rows among some leaves, from their value rows and bundled data.
 * Repeating it is harmless: audit.put_enrichment leaves a described row alone.
 */
export async function enrichRange(deps: CommandDeps, { from, to }: SeqRange): Promise<void> {
  const { rows } = await deps.database.pool.query<{ id: string; at: string }>(
    'SELECT l.row_id AS id, l.occurred_at::text AS at FROM audit.leaf AS l WHERE l.seq >= $1 AND l.seq < $2 AND l.kind = 2',
    [from, to],
  );
  const bodies = await readBodies(deps, rows);
  const described = rows.map((row) => describe(bodies.get(row.id)));
  await deps.database.pool.query('SELECT audit.put_enrichment($1::uuid[], $2::text[], $3::text[], $4::text[], $5::text[])', [
    rows.map((row) => row.id),
    described.map((row) => row.country),
    described.map((row) => row.device),
    described.map((row) => row.browser),
    described.map((row) => row.os),
  ]);
}

/** Everything sealed that has not been described yet. */
export function enrichAll(deps: CommandDeps): Promise<void> {
  return catchUp(deps, 'enrich', (range) => enrichRange(deps, range));
}

/** Age in seconds of the oldest row that still waits for enrichment, its sealing included; 0 when there is none. */
export function enrichmentLagSeconds(deps: CommandDeps): Promise<number> {
  return lagSeconds(deps, 'enrich');
}
