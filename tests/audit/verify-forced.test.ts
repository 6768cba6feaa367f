import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { withDatabase } from '../../prisma/runner/with-database.ts';
import { readPinnedKeys } from '../../src/audit/seal/signing-key.ts';
import { checkGrants } from '../../src/audit/verify/check-grants.ts';
import { openReadSession } from '../../src/audit/verify/read-session.ts';
import { verifiedUpTo } from '../../src/audit/verify/verification.queries.ts';
import { openDatabase } from '../../src/foundation/runtime/database.ts';
import { examineWith } from '../support/examine.ts';
import { type AdminSql, createSealedDatabase, type SealedDatabase } from '../support/sealed-database.ts';
import { openSql } from '../support/sql.ts';
import { sealedRows, tamper } from '../support/tamper.ts';

describe('a superuser who takes the constraints away first is found just as well', () => {
  let sealed: SealedDatabase;
  let sizes: number[];

  beforeAll(async () => {
    sealed = await createSealedDatabase();
    await sealed.fill(2);
    await sealed.admin("SELECT audit.record_policy_change('reference.legacy', 'retired')");
    await sealed.seal();
    await sealed.anchor();
    await sealed.fill(1);
    await sealed.seal();
    await sealed.anchor();
    sizes = (await sealed.admin<{ size: number }>('SELECT size::int FROM audit.checkpoint ORDER BY size')).map((row) => row.size);
  });
  afterAll(() => sealed.stop(), 180_000);

  /** Empties columns of the rows where the condition holds, NOT NULL or not. */
  function empty(admin: AdminSql, table: string, columns: readonly string[], where: string): Promise<void> {
    const open = columns.map((column) => `ALTER TABLE audit.${table} ALTER COLUMN ${column} DROP NOT NULL`);
    const set = columns.map((column) => `${column} = NULL`).join(', ');
    return tamper(admin, `audit.${table}`, `${open.join('; ')}; UPDATE audit.${table} SET ${set} WHERE ${where}`);
  }
  async function faultsAfter(change: (admin: AdminSql) => Promise<unknown>): Promise<string[]> {
    const copy = await sealed.copy();
    await change(copy.admin);
    const { faults } = await sealed.verify({ target: { url: copy.url, role: 'audit_reader' } });
    return faults.map(({ kind, seq, id }) => `${kind} ${seq} ${id}`).sort();
  }

  it('rows with emptied columns are named, each as the row it was', { timeout: 60_000 }, async () => {
    const [event, orphan] = await sealedRows(sealed.admin, 1);
    const [action] = await sealedRows(sealed.admin, 2);
    const [control] = await sealedRows(sealed.admin, 3);
    const found = await faultsAfter(async (admin) => {
      const shared = ['txid', 'epoch', 'actor_type'];
      await empty(admin, 'event', [...shared, 'op', 'tbl', 'record_id', 'db_user', 'changed'], `id = '${event?.id}'`);
      const own = ['request_id', 'door', 'resource', 'action', 'outcome', 'record_ids', 'record_count', 'ms', 'actor_roles', 'mfa'];
      await empty(admin, 'action', [...shared, ...own, 'value_commit'], `id = '${action?.id}'`);
      await empty(admin, 'control', ['txid', 'epoch', 'type', 'body'], `id = '${control?.id}'`);
      await empty(admin, 'event', ['subject_id'], `id = '${orphan?.id}'`);
      for (const table of ['value', 'snapshot'])
        await tamper(admin, `audit.${table}`, `DELETE FROM audit.${table} WHERE row_id = '${orphan?.id}'`);
    });
    expect(found).toEqual(
      [
        `action_altered ${action?.seq} ${action?.id}`,
        `control_altered ${control?.seq} ${control?.id}`,
        `event_altered ${event?.seq} ${event?.id}`,
        `event_altered ${orphan?.seq} ${orphan?.id}`,
        `snapshot_altered ${event?.seq} ${event?.id}`,
        `snapshot_missing ${orphan?.seq} ${orphan?.id}`,
        `value_altered ${action?.seq} ${action?.id}`,
        `value_missing ${orphan?.seq} ${orphan?.id}`,
      ].sort(),
    );
  });

  it('leaves that lost their hash, time, row or kind are named, and a control row that is gone', { timeout: 60_000 }, async () => {
    const [first, second, third] = await sealedRows(sealed.admin, 1);
    const [control] = await sealedRows(sealed.admin, 3);
    const altered = await faultsAfter(async (admin) => {
      await empty(admin, 'leaf', ['leaf'], `seq = ${first?.seq}`);
      await empty(admin, 'leaf', ['occurred_at'], `seq = ${second?.seq}`);
      await empty(admin, 'leaf', ['row_id'], `seq = ${third?.seq}`);
      await tamper(admin, 'audit.control', `DELETE FROM audit.control WHERE id = '${control?.id}'`);
    });
    expect(altered).toEqual(
      [
        `control_missing ${control?.seq} ${control?.id}`,
        `event_missing ${second?.seq} ${second?.id}`,
        `event_missing ${third?.seq} `,
        `leaf_altered ${first?.seq} ${first?.id}`,
        `row_unsealed null ${second?.id}`,
        `row_unsealed null ${third?.id}`,
      ].sort(),
    );
    expect(await faultsAfter((admin) => empty(admin, 'leaf', ['kind'], `seq = ${first?.seq}`))).toEqual([
      `leaf_missing ${first?.seq} null`,
    ]);
  });

  it('checkpoints with emptied columns, or at no time at all, are named; neither verify nor doctor stops over them', {
    timeout: 60_000,
  }, async () => {
    const [first = 0, last = 0] = sizes;
    const copy = await sealed.copy();
    const columns = ['at', 'epoch', 'watermark', 'root', 'frontier', 'key_id', 'sig'];
    await empty(copy.admin, 'checkpoint', columns, `size = ${first}`);
    await tamper(copy.admin, 'audit.checkpoint', `UPDATE audit.checkpoint SET at = 'infinity' WHERE size = ${last}`);
    const result = await sealed.verify({ target: { url: copy.url, role: 'audit_reader' } });
    expect(result.faults.map(({ kind, id }) => [kind, id])).toEqual([
      ['checkpoint_frontier', String(first)],
      ['checkpoint_altered', String(first)],
      ['checkpoint_altered', String(last)],
    ]);
    expect(result.root).toMatch(/^[0-9a-f]{64}$/);
    const report = await examineWith(copy.admin, readPinnedKeys(sealed.config.auditKeysFile));
    expect(report.problems.map((problem) => problem.kind)).toContain('key_expired');
  });

  it('a run that begins at a checkpoint whose subtree roots do not fit says so, and goes on at the next', async () => {
    const [first = 0, last = 0] = sizes;
    const copy = await sealed.copy();
    await tamper(copy.admin, 'audit.checkpoint', `UPDATE audit.checkpoint SET frontier = '{}' WHERE size = ${first}`);
    const result = await sealed.verify({ target: { url: copy.url, role: 'audit_reader' }, scope: { kind: 'from', seq: first } });
    expect(result.faults.map(({ kind, id }) => [kind, id])).toEqual([['checkpoint_frontier', String(first)]]);
    expect(result).toMatchObject({ range: { from: first, to: last }, anchors: { compared: 1 } });
  });

  it('an anchor whose checkpoint is gone is compared with the leaves themselves', async () => {
    const [first = 0] = sizes;
    const copy = await sealed.copy();
    await tamper(copy.admin, 'audit.checkpoint', `DELETE FROM audit.checkpoint WHERE size = ${first}`);
    const gone = await sealed.verify({ target: { url: copy.url, role: 'audit_reader' } });
    expect(gone).toMatchObject({ faults: [{ kind: 'checkpoint_missing', id: String(first) }], anchors: { compared: 2 } });
    await tamper(copy.admin, 'audit.leaf', "UPDATE audit.leaf SET leaf = sha256('x') WHERE seq = 0");
    const forged = await sealed.verify({ target: { url: copy.url, role: 'audit_reader' } });
    expect(new Set(forged.faults.map((fault) => fault.kind))).toEqual(new Set(['anchor_mismatch', 'leaf_altered', 'checkpoint_missing']));
  });

  it('the note of a run that was altered proves nothing, and does not keep the next run from its work', async () => {
    const copy = await sealed.copy();
    const database = openDatabase({ url: copy.url, applicationName: 'test-verify', maxConnections: 1 });
    const noted = async (body: string) => {
      await tamper(copy.admin, 'audit.control', `UPDATE audit.control SET type = 'verify', body = '${body}'`);
      return verifiedUpTo({ database });
    };
    try {
      expect(await noted('{"scope":"full","outcome":"valid","from":"0","to":"5"}')).toBe(5);
      expect(await noted('{"scope":"full","outcome":"faults","from":"0","to":"5"}')).toBe(0);
      expect(await noted('{"scope":"full","outcome":"valid","from":"1","to":"5"}')).toBe(0);
      expect(await noted('nothing')).toBe(0);
    } finally {
      await database.close();
    }
  });

  it('a follower of the seal that hangs behind is a problem, and so is a login that may do too much', async () => {
    const copy = await sealed.copy();
    await tamper(copy.admin, 'audit.leaf', "UPDATE audit.leaf SET occurred_at = occurred_at - interval '1 hour'");
    const report = await examineWith(copy.admin, readPinnedKeys(sealed.config.auditKeysFile));
    expect(report.problems.map((problem) => problem.kind)).toContain('index_lag');
    const sql = await openSql(sealed.database.adminUrl);
    try {
      await sql.rows('BEGIN');
      await sql.rows('ALTER ROLE audit_reader CREATEDB');
      expect(await checkGrants(sql.rows)).toEqual([
        { kind: 'role_wrong', subject: 'audit_reader', detail: 'it has a right over the whole server' },
      ]);
    } finally {
      await sql.rows('ROLLBACK');
      await sql.close();
    }
  });

  it('a database without a history, and a login that may not act as the auditor, end the run at once', async () => {
    const elsewhere = await openSql(withDatabase(sealed.database.adminUrl, 'postgres'));
    await expect(examineWith(elsewhere.rows, [])).rejects.toMatchObject({ code: '42P01' });
    await elsewhere.close();
    await expect(sealed.verify({ target: { url: sealed.database.webUrl, role: 'audit_reader' } })).rejects.toMatchObject({ code: '42501' });
  });

  it('a statement that fails, or a row that cannot be taken, fails the reading; a lost connection still closes', async () => {
    const session = await openReadSession({ url: sealed.database.adminUrl, role: null });
    await session.stream([], () => undefined);
    const refuse = () => {
      throw new Error('not this row');
    };
    await expect(session.stream(['SELECT 1'], refuse)).rejects.toThrow('not this row');
    await expect(session.stream(['SELECT 1 / 0'], () => undefined)).rejects.toMatchObject({ code: '22012' });
    await session.close();
    const lost = await openReadSession({ url: sealed.database.adminUrl, role: null });
    const [backend] = await lost.rows<{ pid: number }>('SELECT pg_backend_pid() AS pid');
    await sealed.admin('SELECT pg_terminate_backend($1)', [backend?.pid]);
    await lost.close();
  });
});
