import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { PlainFailure } from '../../scripts/plain-failure.ts';
import { preflight } from '../../scripts/preflight.ts';
import { claimDataDir } from '../../scripts/run-lock.ts';
import { projectRoot } from '../../scripts/run-program.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'preflight-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** Runs a script of ours and gives how it ended and what it said. */
function run(script: string, env: Record<string, string>): Promise<{ code: number | null; said: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(projectRoot, 'scripts', script)], {
      cwd: projectRoot,
      env: { PATH: process.env['PATH'], ...env },
    });
    let said = '';
    child.stdout.on('data', (part) => (said += part));
    child.stderr.on('data', (part) => (said += part));
    child.once('close', (code) => resolve({ code, said }));
  });
}

describe('a start that cannot work', () => {
  it('is one line and exit code 1 when the port is taken', async () => {
    const blocker = createServer();
    const port = await new Promise<number>((resolve) => blocker.listen(0, '127.0.0.1', () => resolve(Object(blocker.address()).port)));
    const { code, said } = await run('start.ts', { DATA_DIR: folder, PORT: String(port) });
    blocker.close();
    expect(code).toBe(1);
    expect(said.trim().split('\n')).toEqual([
      `Port ${port} is taken: stop what uses it, or choose another with PORT=${port + 1} npm start.`,
    ]);
  });

  it('is one line and exit code 1 when the data folder cannot be used', async () => {
    writeFileSync(join(folder, 'file'), '');
    const { code, said } = await run('start.ts', { DATA_DIR: join(folder, 'file/data'), PORT: '0' });
    expect(code).toBe(1);
    expect(said.trim().split('\n')).toHaveLength(1);
    expect(said).toContain('set DATA_DIR to a folder you may write to');
  });

  it('is one line and exit code 1 below a file system that takes no folders', async () => {
    const { code, said } = await run('start.ts', { DATA_DIR: '/proc/fashionistar/data', PORT: '0' });
    expect({ code, lines: said.trim().split('\n').length }).toEqual({ code: 1, lines: 1 });
    expect(said).toContain('set DATA_DIR to a folder you may write to');
  });

  it('is one line that names the setting for a key or a database that cannot be used', async () => {
    const refused = async (env: Record<string, string>) => {
      const error = await preflight({ DATA_DIR: folder, PORT: '0', ...env }).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(PlainFailure);
      return String(error);
    };
    expect(await refused({ PII_KEKS: 'short' })).toMatch(/PII_KEKS must be/);
    expect(await refused({ JWT_SIGNING_KEYS: '{}' })).toMatch(/JWT_SIGNING_KEYS is not/);
    expect(await refused({ DATABASE_URL: 'localhost/shop' })).toMatch(/DATABASE_URL: is not a URL of the form postgresql:/);
    const deaf = await refused({ DATABASE_URL: 'postgresql://shop:secret-word@127.0.0.1:1/shop' });
    expect(deaf).toMatch(/DATABASE_URL: shop@127\.0\.0\.1:1\/shop cannot be used: .*ECONNREFUSED/);
    expect(deaf).not.toContain('secret-word');
  });

  it('names every missing setting in production, and keeps nothing', async () => {
    const { code, said } = await run('start.ts', { NODE_ENV: 'production', DATA_DIR: folder, PORT: '0' });
    expect(code).toBe(1);
    expect(said).toContain('DATABASE_URL is missing');
    expect(said).toContain('COOKIE_SEAL_KEY is missing');
    expect(said).not.toContain('    at ');
  });

  it('names a setting that is not usable', async () => {
    await expect(preflight({ DATA_DIR: folder, PORT: 'many' })).rejects.toThrow(PlainFailure);
    await expect(preflight({ DATA_DIR: folder, PORT: 'many' })).rejects.toThrow(/PORT/);
    await expect(preflight({ DATA_DIR: folder, HOST: '203.0.113.1', NODE_ENV: 'production', APP_LAB: '1' })).rejects.toThrow(
      /lab mode only runs on loopback/,
    );
  });

  it('refuses a second copy on the same data folder, and takes over the claim of one that died', () => {
    const release = claimDataDir(folder);
    writeFileSync(join(folder, 'run.pid'), '999999999\n');
    const again = claimDataDir(folder);
    again();
    release();
  });
});
