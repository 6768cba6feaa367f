import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { parseAnchor } from '../../src/audit/proof/anchor-text.ts';
import { verifyCheckpoint } from '../../src/audit/proof/checkpoint.ts';
import { anchorJob } from '../../src/audit/seal/anchor.job.ts';
import { anchorLast } from '../../src/audit/seal/anchor.ts';
import { AnchorConflictError } from '../../src/audit/seal/anchor-conflict.ts';
import { anchorTargets } from '../../src/audit/seal/anchor-targets.ts';
import { fileAnchors } from '../../src/audit/seal/file-anchors.ts';
import { httpsAnchors } from '../../src/audit/seal/https-anchors.ts';
import { sealBatch } from '../../src/audit/seal/sealer.ts';
import { readPinnedKeys } from '../../src/audit/seal/signing-key.ts';
import { asWorker, createSealBench, type SealBench, until, writeRows } from './support/seal-bench.ts';

const name = '00000000000000000005.anchor';

describe('a folder of anchors', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fashionistar-anchors-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('keeps each once: the same again is no fault, another content is an alarm and changes nothing', async () => {
    const target = fileAnchors(join(folder, 'deep'));
    expect(await target.put(name, 'one\n')).toBe(name);
    expect(await target.put(name, 'one\n')).toBe(name);
    await expect(target.put(name, 'two\n')).rejects.toThrow(AnchorConflictError);
    expect(readFileSync(join(folder, 'deep', name), 'utf8')).toBe('one\n');
    expect(statSync(join(folder, 'deep', name)).mode & 0o222).toBe(0);
    expect(readdirSync(join(folder, 'deep'))).toEqual([name]);
  });

  test('two processes that write the same one leave one whole file', async () => {
    const target = fileAnchors(folder);
    await Promise.all([target.put(name, 'one\n'), fileAnchors(folder).put(name, 'one\n')].map((put) => put.catch(() => undefined)));
    expect(readFileSync(join(folder, name), 'utf8')).toBe('one\n');
  });

  test('tells the largest size it has, whatever else lies there', async () => {
    expect(await fileAnchors(join(folder, 'none')).largest()).toBeNull();
    expect(await fileAnchors(folder).largest()).toBeNull();
    writeFileSync(join(folder, 'notes.txt'), '');
    await fileAnchors(folder).put(name, 'x');
    await fileAnchors(folder).put('00000000000000000012.anchor', 'x');
    expect(await fileAnchors(folder).largest()).toBe(12);
  });

  test('that cannot be written or read is an error, not a silence', async () => {
    writeFileSync(join(folder, 'file'), '');
    await expect(fileAnchors(join(folder, 'file', 'below')).put(name, 'x')).rejects.toThrow('ENOTDIR');
    await expect(fileAnchors(join(folder, 'file')).largest()).rejects.toThrow('ENOTDIR');
  });
});

describe('a host that takes anchors', () => {
  let server: Server;
  let url: string;
  let seen: { method: string; path: string; headers: IncomingMessage['headers']; body: string }[];
  let answers: { status: number; body?: string }[];

  beforeAll(async () => {
    server = createServer((req, res) => {
      let body = '';
      req.on('data', (part) => {
        body += String(part);
      });
      req.on('end', () => {
        seen.push({ method: req.method ?? '', path: req.url ?? '', headers: req.headers, body });
        const answer = answers.shift() ?? { status: 201 };
        if (answer.status === 0) req.socket.destroy();
        else res.writeHead(answer.status, { location: 'http://elsewhere.invalid/' }).end(answer.body ?? '');
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/anchors`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));
  beforeEach(() => {
    seen = [];
    answers = [];
  });

  test('gets a PUT that must not replace anything, with the credentials of the URL, which no name shows', async () => {
    const target = httpsAnchors(url.replace('://', '://audit:p%40ss@'));
    expect(target.name).toBe(url);
    expect(await target.put(name, 'one\n')).toBe(`${url}/${name}`);
    expect(seen).toMatchObject([{ method: 'PUT', path: `/anchors/${name}`, body: 'one\n', headers: { 'if-none-match': '*' } }]);
    expect(seen[0]?.headers.authorization).toBe(`Basic ${Buffer.from('audit:p@ss').toString('base64')}`);
    expect(await target.largest()).toBeNull();
  });

  test.each([409, 412])('that has it already (%i) is asked for it and compared', async (status) => {
    answers = [{ status }, { status: 200, body: 'one\n' }];
    expect(await httpsAnchors(url).put(name, 'one\n')).toBe(`${url}/${name}`);
    answers = [{ status }, { status: 200, body: 'two\n' }];
    await expect(httpsAnchors(url).put(name, 'one\n')).rejects.toThrow(AnchorConflictError);
    answers = [{ status }, { status: 404 }];
    await expect(httpsAnchors(url).put(name, 'one\n')).rejects.toThrow('answered 404');
  });

  test('that is down for a moment is asked again; one that stays down, refuses or leads elsewhere is an error', async () => {
    answers = [{ status: 503 }, { status: 0 }, { status: 201 }];
    await httpsAnchors(url).put(name, 'one\n');
    expect(seen).toHaveLength(3);
    answers = [{ status: 500 }, { status: 500 }, { status: 500 }];
    await expect(httpsAnchors(url).put(name, 'one\n')).rejects.toThrow('answered 500');
    answers = [{ status: 0 }, { status: 0 }, { status: 0 }];
    await expect(httpsAnchors(url).put(name, 'one\n')).rejects.toThrow('could not be reached');
    answers = [{ status: 403 }];
    await expect(httpsAnchors(url).put(name, 'one\n')).rejects.toThrow('answered 403');
    answers = [{ status: 302 }, { status: 302 }, { status: 302 }];
    await expect(httpsAnchors(url).put(name, 'one\n')).rejects.toThrow('could not be reached');
  });

  test('stands beside the folder among the targets of an installation', () => {
    const names = (auditAnchorDir: string | null) => anchorTargets({ auditAnchorDir, auditAnchorUrls: [url] }).map((target) => target.name);
    expect(names('/anchors')).toEqual(['file', url]);
    expect(names(null)).toEqual([url]);
  });
});

describe('anchoring the last checkpoint', () => {
  let bench: SealBench;
  let dir: string;
  beforeAll(async () => {
    bench = await createSealBench({ AUDIT_ANCHOR_URLS: 'http://127.0.0.1:9/nobody' });
    dir = bench.deps.config.auditAnchorDir ?? '';
  });
  afterAll(() => bench.stop());

  const onlyFile = () => ({ ...bench.deps, config: { ...bench.deps.config, auditAnchorUrls: [] } });
  const anchored = () => bench.admin.rows('SELECT checkpoint_size, target, ref FROM audit.anchor ORDER BY id');
  const seal = async (rows: number) => {
    await writeRows(bench.admin, rows);
    await until(async () => (await sealBatch(bench.deps)) !== null);
  };

  test('before the first there is nothing to do', async () => {
    expect(await anchorLast(onlyFile())).toBeNull();
    expect(await anchored()).toEqual([]);
  });

  test('a copy holds text and signature that the pinned key confirms, and is noted once', async () => {
    await seal(5);
    expect(await anchorLast(onlyFile())).toBe(5);
    expect(await anchorLast(onlyFile())).toBe(5);
    expect(readdirSync(dir)).toEqual([name]);
    const anchor = parseAnchor(readFileSync(join(dir, name), 'utf8'));
    expect(verifyCheckpoint(anchor?.text ?? '', anchor?.signature ?? '', readPinnedKeys(bench.deps.config.auditKeysFile))).toBe('valid');
    expect(await anchored()).toEqual([{ checkpoint_size: '5', target: 'file', ref: name }]);
  });

  test('a target that is down does not keep the others from their copy, and fails the job', async () => {
    await seal(2);
    const run = { id: 'x', attempt: 0, isLastAttempt: false, signal: new AbortController().signal, send: async () => undefined };
    await expect(anchorJob.handle({}, bench.deps, run)).rejects.toThrow('1 anchor target(s) failed');
    expect(readdirSync(dir)).toHaveLength(2);
    expect(await anchored()).toHaveLength(2);
    expect(bench.logs.join('\n')).toContain('"event":"audit.anchor_failed","target":"http://127.0.0.1:9/nobody"');
  });

  test('another checkpoint under the same size is an alarm', async () => {
    await seal(1);
    writeFileSync(join(dir, '00000000000000000008.anchor'), 'something else\n');
    await expect(anchorLast(onlyFile())).rejects.toThrow('differs from the checkpoint in the database');
    rmSync(join(dir, '00000000000000000008.anchor'), { force: true });
    expect(await anchorLast(onlyFile())).toBe(8);
  });

  test('a database that ends before its anchors is an alarm', async () => {
    writeFileSync(join(dir, '00000000000000009999.anchor'), 'x');
    await expect(anchorLast(onlyFile())).rejects.toThrow('has an anchor of 9999: the newest rows are missing');
    rmSync(join(dir, '00000000000000009999.anchor'), { force: true });
  });

  test('a checkpoint whose signature does not hold is not copied', async () => {
    const elsewhere = onlyFile();
    await expect(anchorLast({ ...elsewhere, config: { ...elsewhere.config, auditOrigin: 'forged.example/audit' } })).rejects.toThrow(
      'its signature is bad_signature',
    );
  });

  test('the database notes anchors of checkpoints only', async () => {
    await asWorker(bench, async (client) => {
      await expect(client.query("SELECT audit.mark_anchored(777, 'file', 'x')")).rejects.toThrow('no checkpoint of 777 leaves');
    });
    await asWorker(bench, async (client) => {
      const mark = () =>
        client.query<{ fresh: boolean }>("SELECT audit.mark_anchored(5, 'elsewhere', 'x') AS fresh").then(({ rows }) => rows[0]?.fresh);
      expect([await mark(), await mark()]).toEqual([true, false]);
    });
  });
});
