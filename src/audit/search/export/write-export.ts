import { createPrivateKey, hash, sign } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { CommandDeps } from '../../../foundation/command/command.ts';
import { canonicalJson } from '../../proof/canonical-json.ts';
import { type Checkpoint, checkpointText } from '../../proof/checkpoint.ts';
import { type ExportManifest, exportFiles, exportFormat } from '../../proof/export-manifest.ts';
import { verifyInclusion } from '../../proof/merkle-proof.ts';
import { signingKeyAt } from '../../seal/signing-key.ts';
import { csvFileName, csvHeading, csvLine } from './export-csv.ts';
import { type ExportFilter, type ExportFormat, manifestFilter } from './export-filter.ts';
import { readInclusionPaths } from './export-paths.ts';
import type { ExportReader } from './export-reader.ts';
import { ProofFailedError, type ProvedRow, readProvedRows } from './export-rows.ts';
import { type ChosenRow, selectRows } from './export-selection.ts';
import { openLineFile } from './line-file.ts';
import { readmeFileName, readmeText } from './readme-text.ts';
import { readTrustedCheckpoint } from './trusted-checkpoint.ts';

export type ExportSpec = {
  filter: ExportFilter;
  format: ExportFormat;
  /** The action that asked for it: recorded before anything is written, and the mark on every line. */
  actionId: string;
  /** Who asked, in words. */
  by: string;
  /** Rows at most. */
  cap: number;
};

export type ExportDeps = Pick<CommandDeps, 'config' | 'clock'> & { reader: ExportReader };

export type ExportSummary = {
  /** Names of the files, in the folder. */
  files: readonly string[];
  rows: number;
  unsealed: number;
  checkpointSize: number;
};

/** More rows than the caller may take: what is left out of an export silently would prove nothing. */
export class TooManyRowsError extends Error {
  readonly cap: number;

  constructor(cap: number) {
    super(`The export holds more than ${cap} rows. Narrow the filters.`);
    this.name = 'TooManyRowsError';
    this.cap = cap;
  }
}

const batchRows = 500;

/**
 * Writes rows, proofs, manifest and signature into an empty folder, in the format of export-manifest.ts. Each row is made anew and
 * checked against its leaf, its stored text against its commitment, its path against the root of a checkpoint whose signature the
 * pinned keys confirm. The caller removes the folder when this throws: the parts of a failed export are no export.
 * @throws ProofFailedError, TooManyRowsError
 */
export async function writeExport(
  deps: ExportDeps,
  spec: ExportSpec,
  folder: string,
  onProgress: (done: number, total: number) => void | Promise<void> = () => undefined,
): Promise<ExportSummary> {
  const { reader, config, clock } = deps;
  const checkpoint = await readTrustedCheckpoint(reader, config);
  const selection = await selectRows(reader, { filter: spec.filter, size: checkpoint.size, cap: spec.cap, now: clock.now() });
  const { rows: chosen, unsealed } = selection;
  if (chosen.length + unsealed > spec.cap) throw new TooManyRowsError(spec.cap);
  const paths = await readInclusionPaths(
    reader,
    chosen.map((row) => row.seq),
    checkpoint.size,
  );
  const files = await writeRows({ reader, checkpoint, chosen, paths, spec, folder, onProgress });
  const readme = readmeText({ spec, origin: config.auditOrigin, at: clock.now(), rows: chosen.length, unsealed });
  await writeFile(join(folder, readmeFileName), readme, { mode: 0o600 });
  files.entries.push({ name: readmeFileName, sha256: hash('sha256', readme, 'hex'), rows: readme.split('\n').length - 1 });
  await writeManifest(deps, { spec, checkpoint, files, folder });
  const names = [...files.entries.map((entry) => entry.name), exportFiles.manifest, exportFiles.signature];
  return { files: names, rows: chosen.length, unsealed, checkpointSize: checkpoint.size };
}

type SignedCheckpoint = Checkpoint & { keyId: string; signature: string };
type Written = { entries: ExportManifest['files']; counts: ExportManifest['counts'] };

async function writeRows(work: {
  reader: ExportReader;
  checkpoint: SignedCheckpoint;
  chosen: readonly ChosenRow[];
  paths: ReadonlyMap<number, readonly Buffer[]>;
  spec: ExportSpec;
  folder: string;
  onProgress: (done: number, total: number) => void | Promise<void>;
}): Promise<Written> {
  const { chosen, folder, spec } = work;
  const rows = await openLineFile(folder, exportFiles.rows);
  const proofs = await openLineFile(folder, exportFiles.proofs);
  const csv = spec.format === 'csv' ? await openLineFile(folder, csvFileName, csvHeading) : null;
  const open = [rows, proofs, ...(csv ? [csv] : [])];
  const counts = { rows: 0, events: 0, actions: 0, controls: 0, bodies: 0, absent: 0 };
  try {
    for (let at = 0; at < chosen.length; at += batchRows) {
      for (const proved of await readProvedRows(work.reader, chosen.slice(at, at + batchRows))) {
        const path = checkedPath(work, proved);
        count(counts, proved);
        await rows.add(`${canonicalJson(proved.row)}\n`);
        await proofs.add(`${canonicalJson({ seq: proved.row.seq, path })}\n`);
        await csv?.add(csvLine(proved.row, proved.hash.toString('hex'), spec.actionId));
      }
      await work.onProgress(Math.min(at + batchRows, chosen.length), chosen.length);
    }
  } finally {
    for (const file of open) await file.close();
  }
  return { entries: open.map((file) => file.entry()), counts };
}

function checkedPath(
  { checkpoint: { size, root }, paths }: { checkpoint: SignedCheckpoint; paths: ReadonlyMap<number, readonly Buffer[]> },
  { row: { seq }, hash: leaf }: ProvedRow,
): string[] {
  const path = paths.get(seq) ?? [];
  if (!verifyInclusion({ leaf, seq, size, path, root })) throw new ProofFailedError(seq, 'its path does not lead to the signed root');
  return path.map((node) => node.toString('hex'));
}

function count(counts: ExportManifest['counts'], { row }: ProvedRow): void {
  counts.rows += 1;
  counts[`${row.kind}s`] += 1;
  for (const part of [row.value, row.snapshot]) {
    if (part !== null) counts['absent' in part ? 'absent' : 'bodies'] += 1;
  }
}

async function writeManifest(
  { config, clock }: ExportDeps,
  { spec, checkpoint, files, folder }: { spec: ExportSpec; checkpoint: SignedCheckpoint; files: Written; folder: string },
): Promise<void> {
  const at = `${clock.now().toISOString().slice(0, -1)}000Z`;
  const { keyId, privateKey } = signingKeyAt(config, at);
  const manifest: ExportManifest = {
    v: 1,
    format: exportFormat,
    origin: checkpoint.origin,
    at,
    actionId: spec.actionId,
    filter: manifestFilter(spec.filter),
    counts: files.counts,
    files: files.entries,
    checkpoint: { text: checkpointText(checkpoint, checkpoint.keyId), signature: checkpoint.signature },
    keyId,
  };
  const text = canonicalJson(manifest);
  const signature = sign(null, hash('sha256', text, 'buffer'), createPrivateKey({ key: privateKey, format: 'jwk' })).toString('base64');
  await writeFile(join(folder, exportFiles.manifest), text, { mode: 0o600 });
  await writeFile(join(folder, exportFiles.signature), `${signature}\n`, { mode: 0o600 });
}
