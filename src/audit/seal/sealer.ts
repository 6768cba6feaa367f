import type pg from 'pg';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { type Checkpoint, checkpointText, signCheckpoint } from '../proof/checkpoint.ts';
import { Frontier } from '../proof/merkle.ts';
import { signingKeyAt } from './signing-key.ts';

/** What the sealer needs; the database must be open as `app_worker`. */
export type SealDeps = Pick<CommandDeps, 'config' | 'database' | 'log'>;

/** Leaves `from` (included) to `to` (excluded) got their place in the tree, under one signature. */
export type SealedRange = { from: number; to: number };

/** Rows of a batch; more only where one transaction alone wrote more. */
export const sealBatchRows = 5_000;

/**
 * The transaction numbers of this database are not those of the epoch (another cluster, or numbers that went back). Nothing is sealed
 * until an operator starts the next epoch: docs/runbooks/epoch-restart.md.
 */
export class EpochRequiredError extends Error {
  override name = 'EpochRequiredError';
}

/**
 * Seals the next batch in one transaction: the database writes the leaves of all rows that the watermark rule allows (audit.md section
 * 7), this process grows the tree and signs it. Safe to repeat and to kill at any point: what is not committed did not happen, and a
 * second sealer waits for the first. Null when there was nothing to seal.
 * @throws EpochRequiredError
 */
export async function sealBatch(deps: SealDeps, rows: number = sealBatchRows): Promise<SealedRange | null> {
  return inTransaction(deps, async (client) => {
    const batch = await client.query<OpenBatch>(openBatchSql, [rows]).then(({ rows: [row] }) => row);
    if (!batch || batch.from_size === batch.to_size) return null;
    await signBatch(deps, client, batch);
    return { from: Number(batch.from_size), to: Number(batch.to_size) };
  });
}

/** Batch after batch until two passes in a row found nothing, or the signal asks to stop. Returns how many rows were sealed. */
export async function sealAll(deps: SealDeps, signal?: AbortSignal): Promise<number> {
  let sealed = 0;
  for (let empty = 0; empty < 2 && !signal?.aborted; ) {
    const range = await sealBatch(deps);
    empty = range ? 0 : empty + 1;
    if (range) sealed += range.to - range.from;
  }
  return sealed;
}

/** A batch whose leaves are written in this transaction and whose checkpoint is not. Sizes and xids as decimal text. */
export type OpenBatch = {
  from_size: string;
  to_size: string;
  epoch: number;
  watermark: string;
  at: string;
  frontier: Buffer[];
  leaves: Buffer;
};

const openBatchSql = 'SELECT from_size, to_size, epoch, watermark::text AS watermark, at, frontier, leaves FROM audit.append_leaves($1)';

/** Grows the tree by the batch, signs it and writes the checkpoint. */
export async function signBatch({ config }: SealDeps, client: pg.PoolClient, batch: OpenBatch): Promise<void> {
  const key = signingKeyAt(config, batch.at);
  const tree = new Frontier(Number(batch.from_size), batch.frontier);
  tree.appendAll(batch.leaves);
  const { epoch, watermark, at } = batch;
  const checkpoint: Checkpoint = { origin: config.auditOrigin, epoch, size: tree.size, root: tree.root(), watermark, at };
  const signature = signCheckpoint(checkpointText(checkpoint, key.keyId), key.privateKey);
  await client.query('SELECT audit.append_checkpoint($1, $2, $3, $4, $5)', [
    batch.to_size,
    checkpoint.root,
    tree.roots,
    key.keyId,
    Buffer.from(signature, 'base64'),
  ]);
}

const epochRequired = 'AU010';

/** Runs the work on one connection between BEGIN and COMMIT. A broken connection is thrown away, not given back. */
export async function inTransaction<T>({ database }: SealDeps, work: (client: pg.PoolClient) => Promise<T>): Promise<T> {
  const client = await database.pool.connect();
  let broken: Error | undefined;
  const onError = (error: Error) => {
    broken = error;
  };
  client.on('error', onError);
  try {
    await client.query('BEGIN');
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(onError);
    if (typeof error === 'object' && error !== null && 'code' in error && error.code === epochRequired) {
      throw new EpochRequiredError('The transaction numbers are not those of the epoch: an operator must start the next one.', {
        cause: error,
      });
    }
    throw error;
  } finally {
    client.removeListener('error', onError);
    client.release(broken);
  }
}
