import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { exitCodeOf, renderResult } from '../src/audit/verify/render-result.ts';
import { type VerifyOptions, type VerifyResult, verifyDatabase } from '../src/audit/verify/verify-database.ts';
import { renderExport, verifyExport } from '../src/audit/verify/verify-export.ts';
import type { VerifyScope } from '../src/audit/verify/verify-scope.ts';
import { environment } from '../src/foundation/config/environment.ts';
import { CannotRunError, readKeys, readTargets, runTool, type VerifySettings, verifySettings } from './audit-settings.ts';
import { createProgress } from './progress.ts';
import { recordRun } from './record-run.ts';

const usage = `npm run audit:verify -- [options]
  --full               everything (the default)
  --since-anchor       what came after the last anchor
  --from SEQ           from this leaf number to the end
  --record TBL:ID      the history of one record, for example identity.vendor:0198...
  --export PATH        an export folder or a proof file, without a database
  --anchors DIR        folder of anchors; AUDIT_ANCHOR_DIR, else DATA_DIR/anchors
  --archives DIR       folder of archived months; AUDIT_ARCHIVE_DIR, else DATA_DIR/archive
  --keys FILE          pinned public keys; AUDIT_KEYS_FILE, else DATA_DIR/audit-keys.json
  --no-note            do not leave a control row about this run
  --json               the result as one JSON object
Exit: 0 valid; 1 tampering, gap or truncation; 2 could not run; 3 valid, but warnings
`;

const options = {
  full: { type: 'boolean' },
  'since-anchor': { type: 'boolean' },
  from: { type: 'string' },
  record: { type: 'string' },
  export: { type: 'string' },
  anchors: { type: 'string' },
  archives: { type: 'string' },
  keys: { type: 'string' },
  'no-note': { type: 'boolean' },
  json: { type: 'boolean' },
  help: { type: 'boolean' },
} as const;

type Flags = ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];

async function main(): Promise<number> {
  const flags = readFlags();
  if (flags.help) {
    process.stdout.write(usage);
    return 0;
  }
  const settings = verifySettings(environment());
  const keys = readKeys(flags.keys ? resolve(flags.keys) : settings.keysFile);
  if (flags.export !== undefined) {
    const checked = await verifyExport({ path: resolve(flags.export), keys });
    process.stdout.write(flags.json ? `${JSON.stringify(checked)}\n` : renderExport(checked));
    return exitCodeOf(checked);
  }
  const result = await verifyWith(settings, { ...optionsOf(settings, flags), keys });
  process.stdout.write(flags.json ? `${JSON.stringify(result)}\n` : renderResult(result));
  if (!flags['no-note']) await recordRun(settings, result);
  return exitCodeOf(result);
}

function readFlags(): Flags {
  try {
    return parseArgs({ options, allowPositionals: false }).values;
  } catch (error) {
    throw new CannotRunError(`${error instanceof Error ? error.message : String(error)}\n${usage}`);
  }
}

function optionsOf(settings: VerifySettings, flags: Flags): Omit<VerifyOptions, 'keys' | 'target'> {
  return {
    scope: scopeOf(flags),
    origin: settings.origin,
    anchorFolder: flags.anchors ? resolve(flags.anchors) : settings.anchorFolder,
    archiveFolder: flags.archives ? resolve(flags.archives) : settings.archiveFolder,
    now: new Date(),
  };
}

function scopeOf(flags: Flags): VerifyScope {
  const asked = [flags.full, flags['since-anchor'], flags.from !== undefined, flags.record !== undefined].filter(Boolean).length;
  if (asked > 1) throw new CannotRunError(`Choose one of --full, --since-anchor, --from and --record.\n${usage}`);
  if (flags['since-anchor']) return { kind: 'since_anchor' };
  if (flags.from !== undefined) {
    if (!/^\d{1,15}$/.test(flags.from)) throw new CannotRunError('--from takes a leaf number.');
    return { kind: 'from', seq: Number(flags.from) };
  }
  if (flags.record === undefined) return { kind: 'full' };
  const [, table, id] = /^([a-z_]+\.[a-z_]+):(.+)$/.exec(flags.record) ?? [];
  if (!table || !id) throw new CannotRunError('--record takes a table and an id, for example identity.vendor:0198....');
  return { kind: 'record', table, id };
}

/** Tries the ways to read in turn: an administrator who may not act as the auditor has the auditor's own login derived. */
async function verifyWith(settings: VerifySettings, asked: Omit<VerifyOptions, 'target'>): Promise<VerifyResult> {
  const [first, second] = readTargets(settings);
  if (!first) throw new CannotRunError('No database to read.');
  const progress = createProgress('rows');
  const run = (target: VerifyOptions['target']) => verifyDatabase({ ...asked, target, onProgress: progress.update });
  try {
    return await run(first).catch((error: unknown) => {
      if (second && error instanceof Error && 'code' in error && error.code === '42501') return run(second);
      throw error;
    });
  } finally {
    progress.end();
  }
}

await runTool(main);
