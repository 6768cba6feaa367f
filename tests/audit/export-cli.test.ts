import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../../scripts/run-program.ts';
import { exportManifest } from '../../src/audit/proof/export-manifest.ts';
import { parsePinnedKeys } from '../../src/audit/proof/pinned-keys.ts';
import { verifyExport } from '../../src/audit/verify/verify-export.ts';
import { createSealedDatabase, type SealedDatabase } from '../support/sealed-database.ts';

type Run = { code: number | null; stdout: string; stderr: string };

/** The real script as a process of its own, with nothing of this process's environment but the path. */
function runScript(args: readonly string[], env: Record<string, string>): Promise<Run> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['scripts/audit-export.ts', ...args],
      { cwd: projectRoot, env: { PATH: process.env['PATH'], ...env } },
      (_error, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

const because = ['--reason', 'Asked for by the regulator in writing'];

describe('npm run audit:export', () => {
  let sealed: SealedDatabase;
  let env: Record<string, string>;
  let folder: string;
  let people: { userId: string; actionId: string }[];

  beforeAll(async () => {
    sealed = await createSealedDatabase();
    people = await sealed.fill(3);
    await sealed.seal();
    folder = mkdtempSync(join(tmpdir(), 'fashionistar-export-'));
    env = { DATA_DIR: sealed.config.dataDir, DATABASE_URL: sealed.database.adminUrl, NODE_ENV: 'test' };
  });
  afterAll(async () => {
    await sealed.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const keys = () => parsePinnedKeys(readFileSync(sealed.config.auditKeysFile, 'utf8'));
  const actions = () =>
    sealed.admin<{ action: string; outcome: string; error_code: string | null; door: string; actor_type: string; reason: string }>(
      `SELECT a.action, a.outcome, a.error_code, a.door, a.actor_type, v.body::jsonb ->> 'reason' AS reason FROM audit.action AS a
         JOIN audit.value AS v ON v.occurred_at = a.occurred_at AND v.row_id = a.id WHERE a.resource = 'audit_export' ORDER BY a.occurred_at`,
    );

  it('writes rows, proofs, manifest and signature, the bar on stderr and the result alone on stdout', async () => {
    const out = join(folder, 'all');
    const run = await runScript(['--out', out, ...because, '--format', 'csv'], env);
    expect(run).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/: \d+ rows, each with its proof; \d+ left out because they are not sealed yet\n$/),
    });
    expect(run.stderr).toMatch(/100 % \d+\/\d+ rows, /);
    expect(readdirSync(out).sort()).toEqual(['manifest.json', 'manifest.sig', 'proofs.ndjson', 'readme.txt', 'rows.csv', 'rows.ndjson']);
    expect((await verifyExport({ path: out, keys: keys() })).faults).toEqual([]);
    expect(readdirSync(folder)).toEqual(['all']);
  });

  it('records itself first, as the operator on the command line, with the reason', async () => {
    const rows = await actions();
    expect(rows.slice(0, 2)).toMatchObject([
      {
        action: 'export-audit',
        outcome: 'ok',
        door: 'cli',
        actor_type: 'system:operator',
        reason: 'other: Asked for by the regulator in writing',
      },
      { action: 'make-export', outcome: 'ok' },
    ]);
  });

  it('holds of a person or a record only what is about it', async () => {
    const [first] = people;
    for (const [name, args] of [
      ['subject', ['--subject', first?.userId ?? '']],
      ['record', ['--record', `identity.user:${first?.userId}`]],
    ] as const) {
      const out = join(folder, name);
      expect((await runScript(['--out', out, ...because, ...args], env)).code).toBe(0);
      const rows = readFileSync(join(out, 'rows.ndjson'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      const events = rows.filter((row) => row.kind === 'event');
      expect(events.length).toBe(3);
      expect(events.every((row) => row.leaf.rec === first?.userId)).toBe(true);
      expect(rows.filter((row) => row.kind === 'action').map((row) => row.leaf.id)).toEqual([first?.actionId]);
      expect((await verifyExport({ path: out, keys: keys() })).faults).toEqual([]);
    }
  });

  it('keeps to its window and to one actor', async () => {
    const out = join(folder, 'window');
    expect((await runScript(['--out', out, ...because, '--from', '2020-01-01', '--to', '2020-02-01T00:00:00.000001Z'], env)).code).toBe(0);
    const manifest = exportManifest.parse(JSON.parse(readFileSync(join(out, 'manifest.json'), 'utf8')));
    expect(manifest).toMatchObject({
      counts: { rows: 0 },
      filter: { from: '2020-01-01T00:00:00.000000Z', to: '2020-02-01T00:00:00.000001Z' },
    });
    const actor = join(folder, 'actor');
    expect((await runScript(['--out', actor, ...because, '--actor', people[0]?.userId ?? ''], env)).code).toBe(0);
    expect((await verifyExport({ path: actor, keys: keys() })).faults).toEqual([]);
  });

  it('ends with 2 and one clear line where it could not run, and writes nothing', async () => {
    const full = join(folder, 'all');
    for (const [args, says] of [
      [['--out', join(folder, 'x')], /--out and --reason are needed/],
      [['--out', join(folder, 'x'), '--reason', 'short'], /at least 10 characters/],
      [['--out', full, ...because], /is not empty/],
      [['--out', join(folder, 'x'), ...because, '--from', 'yesterday'], /--from takes a time/],
      [['--out', join(folder, 'x'), ...because, '--format', 'xml'], /--format takes ndjson or csv/],
      [['--out', join(folder, 'x'), ...because, '--subject', 'me'], /--subject cannot be read/],
      [['--colour', 'red'], /Unknown option/],
    ] as const) {
      const run = await runScript(args, env);
      expect([run.code, run.stdout]).toEqual([2, '']);
      expect(run.stderr).toMatch(says);
    }
    expect(
      (await runScript(['--out', join(folder, 'x'), ...because], { ...env, DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' })).code,
    ).toBe(2);
    expect(existsSync(join(folder, 'x'))).toBe(false);
    expect((await runScript(['--help'], env)).stdout).toContain('--record TBL:ID');
  });

  it('ends with 1 and writes nothing where a proof fails, and that is recorded too', async () => {
    const copy = await sealed.copy();
    const out = join(folder, 'tampered');
    await copy.admin('ALTER TABLE audit.leaf DISABLE TRIGGER ALL');
    await copy.admin('UPDATE audit.leaf SET leaf = sha256(leaf) WHERE seq = 2');
    const run = await runScript(['--out', out, ...because], { ...env, DATABASE_URL: copy.url });
    expect([run.code, run.stdout, existsSync(out)]).toEqual([1, '', false]);
    expect(run.stderr).toMatch(/Nothing was written: leaf \d+: /);
    expect(await copy.admin(`SELECT error_code FROM audit.action WHERE action = 'make-export' AND outcome = 'error'`)).toEqual([
      { error_code: 'export_proof_failed' },
    ]);
    expect(readdirSync(folder).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('does not believe a checkpoint of a key that is not pinned', async () => {
    const keysFile = join(folder, 'keys.json');
    writeFileSync(keysFile, '[]');
    const run = await runScript(['--out', join(folder, 'y'), ...because], { ...env, AUDIT_KEYS_FILE: keysFile });
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('the signature of the last checkpoint does not hold (unknown_key)');
  });
});
