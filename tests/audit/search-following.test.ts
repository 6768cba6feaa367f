import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { enrichAll, indexAll } from '../../src/audit/index.ts';
import { enrichJob } from '../../src/audit/search/enrich.job.ts';
import { indexJob } from '../../src/audit/search/index.job.ts';
import { indexRange } from '../../src/audit/search/index-range.ts';
import { followRange } from '../../src/audit/search/progress.ts';
import { runCommand } from '../../src/foundation/command/run-command.ts';
import type { JobRun } from '../../src/foundation/jobs/job.ts';
import { newId } from '../../src/foundation/runtime/new-id.ts';
import { systemCommands } from '../../src/modules/identity/index.ts';
import { startTestApp, type TestApp } from '../support/app.ts';
import { sealEverything } from '../support/seal.ts';
import { type SearchWorker, searchWorker } from '../support/search-worker.ts';
import { openSql, type Sql } from '../support/sql.ts';

let app: TestApp;
let worker: SearchWorker;
let admin: Sql;
let size: number;

const run: JobRun = { id: newId(), attempt: 0, isLastAttempt: false, signal: new AbortController().signal, send: async () => undefined };
const markOf = async (job: string) =>
  Number((await admin.rows<{ next_seq: string }>('SELECT next_seq FROM audit.progress WHERE job = $1', [job]))[0]?.next_seq);
const indexed = async () => Number((await admin.rows<{ n: string }>('SELECT count(*) AS n FROM audit.search'))[0]?.n);

async function register(email: string): Promise<string> {
  const input = { email, password: 'kites over third mainland', firstName: 'Ngozi', lastName: 'Ezeobi' };
  const made = await app.as({ kind: 'system', name: 'seed' }, () => runCommand(app.deps, systemCommands.registerVerified, { input }));
  return made.output.userId;
}

beforeAll(async () => {
  app = await startTestApp();
  worker = searchWorker(app);
  admin = await openSql(app.database.adminUrl);
  await register('one@example.com');
  await register('two@example.com');
  size = await sealEverything(app);
});
afterAll(async () => {
  await admin.close();
  await worker.stop();
  await app.stop();
});

describe('the index follows the sealer', () => {
  it('by the range it is sent, moving its mark only over what is next', async () => {
    await indexJob.handle({ from: 5, to: size }, worker.deps, run);
    expect([await markOf('index'), await indexed()]).toEqual([0, size - 5]);
    await indexJob.handle({ from: 0, to: 5 }, worker.deps, run);
    expect([await markOf('index'), await indexed()]).toEqual([5, size]);
  });

  it('by its tick from the mark to the end, as after a worker that died', async () => {
    await indexJob.handle({}, worker.deps, run);
    expect([await markOf('index'), await indexed()]).toEqual([size, size]);
  });

  it('does not mind being asked again, and makes nothing twice', async () => {
    await indexJob.handle({ from: 0, to: size }, worker.deps, run);
    await indexAll(worker.deps);
    expect([await markOf('index'), await indexed()]).toEqual([size, size]);
    expect(await indexRange(worker.deps, { from: size + 10, to: size + 20 })).toBe(0);
  });

  it('leaves catching up to the process that is at it', async () => {
    await admin.rows("UPDATE audit.progress SET next_seq = 0 WHERE job = 'index'");
    await admin.rows("SELECT pg_advisory_lock(hashtextextended('audit.index', 0))");
    await indexAll(worker.deps);
    expect(await markOf('index')).toBe(0);
    await admin.rows("SELECT pg_advisory_unlock(hashtextextended('audit.index', 0))");
    await indexAll(worker.deps);
    expect(await markOf('index')).toBe(size);
  });

  it('keeps its mark where the work fails', async () => {
    const failing = followRange(worker.deps, 'index', { from: size, to: size + 5 }, async () => Promise.reject(new Error('no')));
    await expect(failing).rejects.toThrow('no');
    expect(await markOf('index')).toBe(size);
  });

  it('describes each action once, by range and by tick', async () => {
    await enrichJob.handle({ from: 0, to: size }, worker.deps, run);
    const described = () => admin.rows<{ n: string }>('SELECT count(*) AS n FROM audit.enrichment');
    const [before] = await described();
    expect(Number(before?.n)).toBe(2);
    await enrichJob.handle({}, worker.deps, run);
    await enrichAll(worker.deps);
    expect(await described()).toEqual([before]);
    expect(await markOf('enrich')).toBe(size);
  });
});

describe('what was erased does not come back through the index', () => {
  it('neither by indexing after the erasure nor by an indexing that had read before it', async () => {
    const userId = await register('three@example.com');
    await sealEverything(app);
    const entries = async () => admin.rows<{ text: string }>('SELECT text FROM audit.search WHERE subject_id = $1', [userId]);
    const [event] = await admin.rows<{ id: string; at: string }>(
      `SELECT id, occurred_at::text AS at FROM audit.event WHERE subject_id = $1 AND tbl = 'identity.user' LIMIT 1`,
      [userId],
    );
    await admin.rows("BEGIN; SET LOCAL ROLE audit_owner; SET LOCAL audit.erasing = 'on'");
    await admin.rows('DELETE FROM audit.value WHERE subject_id = $1', [userId]);
    await admin.rows('COMMIT');
    const stale = [{ occurredAt: event?.at, rowId: event?.id, kind: 1, subjectId: userId, isFromValue: true, text: 'Ngozi Ezeobi' }];
    const put = await worker.deps.database.pool.query('SELECT audit.put_search($1::jsonb) AS n', [JSON.stringify(stale)]);
    expect(put.rows).toEqual([{ n: 0 }]);
    await indexAll(worker.deps);
    const texts = (await entries()).map((row) => row.text);
    expect(texts.length).toBeGreaterThan(0);
    expect(texts.join(' ')).not.toMatch(/ngozi|ezeobi/i);
  });
});
