import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Duplex, PassThrough } from 'node:stream';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../../scripts/free-port.ts';
import { answerBrokenRequest } from '../../../src/foundation/runtime/broken-request.ts';
import { createTestDatabase, type TestDatabase } from '../../support/database.ts';
import { AdminClient } from '../support/admin-client.ts';

/** The product itself, in a process of its own, in lab mode: what no request may end, and what a restart must not forget. */
const root = resolve(import.meta.dirname, '../../..');
let database: TestDatabase;
let dataDir: string;
let port: number;
let child: ChildProcess | null = null;

beforeAll(async () => {
  database = await createTestDatabase();
  dataDir = mkdtempSync(join(tmpdir(), 'fashionistar-process-'));
  port = await freePort();
  child = await start();
}, 120_000);

afterAll(async () => {
  await stop();
  await database?.drop();
  rmSync(dataDir, { recursive: true, force: true });
});

async function start(): Promise<ChildProcess> {
  const env = {
    PATH: process.env.PATH,
    NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE,
    NODE_ENV: 'production',
    APP_LAB: '1',
    HOST: '127.0.0.1',
    PORT: String(port),
    DATA_DIR: dataDir,
    DATABASE_URL: database.adminUrl,
    BCRYPT_COST: '4',
    LOG_LEVEL: 'error',
  };
  const started = spawn(process.execPath, ['src/main.ts', 'web'], { cwd: root, env, stdio: 'ignore' });
  for (let tries = 0; tries < 240; tries += 1) {
    const status = await fetch(`http://127.0.0.1:${port}/admin/login`).then(
      (response) => response.status,
      () => 0,
    );
    if (status === 200) return started;
    await new Promise((done) => setTimeout(done, 250));
  }
  throw new Error('The web process did not come up');
}

function stop(): Promise<void> {
  return new Promise((done) => {
    if (!child || child.exitCode !== null) return done();
    child.once('exit', () => done());
    child.kill('SIGTERM');
  });
}

function raw(head: string, body: Buffer, delayMs: number): Promise<string> {
  return new Promise((done) => {
    let answer = '';
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(`${head}\r\nHost: 127.0.0.1:${port}\r\nOrigin: http://127.0.0.1:${port}\r\n\r\n`);
      setTimeout(() => socket.write(body), delayMs);
    });
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
    });
    socket.on('error', () => undefined);
    socket.on('close', () => done(answer));
    setTimeout(() => socket.destroy(), 3000);
  });
}

test('H1 H20 the process survives odd and huge bodies, with the same pid', async () => {
  const attacks = [
    ['POST /admin/login HTTP/1.1\r\nContent-Type: text/plain\r\nContent-Length: 10', 10, 400],
    ['POST /admin/login HTTP/1.1\r\nContent-Length: 10', 10, 400],
    ['POST /admin/login HTTP/1.1\r\nContent-Type: text/xml\r\nContent-Length: 10', 10, 400],
    ['POST /admin/frontend/assets/global.bundle.js HTTP/1.1\r\nContent-Type: text/plain\r\nContent-Length: 10', 10, 400],
    [`POST /admin/login HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: ${210 * 1024 * 1024}`, 2_000_000, 5],
    [
      `POST /admin/api/resources/User/actions/new HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=x\r\nContent-Length: ${50 * 1024 * 1024}`,
      2_000_000,
      5,
    ],
  ] as const;
  const answers = await Promise.all(attacks.map(([head, bytes, delayMs]) => raw(head, Buffer.alloc(bytes, 97), delayMs)));
  for (const answer of answers) expect(answer).toMatch(/^HTTP\/1\.1 4\d\d /);
  expect((await new AdminClient(`http://127.0.0.1:${port}`).get('/admin/login')).status).toBe(200);
  expect(child?.exitCode).toBeNull();
});

test('what never becomes a request is answered as a problem with its id, and an overlong token as a token', async () => {
  const send = (text: string) =>
    new Promise<string>((done) => {
      let answer = '';
      const socket = connect(port, '127.0.0.1', () => socket.end(text));
      socket.on('data', (chunk) => {
        answer += chunk.toString('latin1');
      });
      socket.on('error', () => undefined);
      socket.on('close', () => done(answer));
    });
  const broken = [
    'GARBAGE\r\n\r\n',
    `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(40_000)}\r\n\r\n`,
    'GET / HTTP/1.1\r\nBad Header: x\r\n\r\n',
  ];
  for (const text of broken) {
    const answer = await send(text);
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toMatch(/^HTTP\/1\.1 400 /);
    const requestId = /^X-Request-Id: (\S+)$/im.exec(head)?.[1];
    expect(JSON.parse(body)).toMatchObject({ code: 'bad_request', status: 400, requestId });
  }
  const account = (more: Record<string, string>) => fetch(`http://127.0.0.1:${port}/api/v1/account`, { headers: more });
  expect((await account({ Authorization: `Bearer ${'a'.repeat(20_000)}` })).status).toBe(401);
  const unexpected = await send(`GET /api/v1/account HTTP/1.1\r\nHost: x\r\nExpect: tea\r\nConnection: close\r\n\r\n`);
  expect(unexpected).toMatch(/^HTTP\/1\.1 401 /);
});

test('a connection on which nothing comes is ended as a browser expects, not by an answer to what it asks next', () => {
  let written = '';
  const socket = Object.assign(new PassThrough(), {
    end: (text: string) => {
      written = text;
    },
  });
  answerBrokenRequest(Object.assign(new Error('late'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), socket as unknown as Duplex);
  expect(written).toMatch(/^HTTP\/1\.1 408 /);
});

test('H17 a restart keeps the count of failures', async () => {
  const client = new AdminClient(`http://127.0.0.1:${port}`);
  const attempt = () => client.postForm('/admin/login', { email: 'nobody@staff.example.com', password: 'wrong password here' });
  for (let round = 0; round < 4; round += 1) expect((await attempt()).status).toBe(401);
  await stop();
  child = await start();
  expect((await attempt()).status).toBe(401);
  const limited = await attempt();
  expect(limited.status).toBe(429);
  expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
}, 120_000);

test('H14 H33 the running product has the cookies and headers of production, and a dev inbox only beside it', async () => {
  const answer = await new AdminClient(`http://127.0.0.1:${port}`).get('/admin/login');
  expect(answer.headers.get('strict-transport-security')).toContain('max-age');
  expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(answer.text).toContain('Lab: production build');
});
