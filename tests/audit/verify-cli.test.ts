import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../../scripts/run-program.ts';
import { createSealedDatabase, type SealedDatabase } from '../support/sealed-database.ts';
import { sealedRows, tamper } from '../support/tamper.ts';

type Run = { code: number | null; stdout: string; stderr: string };

/** The real script as a process of its own, with nothing of this process's environment but the path. */
function runScript(args: readonly string[], env: Record<string, string>): Promise<Run> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['scripts/audit-verify.ts', ...args],
      { cwd: projectRoot, env: { PATH: process.env['PATH'], ...env } },
      (_error, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

describe('npm run audit:verify', () => {
  let sealed: SealedDatabase;
  let env: Record<string, string>;
  const empty = mkdtempSync(join(tmpdir(), 'fashionistar-empty-'));

  beforeAll(async () => {
    sealed = await createSealedDatabase();
    await sealed.fill(4);
    await sealed.seal();
    await sealed.anchor();
    env = { DATA_DIR: sealed.config.dataDir, DATABASE_URL: sealed.database.adminUrl };
  });
  afterAll(async () => {
    await sealed.stop();
    rmSync(empty, { recursive: true, force: true });
  });

  it('ends with 0 and VALID; the bar is on stderr, the result alone on stdout', async () => {
    const run = await runScript([], env);
    expect(run.code).toBe(0);
    expect(run.stdout).toMatch(
      /^origin {6}localhost:3000\/audit\nepoch {7}1\nrange {7}0 to 15 \(full\)\nrows {8}16\nleaves {6}16\ncheckpoints 1 with their signatures\nanchors {5}1 compared, 1 files, 1 noted\nvalues {6}28 checked \(12 snapshots\), 0 erased\narchives {4}0 months with 0 rows, 0 files checked\nlag {9}0 rows, \d+ s\nroot {8}[0-9a-f]{64}\nseconds {5}\d+\.\d\nVALID\n$/,
    );
    expect(run.stderr).toMatch(/^100 % 16\/16 rows, \d+ rows\/s, 0 s left\n$/);
  });

  it('leaves a verify row, which waits for its seal without spoiling the next run', async () => {
    const [row] = await sealed.admin<{ body: string }>(
      "SELECT body FROM audit.control WHERE type = 'verify' ORDER BY occurred_at DESC LIMIT 1",
    );
    expect(JSON.parse(row?.body ?? '')).toMatchObject({ by: 'system:operator', scope: 'full', outcome: 'valid', to: '16', faults: '0' });
    const before = await sealed.admin<{ n: number }>('SELECT count(*)::int AS n FROM audit.control');
    const run = await runScript(['--no-note', '--json'], env);
    expect(run.code).toBe(0);
    expect(JSON.parse(run.stdout)).toMatchObject({ outcome: 'valid', rows: 16, warnings: [] });
    expect(await sealed.admin('SELECT count(*)::int AS n FROM audit.control')).toEqual(before);
  });

  it('works with the login of the auditor alone, on the addresses that npm start notes down, and on one record', async () => {
    const reader = await runScript(['--full'], { DATA_DIR: sealed.config.dataDir, AUDIT_DATABASE_URL: sealed.database.readerUrl });
    expect(reader.code).toBe(0);
    writeFileSync(join(sealed.config.dataDir, 'database.json'), JSON.stringify({ adminUrl: sealed.database.adminUrl }));
    const started = await runScript(['--since-anchor', '--no-note'], { DATA_DIR: sealed.config.dataDir });
    expect([started.code, started.stdout]).toEqual([0, expect.stringContaining('range       empty (since_anchor)')]);
    const [user] = await sealed.admin<{ record_id: string }>("SELECT record_id FROM audit.event WHERE tbl = 'identity.user' LIMIT 1");
    const record = await runScript(['--record', `identity.user:${user?.record_id}`, '--no-note'], env);
    expect([record.code, record.stdout]).toEqual([0, expect.stringContaining('(record)')]);
    expect((await runScript(['--from', '3', '--no-note'], env)).code).toBe(0);
  });

  it('ends with 1 and names what was tampered with', async () => {
    const copy = await sealed.copy();
    const [victim] = await sealedRows(copy.admin, 2);
    await tamper(copy.admin, 'audit.action', `UPDATE audit.action SET outcome = 'denied' WHERE id = '${victim?.id}'`);
    const run = await runScript([], { ...env, DATABASE_URL: copy.url });
    expect(run.code).toBe(1);
    expect(run.stdout.trim().split('\n').at(-1)).toBe(
      `FAULT action_altered seq=${victim?.seq} table=audit.action id=${victim?.id} at=${victim?.at} the row (user edit-user, denied) is not the one that was sealed`,
    );
    expect(run.stdout).not.toContain('VALID');
  });

  it('ends with 3 where all is valid and something weakens the proof', async () => {
    const copy = await sealed.copy();
    await tamper(copy.admin, 'audit.anchor', 'DELETE FROM audit.anchor');
    const run = await runScript(['--anchors', empty, '--no-note'], { ...env, DATABASE_URL: copy.url });
    expect(run.code).toBe(3);
    expect(run.stdout).toContain('WARNING no_anchor');
    expect(run.stdout).toMatch(/VALID\n$/);
  });

  it.each([
    ['no database', [], { DATA_DIR: empty, AUDIT_KEYS_FILE: '' }, /^Could not run: No pinned keys/],
    ['no keys', ['--keys', join(empty, 'none.json')], {}, /^Could not run: No pinned keys: .*none.json does not exist/],
    ['a server that does not answer', [], { AUDIT_DATABASE_URL: 'postgresql://u:p@127.0.0.1:1/none' }, /^Could not run: .*ECONNREFUSED/],
    ['an unknown option', ['--fast'], {}, /^Could not run: Unknown option '--fast'/],
    ['two scopes', ['--full', '--from', '3'], {}, /^Could not run: Choose one/],
    ['a number that is none', ['--from', 'x'], {}, /^Could not run: --from takes a leaf number/],
    ['a record that is none', ['--record', 'x'], {}, /^Could not run: --record takes a table and an id/],
    ['an export that is not there', ['--export', join(empty, 'export')], {}, /^Could not run: .*does not exist/],
  ])('ends with 2 and one clear line with %s', async (_, args, more, message) => {
    const run = await runScript(args, { ...env, ...more });
    expect([run.code, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toMatch(message);
  });
});
