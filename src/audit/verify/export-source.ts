import { createHash } from 'node:crypto';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { canonicalJson } from '../proof/canonical-json.ts';
import { type ExportManifest, exportFiles, exportManifest, proofFile } from '../proof/export-manifest.ts';

/** An export as the verifier sees it, whether a folder or one file. */
export type ExportSource = {
  manifest: ExportManifest;
  /** The bytes that were signed are the SHA-256 of these. */
  manifestText: string;
  /** Base64. */
  signature: string;
  /** Lines of a file with their line ends taken off. */
  lines(name: string): AsyncIterable<string>;
  /** SHA-256 of a file in hex; null where it is not there. */
  hashOf(name: string): Promise<string | null>;
  /** Files that lie beside those the manifest may name. */
  strangers: readonly string[];
};

/** Throws with one clear sentence where there is no export to read. */
export async function openExport(path: string): Promise<ExportSource> {
  if (!existsSync(path)) throw new Error(`${path} does not exist.`);
  return statSync(path).isDirectory() ? openFolder(path) : openFile(path);
}

async function openFolder(folder: string): Promise<ExportSource> {
  const manifestText = await readFile(join(folder, exportFiles.manifest), 'utf8');
  const manifest = exportManifest.parse(JSON.parse(manifestText));
  const known = new Set<string>([exportFiles.manifest, exportFiles.signature, ...manifest.files.map((file) => file.name)]);
  return {
    manifest,
    manifestText,
    signature: (await readFile(join(folder, exportFiles.signature), 'utf8')).trim(),
    lines: (name) => createInterface({ input: createReadStream(join(folder, name)), crlfDelay: Number.POSITIVE_INFINITY }),
    hashOf: (name) => hashOfFile(join(folder, name)),
    strangers: (await readdir(folder)).filter((name) => !known.has(name)).sort(),
  };
}

/** The names in a manifest hold no slash, so that they cannot lead out of the folder. */
async function hashOfFile(path: string): Promise<string | null> {
  if (!existsSync(path)) return null;
  const digest = createHash('sha256');
  for await (const part of createReadStream(path)) digest.update(part);
  return digest.digest('hex');
}

async function openFile(path: string): Promise<ExportSource> {
  const proof = proofFile.parse(JSON.parse(await readFile(path, 'utf8')));
  const texts = new Map([
    [exportFiles.rows, proof.rows.map((row) => canonicalJson(row))],
    [exportFiles.proofs, proof.proofs.map((one) => canonicalJson(one))],
  ] as [string, string[]][]);
  return {
    manifest: proof.manifest,
    manifestText: canonicalJson(proof.manifest),
    signature: proof.signature,
    lines: async function* (name) {
      yield* texts.get(name) ?? [];
    },
    hashOf: async (name) => {
      const lines = texts.get(name);
      return lines
        ? createHash('sha256')
            .update(lines.map((line) => `${line}\n`).join(''))
            .digest('hex')
        : null;
    },
    strangers: [],
  };
}
