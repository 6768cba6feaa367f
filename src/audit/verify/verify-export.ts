import { createPublicKey, hash, verify } from 'node:crypto';
import { canonicalJson } from '../proof/canonical-json.ts';
import { parseCheckpoint, verifyCheckpoint } from '../proof/checkpoint.ts';
import { exportFiles, exportProof, exportRow } from '../proof/export-manifest.ts';
import { type PinnedKey, pinnedKeyAt } from '../proof/pinned-keys.ts';
import { checkExportRow, type ExportCounts, noCounts } from './export-row.ts';
import { type ExportSource, openExport } from './export-source.ts';

/** What may be wrong with an export. `seq` is null where it is not about a row. */
export type ExportFault = { seq: number | null; file: string; detail: string };

export type ExportResult = {
  outcome: 'valid' | 'faults';
  origin: string;
  at: string;
  actionId: string;
  filter: Readonly<Record<string, unknown>>;
  rows: number;
  proofs: number;
  bodies: number;
  absent: number;
  files: number;
  /** Leaves of the tree that every row was proved to be in, and its time. */
  checkpoint: { size: number; at: string; keyId: string } | null;
  faultCount: number;
  /** The first hundred. */
  faults: readonly ExportFault[];
  warnings: readonly string[];
};

const faultsKept = 100;

/**
 * Checks an export with nothing but itself and the pinned public keys: the manifest's signature, every file's SHA-256, the
 * checkpoint's signature, and for each row its leaf, its path to the checkpoint's root and its content's commitments. That the
 * export holds every row its filter asks for is the word of the signer; the tree proves what is in it, not what is not.
 */
export async function verifyExport(options: { path: string; keys: readonly PinnedKey[] }): Promise<ExportResult> {
  const source = await openExport(options.path);
  const { manifest } = source;
  const found: ExportFault[] = [];
  let faultCount = 0;
  const fault = (file: string, detail: string, seq: number | null = null) => {
    faultCount += 1;
    if (found.length < faultsKept) found.push({ seq, file, detail });
  };
  const checkpoint = checkSignatures(source, options.keys, (detail) => fault(exportFiles.manifest, detail));
  await checkFiles(source, fault);
  const counts = await checkRows(source, checkpoint, fault);
  for (const [name, value] of Object.entries(manifest.counts)) {
    const counted = new Map<string, number>(Object.entries(counts)).get(name);
    if (counted !== value) fault(exportFiles.manifest, `it says ${value} ${name}, the files hold ${counted}`);
  }
  return {
    outcome: faultCount === 0 ? 'valid' : 'faults',
    origin: manifest.origin,
    at: manifest.at,
    actionId: manifest.actionId,
    filter: manifest.filter,
    rows: counts.rows,
    proofs: counts.proofs,
    bodies: counts.bodies,
    absent: counts.absent,
    files: manifest.files.length,
    checkpoint: checkpoint ? { size: checkpoint.size, at: checkpoint.at, keyId: checkpoint.keyId } : null,
    faultCount,
    faults: found,
    warnings: source.strangers.map((name) => `${name} is not part of the export`),
  };
}

type OpenCheckpoint = NonNullable<ReturnType<typeof parseCheckpoint>>;

function checkSignatures(source: ExportSource, keys: readonly PinnedKey[], fault: (detail: string) => void): OpenCheckpoint | null {
  const { manifest, manifestText, signature } = source;
  if (canonicalJson(manifest) !== manifestText) fault('it is not canonical JSON');
  const key = pinnedKeyAt(keys, manifest.keyId, manifest.at);
  if (!key) fault(`it is signed with key ${manifest.keyId}, which is not pinned for ${manifest.at}`);
  else if (!isSigned(manifestText, signature, key)) fault('its signature does not fit');
  const state = verifyCheckpoint(manifest.checkpoint.text, manifest.checkpoint.signature, keys);
  if (state !== 'valid') fault(`the signature of its checkpoint is not good: ${state}`);
  const checkpoint = parseCheckpoint(manifest.checkpoint.text);
  if (checkpoint && checkpoint.origin !== manifest.origin) fault(`its checkpoint is of ${checkpoint.origin}, not of ${manifest.origin}`);
  return checkpoint;
}

/** Ed25519 over the SHA-256 of the manifest's bytes. */
function isSigned(text: string, signature: string, key: PinnedKey): boolean {
  const x = Buffer.from(key.publicKey, 'base64').toString('base64url');
  const publicKey = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
  return verify(null, hash('sha256', text, 'buffer'), publicKey, Buffer.from(signature, 'base64'));
}

type AddFault = (file: string, detail: string, seq?: number | null) => void;

async function checkFiles(source: ExportSource, fault: AddFault): Promise<void> {
  const named = new Set(source.manifest.files.map((file) => file.name));
  for (const needed of [exportFiles.rows, exportFiles.proofs]) {
    if (!named.has(needed)) fault(exportFiles.manifest, `it does not name ${needed}`);
  }
  for (const file of source.manifest.files) {
    const found = await source.hashOf(file.name);
    if (found === null) fault(file.name, 'the file is not there');
    else if (found !== file.sha256) fault(file.name, 'its SHA-256 is not that of the manifest');
  }
}

/** Rows and proofs side by side: line n of one belongs to line n of the other. */
async function checkRows(source: ExportSource, checkpoint: OpenCheckpoint | null, fault: AddFault): Promise<ExportCounts> {
  const counts = noCounts();
  const proofs = linesOf(source, exportFiles.proofs);
  let last = -1;
  for await (const line of linesOf(source, exportFiles.rows)) {
    const proofLine = await proofs.next();
    const row = read(line, exportRow);
    const proof = proofLine.done ? null : read(proofLine.value, exportProof);
    counts.rows += 1;
    if (proof) counts.proofs += 1;
    if (!row) fault(exportFiles.rows, `line ${counts.rows} is not a row in canonical JSON`);
    else {
      if (row.seq <= last) fault(exportFiles.rows, 'the rows are not in the order of their numbers', row.seq);
      last = row.seq;
      const details = checkExportRow({ row, proof, checkpoint, filter: source.manifest.filter }, counts);
      for (const detail of details) fault(exportFiles.rows, detail, row.seq);
    }
  }
  for (let rest = await proofs.next(); !rest.done; rest = await proofs.next()) {
    counts.proofs += 1;
    fault(exportFiles.proofs, `line ${counts.proofs} proves no row`);
  }
  return counts;
}

/** No lines where there is no such file; that it is missing is a fault of its own. */
async function* linesOf(source: ExportSource, name: string): AsyncGenerator<string> {
  if ((await source.hashOf(name)) !== null) yield* source.lines(name);
}

function read<Shape>(line: string, shape: { safeParse(value: unknown): { success: boolean; data?: Shape } }): Shape | null {
  try {
    const parsed: unknown = JSON.parse(line);
    return canonicalJson(parsed) === line ? (shape.safeParse(parsed).data ?? null) : null;
  } catch {
    return null;
  }
}

/** The result for people; the last line is VALID where everything fits. */
export function renderExport(result: ExportResult): string {
  const { checkpoint } = result;
  const figures: readonly (readonly [string, string])[] = [
    ['origin', result.origin],
    ['exported', `${result.at}, action ${result.actionId}`],
    ['filter', JSON.stringify(result.filter)],
    ['rows', `${result.rows} with ${result.proofs} proofs`],
    ['values', `${result.bodies} checked, ${result.absent} not included`],
    ['files', String(result.files)],
    ['checkpoint', checkpoint ? `${checkpoint.size} leaves, ${checkpoint.at}, key ${checkpoint.keyId}` : 'unreadable'],
  ];
  const lines = figures.map(([name, value]) => `${name.padEnd(12)}${value}`);
  lines.push(...result.warnings.map((warning) => `WARNING ${warning}`));
  lines.push(...result.faults.map((fault) => `FAULT export seq=${fault.seq ?? '-'} file=${fault.file} ${fault.detail}`));
  if (result.faultCount > result.faults.length) lines.push(`and ${result.faultCount - result.faults.length} more faults`);
  if (result.faultCount === 0) lines.push('VALID');
  return `${lines.join('\n')}\n`;
}
