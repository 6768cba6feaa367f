import { existsSync, readFileSync } from 'node:fs';
import type { Config } from '../../../foundation/config/config.ts';
import { type Checkpoint, checkpointText, verifyCheckpoint } from '../../proof/checkpoint.ts';
import { parsePinnedKeys } from '../../proof/pinned-keys.ts';
import type { ExportReader } from './export-reader.ts';
import { ProofFailedError } from './export-rows.ts';

type Row = { size: string; at: string; epoch: number; watermark: string; root: Buffer; key_id: string; sig: Buffer };

/**
 * The last checkpoint, if a pinned key signed it.
 * @throws ProofFailedError where its signature does not hold, or where nothing is sealed yet
 */
export async function readTrustedCheckpoint(
  reader: ExportReader,
  config: Pick<Config, 'auditOrigin' | 'auditKeysFile'>,
): Promise<Checkpoint & { keyId: string; signature: string }> {
  const { rows } = await reader.query<Row>(
    `SELECT c.size, to_char(c.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, c.epoch, c.watermark::text AS watermark, c.root,
            c.key_id, c.sig FROM audit.checkpoint AS c ORDER BY c.size DESC LIMIT 1`,
  );
  const [row] = rows;
  if (!row) throw new ProofFailedError(0, 'nothing is sealed yet');
  const { epoch, watermark, at, root, key_id: keyId } = row;
  const checkpoint = { origin: config.auditOrigin, epoch, watermark, at, root, size: Number(row.size) };
  const signature = row.sig.toString('base64');
  const keys = existsSync(config.auditKeysFile) ? parsePinnedKeys(readFileSync(config.auditKeysFile, 'utf8')) : [];
  const state = verifyCheckpoint(checkpointText(checkpoint, keyId), signature, keys);
  if (state !== 'valid') throw new ProofFailedError(checkpoint.size - 1, `the signature of the last checkpoint does not hold (${state})`);
  return { ...checkpoint, keyId, signature };
}
