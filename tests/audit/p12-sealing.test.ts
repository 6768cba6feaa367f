import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sealAll, sealBatch } from '../../src/audit/seal/sealer.ts';
import { openSql, type Sql } from '../support/sql.ts';
import { createSealBench, openTransaction, type SealBench, unsealed, until, writeRows } from './support/seal-bench.ts';
import { treeFaults } from './support/tree-faults.ts';

let bench: SealBench;

beforeAll(async () => {
  bench = await createSealBench();
});
afterAll(() => bench.stop());

/** Seals until nothing waits: transactions of other databases of the cluster may hold it back for a moment. */
const sealEverything = () =>
  until(async () => {
    await sealAll(bench.deps);
    return (await unsealed(bench.admin)) === 0;
  });

describe('P12: killed twenty times', () => {
  const rounds = 20;
  const children: ChildProcess[] = [];
  afterAll(() => {
    for (const child of children) child.kill('SIGKILL');
  });

  test('kill -9 mid-batch under out-of-order commits: no gap, no duplicate, no row skipped', { timeout: 240_000 }, async () => {
    let isOver = false;
    const load = Promise.all([crossingCommits(() => isOver), crossingCommits(() => isOver)]);
    for (let round = 0; round < rounds; round += 1) {
      const child = await startSealer();
      const wasSealed = await sealedLeaves();
      await until(async () => (await sealedLeaves()) > wasSealed);
      await killMidBatch(child);
      expect(await gaps()).toEqual([]);
    }
    isOver = true;
    const written = (await load).reduce((sum, each) => sum + each, 0);
    await sealEverything();
    expect(await treeFaults(bench.admin, bench.deps.config)).toEqual([]);
    expect(await sealedLeaves()).toBeGreaterThanOrEqual(written);
  });

  async function startSealer(): Promise<ChildProcess> {
    const child = spawn(process.execPath, [new URL('../support/processes/seal-worker.ts', import.meta.url).pathname], {
      env: { ...process.env, SEAL_WORKER_URL: bench.database.workerUrl, SEAL_DATA_DIR: bench.deps.config.dataDir },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    children.push(child);
    if (child.stdout) await once(child.stdout, 'data');
    return child;
  }

  /** Kills the process between its leaves and their commit, and at no other moment. */
  async function killMidBatch(child: ChildProcess): Promise<void> {
    for (;;) {
      child.kill('SIGSTOP');
      // Stopped, it can send nothing more: once the server waits for it, what is open stays open.
      await until(async () => (await sealerState()) !== 'active');
      const [batch] = await bench.admin.rows<{ open: boolean }>(
        `SELECT EXISTS (SELECT FROM pg_stat_activity WHERE application_name = 'killed-sealer' AND datname = current_database()
                          AND state = 'idle in transaction' AND backend_xid IS NOT NULL) AS open`,
      );
      if (batch?.open) break;
      child.kill('SIGCONT');
    }
    const gone = once(child, 'exit');
    child.kill('SIGKILL');
    await gone;
    await until(async () => (await sealerState()) === 'gone');
  }

  async function sealerState(): Promise<string> {
    const [row] = await bench.admin.rows<{ state: string }>(
      "SELECT state FROM pg_stat_activity WHERE application_name = 'killed-sealer' AND datname = current_database()",
    );
    return row?.state ?? 'gone';
  }
});

/** Two transactions at a time, of which the one that began second commits first, until told to stop. Returns the rows written. */
async function crossingCommits(isOver: () => boolean): Promise<number> {
  const [first, second] = await Promise.all([openSql(bench.database.adminUrl), openSql(bench.database.adminUrl)]);
  let written = 0;
  while (!isOver()) {
    for (const sql of [first, second]) {
      await sql.rows('BEGIN');
      await writeRows(sql, 1 + (written % 13));
      written += 1 + (written % 13);
    }
    await second.rows('COMMIT');
    await writeRows(first, 2);
    written += 2;
    await first.rows('COMMIT');
  }
  await Promise.all([first.close(), second.close()]);
  return written;
}

/** What a half-done batch would leave behind: a missing number, or leaves that no checkpoint covers. */
const gaps = () =>
  bench.admin.rows(
    `SELECT l.leaves, l.last, c.size FROM (SELECT count(*) AS leaves, coalesce(max(seq), -1) AS last FROM audit.leaf) AS l,
            (SELECT coalesce(max(size), 0) AS size FROM audit.checkpoint) AS c
      WHERE l.leaves <> l.last + 1 OR l.leaves <> c.size`,
  );

async function sealedLeaves(): Promise<number> {
  const [row] = await bench.admin.rows<{ n: number }>('SELECT count(*)::int AS n FROM audit.leaf');
  return row?.n ?? 0;
}

const txidsOf = (sql: Sql) => sql.rows<{ txid: string }>('SELECT pg_current_xact_id()::text AS txid').then(([row]) => row?.txid ?? '');
const sealedOf = async (txid: string) => {
  const [row] = await bench.admin.rows<{ n: number }>(
    'SELECT count(*)::int AS n FROM audit.event AS e JOIN audit.leaf AS l ON l.row_id = e.id WHERE e.txid = $1::xid8',
    [txid],
  );
  return row?.n ?? 0;
};

describe('P12: the order of commits', () => {
  test('of two transactions, the older one that commits last is neither overtaken nor skipped', async () => {
    await sealEverything();
    const [older, newer] = [await openTransaction(bench), await openTransaction(bench)];
    await writeRows(older, 3);
    await writeRows(newer, 3);
    const [olderTxid, newerTxid] = [await txidsOf(older), await txidsOf(newer)];
    await newer.end();
    await sealAll(bench.deps);
    expect([await sealedOf(olderTxid), await sealedOf(newerTxid)]).toEqual([0, 0]);
    await older.end();
    await sealEverything();
    expect([await sealedOf(olderTxid), await sealedOf(newerTxid)]).toEqual([3, 3]);
    expect(await treeFaults(bench.admin, bench.deps.config)).toEqual([]);
  });

  test('a long open transaction holds back what is newer, and nothing that is older', async () => {
    await sealEverything();
    const before = await openTransaction(bench);
    await writeRows(before, 2);
    const beforeTxid = await txidsOf(before);
    const long = await openTransaction(bench);
    await writeRows(long, 1);
    const longTxid = await txidsOf(long);
    const after = await openTransaction(bench);
    await writeRows(after, 2);
    const afterTxid = await txidsOf(after);
    await after.end();
    await before.end();
    await until(async () => {
      await sealAll(bench.deps);
      return (await sealedOf(beforeTxid)) === 2;
    });
    expect([await sealedOf(longTxid), await sealedOf(afterTxid)]).toEqual([0, 0]);
    await long.end();
    await sealEverything();
    expect([await sealedOf(longTxid), await sealedOf(afterTxid)]).toEqual([1, 2]);
  });

  test('a transaction that rolls back leaves no gap', async () => {
    const open = await openTransaction(bench);
    await writeRows(open, 5);
    await open.rows('ROLLBACK');
    await open.end();
    await writeRows(bench.admin, 1);
    await sealEverything();
    expect(await treeFaults(bench.admin, bench.deps.config)).toEqual([]);
  });
});

describe('P12: batches', () => {
  /** Transactions whose leaves lie under more than one new checkpoint. */
  const splitTransactions = () =>
    bench.admin.rows(
      `SELECT e.txid::text FROM audit.event AS e JOIN audit.leaf AS l ON l.row_id = e.id
         JOIN LATERAL (SELECT c.size FROM audit.checkpoint AS c WHERE c.size > l.seq ORDER BY c.size LIMIT 1) AS c ON true
        GROUP BY 1 HAVING count(DISTINCT c.size) > 1`,
    );

  test('none splits a transaction; one that is larger than a batch gets a batch of its own', async () => {
    await sealEverything();
    for (const rows of [4, 4, 4, 35, 3, 9, 1]) await writeRows(bench.admin, rows);
    const sizes: number[] = [];
    await until(async () => {
      const range = await sealBatch(bench.deps, 10);
      if (range) sizes.push(range.to - range.from);
      return (await unsealed(bench.admin)) === 0;
    });
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(60);
    expect(sizes).toContain(35);
    expect(sizes.filter((size) => size !== 35).every((size) => size <= 10)).toBe(true);
    expect(await splitTransactions()).toEqual([]);
    expect(await treeFaults(bench.admin, bench.deps.config)).toEqual([]);
  });

  test('a full batch ends at the transaction after its last, and the next goes on there', async () => {
    await sealEverything();
    for (let n = 0; n < 3; n += 1) await writeRows(bench.admin, 6);
    await until(async () => (await sealBatch(bench.deps, 10)) !== null);
    const [last] = await bench.admin.rows<{ watermark: string; next: string }>(
      `SELECT c.watermark::text, (SELECT max(e.txid)::text::numeric + 1 FROM audit.event e JOIN audit.leaf l ON l.row_id = e.id)::text AS next
         FROM audit.checkpoint c ORDER BY c.size DESC LIMIT 1`,
    );
    expect(BigInt(last?.watermark ?? 0)).toBeGreaterThanOrEqual(BigInt(last?.next ?? 0));
    await sealEverything();
    expect(await treeFaults(bench.admin, bench.deps.config)).toEqual([]);
  });

  test('two sealers at once share the work and neither fails', async () => {
    for (let n = 0; n < 30; n += 1) await writeRows(bench.admin, 7);
    const before = await sealedLeaves();
    await until(async () => {
      await Promise.all([sealBatch(bench.deps, 20), sealBatch(bench.deps, 20), sealBatch(bench.deps, 20)]);
      return (await unsealed(bench.admin)) === 0;
    });
    expect(await sealedLeaves()).toBe(before + 210);
    expect(await treeFaults(bench.admin, bench.deps.config)).toEqual([]);
  });

  test('nothing to seal writes nothing', async () => {
    await sealEverything();
    const count = () => bench.admin.rows('SELECT count(*) FROM audit.checkpoint');
    const before = await count();
    expect(await sealBatch(bench.deps)).toBeNull();
    expect(await sealAll(bench.deps)).toBe(0);
    expect(await count()).toEqual(before);
  });
});
