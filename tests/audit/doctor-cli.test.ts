import { execFile } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { projectRoot } from '../../scripts/run-program.ts';
import { createSealedDatabase, type SealedDatabase } from '../support/sealed-database.ts';

type Run = { code: number | null; stdout: string; stderr: string };

function runScript(args: readonly string[], env: Record<string, string>): Promise<Run> {
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      ['scripts/audit-doctor.ts', ...args],
      { cwd: projectRoot, env: { PATH: process.env['PATH'], NODE_ENV: 'test', BCRYPT_COST: '4', LOG_LEVEL: 'silent', ...env } },
      (_error, stdout, stderr) => resolve({ code: child.exitCode, stdout, stderr }),
    );
  });
}

describe('npm run audit:doctor', () => {
  let sealed: SealedDatabase;
  let env: Record<string, string>;

  beforeAll(async () => {
    sealed = await createSealedDatabase();
    await sealed.fill(1);
    await sealed.seal();
    await sealed.anchor();
    env = { DATA_DIR: sealed.config.dataDir, DATABASE_URL: sealed.database.adminUrl };
  });
  // Many copies to drop: on a busy machine that takes its time.
  afterAll(() => sealed.stop(), 180_000);

  it('ends with 0 and lists what is exempt', async () => {
    const run = await runScript([], env);
    expect([run.code, run.stdout]).toEqual([0, expect.stringMatching(/^exempt [\s\S]*\nchecked .*live rows\nHEALTHY\n$/)]);
    expect(run.stderr).toMatch(/Looking: \d+\.\d s\n$/);
  });

  it('ends with 1 and names the problem', async () => {
    const copy = await sealed.copy();
    await copy.admin('ALTER TABLE identity.vendor DISABLE TRIGGER audit_rows');
    const run = await runScript([], { ...env, DATABASE_URL: copy.url });
    expect([run.code, run.stdout.trim().split('\n').at(-1)]).toEqual([
      1,
      'PROBLEM trigger_disabled identity.vendor.audit_rows: it is not ENABLE ALWAYS: changes pass it by',
    ]);
    const json = await runScript(['--json'], { ...env, DATABASE_URL: copy.url });
    expect([json.code, JSON.parse(json.stdout)]).toMatchObject([
      1,
      { problems: [{ kind: 'trigger_disabled', subject: 'identity.vendor.audit_rows' }] },
    ]);
  });

  it('says what the login of the auditor may not look at', async () => {
    const run = await runScript([], { DATA_DIR: sealed.config.dataDir, AUDIT_DATABASE_URL: sealed.database.readerUrl });
    expect([run.code, run.stdout]).toEqual([
      0,
      expect.stringContaining('not checked captures, dead letters, live rows (this login may not)'),
    ]);
  });

  it('begins an epoch for a database of another server, after which it is healthy and verifies', { timeout: 90_000 }, async () => {
    const copy = await sealed.copy();
    await copy.admin('UPDATE audit.epoch SET system_identifier = 1');
    const there = { ...env, DATABASE_URL: copy.url };
    expect((await runScript([], there)).stdout).toContain('PROBLEM epoch_required');
    const begun = await runScript(['--start-epoch', '--reason', 'restored on a new server'], there);
    expect([begun.code, begun.stdout]).toEqual([0, 'Epoch 2 has begun; 0 rows of the one before were sealed by id.\n']);
    expect((await runScript([], there)).stdout).toMatch(/HEALTHY\n$/);
    expect(await sealed.verify({ target: { url: copy.url, role: 'audit_reader' } })).toMatchObject({ outcome: 'valid', faults: [] });
  });

  it.each([
    ['no database', [], { DATABASE_URL: '', DATA_DIR: projectRoot }, /^Could not run: No database/],
    ['an unknown option', ['--fast'], {}, /^Could not run: Unknown option/],
    ['an epoch without a reason', ['--start-epoch', '--reason', 'short'], {}, /^Could not run: --start-epoch needs --reason/],
    ['a server that does not answer', [], { DATABASE_URL: 'postgresql://u:p@127.0.0.1:1/none' }, /^Could not run: .*ECONNREFUSED/],
  ])('ends with 2 and one clear line with %s', async (_, args, more, message) => {
    const run = await runScript(args, { ...env, ...more });
    expect([run.code, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toMatch(message);
  });
});
