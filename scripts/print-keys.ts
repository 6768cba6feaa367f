import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { addPinnedKey, endPinnedKey, type PinnedKey, parsePinnedKeys, writePinnedKeys } from '../src/audit/proof/pinned-keys.ts';
import { pinnedKeyOf } from '../src/audit/seal/signing-key.ts';
import { resolveSecrets, secretNames } from '../src/foundation/config/secrets.ts';
import { PlainFailure, runScript } from './plain-failure.ts';

// `npm run keys`: prints a fresh set of keys as lines for an environment file; they are made as those of the demo are, and kept nowhere.
//   --only NAME,NAME      just these, to rotate one
//   --public-keys FILE    adds the public half of a new AUDIT_SIGNING_KEY to that AUDIT_KEYS_FILE; what is in it stays
//   --end KEY_ID          with --public-keys: prints no keys, but ends that one as of now
await runScript(async () => {
  const { values } = parseArgs({ options: { only: { type: 'string' }, 'public-keys': { type: 'string' }, end: { type: 'string' } } });
  const file = values['public-keys'];
  if (values.end !== undefined) {
    if (file === undefined) throw new PlainFailure('--end needs --public-keys FILE.');
    writeFileSync(file, writePinnedKeys(endPinnedKey(readList(file), values.end, now())));
    return;
  }
  const { lines, pinned } = freshKeys(wantedNames(values.only));
  if (pinned && file !== undefined) writeFileSync(file, writePinnedKeys(addPinnedKey(readList(file), pinned)));
  process.stdout.write([...lines, ...(pinned ? pinnedLines(pinned, file) : [])].map((line) => `${line}\n`).join(''));
});

/** The lines of the wanted keys; `pinned` is the entry of a new AUDIT_SIGNING_KEY. */
function freshKeys(wanted: readonly string[]): { lines: string[]; pinned: PinnedKey | null } {
  const folder = mkdtempSync(join(tmpdir(), 'fashionistar-keys-'));
  try {
    const { auditSigningKey } = resolveSecrets({}, false, folder);
    const keys = z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(join(folder, 'secrets.json'), 'utf8')));
    return {
      lines: wanted.map((name) => `${name}='${keys[name] ?? ''}'`),
      pinned: wanted.includes('AUDIT_SIGNING_KEY') ? pinnedKeyOf(auditSigningKey, now()) : null,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function wantedNames(only: string | undefined): readonly string[] {
  const wanted = only?.split(',') ?? secretNames;
  const unknown = wanted.filter((name) => !secretNames.some((known) => known === name));
  if (unknown.length > 0) throw new PlainFailure(`No such key: ${unknown.join(', ')}. There are: ${secretNames.join(', ')}.`);
  return wanted;
}

function pinnedLines(pinned: PinnedKey, file: string | undefined): string[] {
  const where =
    file === undefined ? 'AUDIT_KEYS_FILE must name a file with this list' : `It was added to ${file}, which AUDIT_KEYS_FILE must name`;
  return [`# The public half of AUDIT_SIGNING_KEY. ${where}; whoever verifies needs it too.`, `# ${JSON.stringify([pinned])}`];
}

function readList(file: string): PinnedKey[] {
  return existsSync(file) ? parsePinnedKeys(readFileSync(file, 'utf8')) : [];
}

function now(): string {
  return new Date().toISOString();
}
