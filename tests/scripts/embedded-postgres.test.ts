import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isAlive, orphanOf, startEmbeddedPostgres } from '../../scripts/embedded-postgres.ts';
import { projectRoot } from '../../scripts/run-program.ts';

const settings = { fsync: 'off' };
let dataDir = '';
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'embedded-'));
});
afterEach(async () => {
  const left = orphanOf(join(dataDir, 'pg'));
  if (left) process.kill(left.pid, 'SIGQUIT');
  await expect.poll(() => left === null || !isAlive(left.pid), { timeout: 5_000 }).toBe(true);
  rmSync(dataDir, { recursive: true, force: true });
});

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

describe('the embedded PostgreSQL', () => {
  it('keeps its data, port and password over a stop and a start', async () => {
    const first = await startEmbeddedPostgres({ dataDir, port: 0, settings });
    await query(first.adminUrl, 'CREATE TABLE kept AS SELECT 7 AS n');
    await first.stop();
    expect(isAlive(first.pid)).toBe(false);
    const second = await startEmbeddedPostgres({ dataDir, port: 0, settings });
    expect(second.adminUrl).toBe(first.adminUrl);
    expect(await query(second.adminUrl, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
    await second.stop();
  });

  it('keeps its password to its owner, listens on loopback only and asks for the password', async () => {
    const server = await startEmbeddedPostgres({ dataDir, port: 0, settings });
    expect(statSync(join(dataDir, 'postgres.json')).mode & 0o777).toBe(0o600);
    expect(statSync(join(dataDir, 'pg')).mode & 0o077).toBe(0);
    expect(await query(server.adminUrl, 'SHOW listen_addresses')).toEqual([{ listen_addresses: '127.0.0.1' }]);
    const wrong = new URL(server.adminUrl);
    wrong.password = 'guess';
    await expect(query(wrong.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
    await server.stop();
  });

  it('takes over the server that a killed run left behind', async () => {
    const code = `import { startEmbeddedPostgres } from './scripts/embedded-postgres.ts';
      await startEmbeddedPostgres({ dataDir: process.argv[1], port: 0, settings: { fsync: 'off' } });
      process.kill(process.pid, 'SIGKILL');`;
    const killed = spawnSync(process.execPath, ['--input-type=module', '--eval', code, dataDir], { cwd: projectRoot });
    expect(killed.signal).toBe('SIGKILL');
    const orphan = orphanOf(join(dataDir, 'pg'));
    const server = await startEmbeddedPostgres({ dataDir, port: 0, settings });
    expect(server).toMatchObject({ isReattached: true, pid: orphan?.pid });
    expect(await query(server.adminUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    await server.stop();
    expect(isAlive(server.pid)).toBe(false);
  });

  it('is not misled by a stale postmaster.pid that names another living process', async () => {
    const first = await startEmbeddedPostgres({ dataDir, port: 0, settings });
    process.kill(first.pid, 'SIGKILL');
    await expect.poll(() => isAlive(first.pid)).toBe(false);
    writeFileSync(join(dataDir, 'pg/postmaster.pid'), `${process.pid}\n/elsewhere\n0\n${first.port}\n`);
    const second = await startEmbeddedPostgres({ dataDir, port: 0, settings });
    expect(second).toMatchObject({ isReattached: false });
    await second.stop();
  });

  it('says in one line that its port is taken', async () => {
    const blocker = createServer();
    const port = await new Promise<number>((resolve) => blocker.listen(0, '127.0.0.1', () => resolve(Object(blocker.address()).port)));
    await expect(startEmbeddedPostgres({ dataDir, port, settings })).rejects.toThrow(`EMBEDDED_PG_PORT ${port} is taken`);
    blocker.close();
  });

  it('says in one line that its password is gone', async () => {
    const server = await startEmbeddedPostgres({ dataDir, port: 0, settings });
    await server.stop();
    rmSync(join(dataDir, 'postgres.json'));
    await expect(startEmbeddedPostgres({ dataDir, port: 0, settings })).rejects.toThrow('npm run reset');
    expect(existsSync(join(dataDir, 'pg/PG_VERSION'))).toBe(true);
  });
});
