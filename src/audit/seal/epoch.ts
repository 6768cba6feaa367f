import { inTransaction, type OpenBatch, type SealDeps, signBatch } from './sealer.ts';

/** The epoch that begins, and how many rows of the one before had to be sealed by id. */
export type StartedEpoch = { epoch: number; remaining: number };

/**
 * Starts the next epoch, in one transaction: seals every row that has no leaf by id, then writes the epoch and its control row. For an
 * operator, after a restore or an upgrade that changed the transaction numbers (docs/runbooks/epoch-restart.md). Waits for open
 * writers, and writers wait for it. Safe to repeat after a failure: nothing is kept of one that did not commit.
 * @param reason at least 10 characters; becomes part of the history
 */
export async function startEpoch(deps: SealDeps, reason: string): Promise<StartedEpoch> {
  return inTransaction(deps, async (client) => {
    const { rows } = await client.query<OpenBatch & { new_epoch: number }>(startSql, [reason]);
    const [batch] = rows;
    if (!batch) throw new Error('audit.start_epoch gives one row');
    const remaining = Number(batch.to_size) - Number(batch.from_size);
    if (remaining > 0) await signBatch(deps, client, batch);
    return { epoch: batch.new_epoch, remaining };
  });
}

const startSql =
  'SELECT new_epoch, from_size, to_size, epoch, watermark::text AS watermark, at, frontier, leaves FROM audit.start_epoch($1)';
