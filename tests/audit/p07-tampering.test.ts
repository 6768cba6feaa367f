import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Fault, FaultKind } from '../../src/audit/verify/faults.ts';
import { type AdminSql, createSealedDatabase, type SealedDatabase } from '../support/sealed-database.ts';
import { sealedRows, tamper, type Victim } from '../support/tamper.ts';

describe('P7: tampering by a superuser is located to the row', () => {
  let sealed: SealedDatabase;
  let event: Victim;
  let action: Victim;
  let control: Victim;

  beforeAll(async () => {
    sealed = await createSealedDatabase();
    await sealed.fill(3);
    await sealed.seal();
    await sealed.admin("SELECT audit.record_policy_change('reference.legacy', 'retired')");
    await sealed.fill(3);
    await sealed.seal();
    await sealed.anchor();
    event = middleOf(await sealedRows(sealed.admin, 1));
    action = middleOf(await sealedRows(sealed.admin, 2));
    control = middleOf(await sealedRows(sealed.admin, 3));
  });
  // Many copies to drop: on a busy machine that takes its time.
  afterAll(() => sealed.stop(), 180_000);

  const middleOf = (rows: readonly Victim[]): Victim => {
    const middle = rows[Math.floor(rows.length / 2)];
    if (!middle) throw new Error('Nothing was sealed');
    return middle;
  };

  /** What verify says of a copy after the change. */
  async function faultsAfter(change: (admin: AdminSql) => Promise<unknown>): Promise<readonly Fault[]> {
    const copy = await sealed.copy();
    await change(copy.admin);
    const result = await sealed.verify({ target: { url: copy.url, role: 'audit_reader' } });
    expect(result.outcome).toBe(result.faultCount === 0 ? 'valid' : 'faults');
    return result.faults;
  }
  const at = (kind: FaultKind, table: string, victim: Victim) =>
    expect.objectContaining({ kind, table, seq: victim.seq, id: victim.id, at: victim.at });

  it('finds nothing in what nobody touched, nor in a copy of it', async () => {
    expect(await sealed.verify()).toMatchObject({
      outcome: 'valid',
      faults: [],
      warnings: [],
      rows: 25,
      values: 24,
      snapshots: 18,
      checkpoints: 2,
    });
    expect(await faultsAfter(async () => undefined)).toEqual([]);
  });

  it.each([
    ['changed', "'{first_name}'"],
    ['actor_id', 'gen_random_uuid()'],
    ['actor_id', 'NULL'],
    ['op', '3'],
    ['db_user', "'app_worker'"],
    ['record_id', "'someone else'"],
    ['txid', "'3'"],
    ['snapshot_commit', 'NULL'],
  ])('names an event whose %s was set to %s', async (column, value) => {
    const faults = await faultsAfter((admin) =>
      tamper(admin, 'audit.event', `UPDATE audit.event SET ${column} = ${value} WHERE id = '${event.id}'`),
    );
    expect(faults).toContainEqual(at('event_altered', 'audit.event', event));
    expect(new Set(faults.map((fault) => fault.id))).toEqual(new Set([event.id]));
  });

  it.each([
    ['outcome', "'denied'"],
    ['record_ids', "'{}'"],
    ['ms', '4'],
    ['actor_roles', "'{admin}'"],
    ['mfa', 'false'],
  ])('names an action whose %s was set to %s', async (column, value) => {
    const faults = await faultsAfter((admin) =>
      tamper(admin, 'audit.action', `UPDATE audit.action SET ${column} = ${value} WHERE id = '${action.id}'`),
    );
    expect(faults).toEqual([at('action_altered', 'audit.action', action)]);
  });

  it('names a control row that says something else', async () => {
    const faults = await faultsAfter((admin) =>
      tamper(admin, 'audit.control', `UPDATE audit.control SET body = '{}' WHERE id = '${control.id}'`),
    );
    expect(faults).toEqual([at('control_altered', 'audit.control', control)]);
  });

  it('names a value and a snapshot that were changed, moved to another person, or taken away', async () => {
    const change = (table: string, set: string) => `UPDATE audit.${table} SET ${set} WHERE row_id = '${event.id}'`;
    const found = (table: string, sql: string) => faultsAfter((admin) => tamper(admin, `audit.${table}`, sql));
    expect(await found('value', change('value', "body = replace(body, 'Bola', 'Ayo') || ' '"))).toEqual([
      at('value_altered', 'audit.value', event),
    ]);
    expect(await found('value', change('value', 'subject_id = NULL'))).toEqual([at('value_altered', 'audit.value', event)]);
    expect(await found('snapshot', change('snapshot', "body = body || ' '"))).toEqual([at('snapshot_altered', 'audit.snapshot', event)]);
    expect(await found('snapshot', change('snapshot', "record_id = 'x'"))).toEqual([at('snapshot_altered', 'audit.snapshot', event)]);
    expect(await found('value', `DELETE FROM audit.value WHERE row_id = '${event.id}'`)).toEqual([
      at('value_missing', 'audit.value', event),
    ]);
    expect(await found('value', `DELETE FROM audit.value WHERE row_id = '${action.id}'`)).toEqual([
      at('value_missing', 'audit.value', action),
    ]);
    expect(await found('snapshot', `DELETE FROM audit.snapshot WHERE row_id = '${event.id}'`)).toEqual([
      at('snapshot_missing', 'audit.snapshot', event),
    ]);
  });

  it('tells a changed leaf from a changed row by the signed root', async () => {
    const change = (seq: number) => `UPDATE audit.leaf SET leaf = sha256('forged') WHERE seq = ${seq}`;
    const one = await faultsAfter((admin) => tamper(admin, 'audit.leaf', change(event.seq)));
    expect(one).toEqual([at('leaf_altered', 'audit.leaf', event)]);
    const both = await faultsAfter(async (admin) => {
      await tamper(admin, 'audit.leaf', change(event.seq));
      await tamper(admin, 'audit.action', `UPDATE audit.action SET ms = 4 WHERE id = '${action.id}'`);
    });
    expect(both).toEqual([at('leaf_altered', 'audit.leaf', event), at('action_altered', 'audit.action', action)]);
  });

  it('names the stretch where row and leaf were replaced together', async () => {
    const faults = await faultsAfter(async (admin) => {
      await tamper(admin, 'audit.action', `UPDATE audit.action SET ms = 4 WHERE id = '${action.id}'`);
      await tamper(
        admin,
        'audit.leaf',
        `UPDATE audit.leaf SET leaf = (SELECT sha256('\\x00'::bytea || convert_to(s.content, 'UTF8')) FROM audit.leaf_source AS s WHERE s.id = '${action.id}') WHERE row_id = '${action.id}'`,
      );
    });
    expect(faults.map((fault) => fault.kind)).toEqual(['root_mismatch']);
    expect(faults[0]?.detail).toMatch(/leaves \d+ to \d+ do not give the signed root/);
  });

  it('names a row that is gone, and a leaf that is gone with the row it belonged to', async () => {
    expect(await faultsAfter((admin) => tamper(admin, 'audit.event', `DELETE FROM audit.event WHERE id = '${event.id}'`))).toEqual([
      at('event_missing', 'audit.event', event),
    ]);
    expect(await faultsAfter((admin) => tamper(admin, 'audit.action', `DELETE FROM audit.action WHERE id = '${action.id}'`))).toEqual([
      at('action_missing', 'audit.action', action),
    ]);
    const faults = await faultsAfter((admin) => tamper(admin, 'audit.leaf', `DELETE FROM audit.leaf WHERE seq = ${event.seq}`));
    expect(faults).toEqual([
      expect.objectContaining({ kind: 'leaf_missing', seq: event.seq }),
      expect.objectContaining({ kind: 'row_unsealed', table: 'audit.event', id: event.id, at: event.at }),
    ]);
  });

  it('names a row that was slipped in behind the sealer', async () => {
    const faults = await faultsAfter((admin) =>
      admin(
        `INSERT INTO audit.event (txid, epoch, op, tbl, record_id, actor_type, db_user, changed) VALUES ('3', 1, 2, 'identity.vendor', 'x', 'staff', 'app_web', '{}')`,
      ),
    );
    expect(faults).toEqual([
      expect.objectContaining({ kind: 'row_unsealed', table: 'audit.event', detail: expect.stringContaining('identity.vendor x') }),
    ]);
  });

  it('names a checkpoint that was changed, in its root, its subtrees, its key or its signature', async () => {
    const found = (set: string) =>
      faultsAfter((admin) =>
        tamper(admin, 'audit.checkpoint', `UPDATE audit.checkpoint SET ${set} WHERE size = (SELECT min(size) FROM audit.checkpoint)`),
      );
    const kinds = async (set: string) => (await found(set)).map((fault) => fault.kind);
    expect(await kinds("root = sha256('x')")).toEqual(['checkpoint_frontier', 'checkpoint_altered']);
    expect(await kinds("sig = sig || '\\x00'")).toEqual(['checkpoint_altered']);
    expect(await kinds("at = at + interval '1 second'")).toEqual(['checkpoint_altered']);
    expect(await kinds("key_id = 'ffffffffffffffff'")).toEqual(['checkpoint_key']);
    expect(await kinds("frontier = array_append(frontier[2:], sha256('x'))")).toEqual(['checkpoint_frontier']);
  });

  it('names an anchor of another history, and a checkpoint that was anchored and is gone', async () => {
    const lost = await faultsAfter((admin) =>
      tamper(admin, 'audit.checkpoint', 'DELETE FROM audit.checkpoint WHERE size = (SELECT min(size) FROM audit.checkpoint)'),
    );
    expect(lost).toEqual([]);
    const anchored = await faultsAfter(async (admin) => {
      await admin(
        "INSERT INTO audit.anchor (checkpoint_size, target, ref) SELECT min(size), 'https://anchors.example.com', 'x' FROM audit.checkpoint",
      );
      await tamper(admin, 'audit.checkpoint', 'DELETE FROM audit.checkpoint WHERE size = (SELECT min(size) FROM audit.checkpoint)');
    });
    expect(anchored).toEqual([expect.objectContaining({ kind: 'checkpoint_missing' })]);
  });
});
