import { createPrivateKey, hash, sign } from 'node:crypto';
import type { CommandDeps } from '../../foundation/command/command.ts';
import { canonicalJson } from '../proof/canonical-json.ts';
import { checkpointText } from '../proof/checkpoint.ts';
import { type ExportManifest, exportFiles, type ProofFile, proofFile, proofFileFormat } from '../proof/export-manifest.ts';
import { signingKeyAt } from '../seal/signing-key.ts';
import type { RowProof } from './row-proof.queries.ts';

type Proved = Extract<RowProof, { state: 'sealed' }>;

/**
 * The proof of one row as a file of its own: `npm run audit:verify -- --export FILE --keys FILE` checks it without a database.
 * @param actionId the action by which the download was recorded, before it is written
 */
export function makeProofFile(deps: Pick<CommandDeps, 'config' | 'clock'>, proved: Proved, actionId: string): string {
  const { row, path, sealed, checkpoint } = proved;
  const rows = [row];
  const proofs = [{ seq: sealed.seq, path: path.map((node) => node.toString('hex')) }];
  const at = `${deps.clock.now().toISOString().slice(0, -1)}000Z`;
  const { keyId, privateKey } = signingKeyAt(deps.config, at);
  const bodies = [row.value, row.snapshot].filter((part) => part !== null);
  const absent = bodies.filter((part) => 'absent' in part).length;
  const manifest: ExportManifest = {
    v: 1,
    format: proofFileFormat,
    origin: checkpoint.origin,
    at,
    actionId,
    filter: { row: sealed.rowId },
    counts: {
      rows: 1,
      events: row.kind === 'event' ? 1 : 0,
      actions: row.kind === 'action' ? 1 : 0,
      controls: row.kind === 'control' ? 1 : 0,
      bodies: bodies.length - absent,
      absent,
    },
    files: [fileOf(exportFiles.rows, rows), fileOf(exportFiles.proofs, proofs)],
    checkpoint: { text: checkpointText(checkpoint, checkpoint.keyId), signature: checkpoint.signature },
    keyId,
  };
  const digest = hash('sha256', canonicalJson(manifest), 'buffer');
  const signature = sign(null, digest, createPrivateKey({ key: privateKey, format: 'jwk' })).toString('base64');
  const file: ProofFile = { format: proofFileFormat, manifest, signature, rows, proofs };
  return `${JSON.stringify(proofFile.parse(file), null, 2)}\n`;
}

function fileOf(name: string, items: readonly unknown[]): ExportManifest['files'][number] {
  const lines = items.map((item) => `${canonicalJson(item)}\n`).join('');
  return { name, sha256: hash('sha256', lines, 'hex'), rows: items.length };
}
