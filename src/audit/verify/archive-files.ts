import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { createZstdDecompress } from 'node:zlib';
import { type ArchivedRow, archiveLine, leafLine, type PartitionSealBody } from '../proof/archive-format.ts';
import { canonicalJson } from '../proof/canonical-json.ts';
import { commitSnapshot, commitValue } from '../proof/commitment.ts';
import { leafHashOfText, leafKinds } from '../proof/leaf.ts';
import type { FaultLog } from './faults.ts';

/**
 * Compares each archive that is in the folder with its seal: the file's SHA-256, then every line: leaf objects give their leaves,
 * clear contents their commitments, and the leaves together what was sealed. Returns how many files were there; one that lies
 * elsewhere is no fault, its leaves are proved without it.
 */
export async function compareArchiveFiles(folder: string | null, seals: readonly PartitionSealBody[], faults: FaultLog): Promise<number> {
  let compared = 0;
  if (folder === null) return compared;
  for (const seal of seals) {
    const path = join(folder, seal.file);
    if (!/^[\w.-]+$/.test(seal.file) || !existsSync(path)) continue;
    compared += 1;
    const wrong = (await hashOf(path)) === seal.sha256 ? await firstWrong(path, seal) : 'its SHA-256 is not the sealed one';
    if (wrong)
      faults.add('archive_altered', `${seal.file}: ${wrong}`, {
        seq: Number(seal.firstSeq),
        table: 'audit.partition_seal',
        id: seal.month,
      });
  }
  return compared;
}

async function hashOf(path: string): Promise<string> {
  const digest = createHash('sha256');
  for await (const part of createReadStream(path)) digest.update(part);
  return digest.digest('hex');
}

/** What is wrong within a file whose SHA-256 is right: then the archive was wrong when it was made. */
async function firstWrong(path: string, seal: PartitionSealBody): Promise<string | null> {
  const leaves = createHash('sha256');
  let rows = 0;
  try {
    for await (const line of linesOf(path)) {
      const read = archiveLine.parse(JSON.parse(line));
      if (read.k !== 'row') continue;
      if (!isItself(read)) return `the row of leaf ${read.seq} does not give its leaf or its commitments`;
      const { id, at, k } = read.leaf;
      leaves.update(leafLine({ seq: read.seq, rowId: id, at, kind: leafKinds[k], leaf: Buffer.from(read.hash, 'hex') }));
      rows += 1;
    }
  } catch (error) {
    return `it cannot be read: ${String(error)}`;
  }
  const isWhole = rows === Number(seal.events) + Number(seal.actions) && leaves.digest('hex') === seal.leaves;
  return isWhole ? null : 'its leaves are not the sealed ones';
}

/** A pipeline, so that a broken file ends the reading with its error; read by pieces, since a month does not fit in memory. */
async function* linesOf(path: string): AsyncGenerator<string> {
  const text = pipeline(createReadStream(path), createZstdDecompress(), () => undefined).setEncoding('utf8');
  let rest = '';
  for await (const part of text) {
    const lines = `${rest}${part}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}

function isItself({ leaf, hash, value, snapshot }: ArchivedRow): boolean {
  if (leafHashOfText(canonicalJson(leaf)).toString('hex') !== hash) return false;
  const snap: unknown = leaf['snap'];
  return fits(value, leaf.value, commitValue) && fits(snapshot, snap, commitSnapshot);
}

/** Contents under a person's key, or erased, are not to be checked by anybody who may not read them. */
function fits(content: ArchivedRow['value'], commitment: unknown, commit: (salt: Buffer, body: string) => Buffer): boolean {
  if (!content || !('salt' in content)) return true;
  return commit(Buffer.from(content.salt, 'hex'), content.body).toString('hex') === commitment;
}
