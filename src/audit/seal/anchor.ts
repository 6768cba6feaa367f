import type { CommandDeps } from '../../foundation/command/command.ts';
import { anchorName, anchorText } from '../proof/anchor-text.ts';
import { checkpointText, verifyCheckpoint } from '../proof/checkpoint.ts';
import { type AnchorTarget, anchorTargets } from './anchor-targets.ts';
import { readPinnedKeys } from './signing-key.ts';

type AnchorDeps = Pick<CommandDeps, 'config' | 'database' | 'log'>;

/** A signed checkpoint as targets take it. */
type Signed = { size: number; text: string; signature: string };

/**
 * Copies the last checkpoint to each target and notes it in audit.anchor. Repeating it is harmless: a copy that is there is compared,
 * never replaced. One target that fails does not keep the others from theirs. Returns the size that was copied; null before the first
 * checkpoint.
 * @throws AggregateError of what failed, an AnchorConflictError or a database behind its anchors included
 */
export async function anchorLast(deps: AnchorDeps): Promise<number | null> {
  const last = await readLastCheckpoint(deps);
  if (!last) return null;
  refuseBadSignature(deps, last);
  const failures: unknown[] = [];
  for (const target of anchorTargets(deps.config)) {
    try {
      await anchorAt(deps, target, last);
    } catch (error) {
      deps.log.error({ event: 'audit.anchor_failed', target: target.name, size: last.size, error }, 'a checkpoint is not anchored');
      failures.push(error);
    }
  }
  if (failures.length > 0)
    throw new AggregateError(failures, `${failures.length} anchor target(s) failed: ${failures.map(String).join('; ')}`);
  return last.size;
}

async function anchorAt({ database }: AnchorDeps, target: AnchorTarget, { size, text, signature }: Signed): Promise<void> {
  const largest = await target.largest();
  if (largest !== null && largest > size) {
    throw new Error(`The database ends at ${size} leaves, but ${target.name} has an anchor of ${largest}: the newest rows are missing.`);
  }
  const ref = await target.put(anchorName(size), anchorText(text, signature));
  await database.pool.query('SELECT audit.mark_anchored($1, $2, $3)', [size, target.name, ref]);
}

/** To copy a checkpoint that nobody can check would make a forged one look old. */
function refuseBadSignature({ config }: AnchorDeps, { size, text, signature }: Signed): void {
  const state = verifyCheckpoint(text, signature, readPinnedKeys(config.auditKeysFile));
  if (state !== 'valid') throw new Error(`The checkpoint of ${size} leaves is not anchored: its signature is ${state}.`);
}

async function readLastCheckpoint({ config, database }: AnchorDeps): Promise<Signed | null> {
  const { rows } = await database.pool.query<{
    size: string;
    at: string;
    epoch: number;
    watermark: string;
    root: Buffer;
    keyId: string;
    sig: Buffer;
  }>(
    `SELECT c.size, to_char(c.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, c.epoch, c.watermark::text AS watermark, c.root,
            c.key_id AS "keyId", c.sig
       FROM audit.checkpoint AS c ORDER BY c.size DESC LIMIT 1`,
  );
  const [row] = rows;
  if (!row) return null;
  const { at, epoch, watermark, root } = row;
  const size = Number(row.size);
  const text = checkpointText({ origin: config.auditOrigin, epoch, size, root, watermark, at }, row.keyId);
  return { size, text, signature: row.sig.toString('base64') };
}
