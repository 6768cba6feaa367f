import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAnchor } from '../../src/audit/proof/anchor-text.ts';
import { checkpointText, signCheckpoint } from '../../src/audit/proof/checkpoint.ts';
import { Frontier } from '../../src/audit/proof/merkle.ts';
import { type AdminSql, createSealedDatabase, type SealedDatabase } from '../support/sealed-database.ts';
import { tamper } from '../support/tamper.ts';

describe('P8: tail truncation is found', () => {
  let sealed: SealedDatabase;
  let sizes: number[];

  beforeAll(async () => {
    sealed = await createSealedDatabase();
    for (let n = 0; n < 3; n += 1) {
      await sealed.fill(1);
      await sealed.seal();
      await sealed.anchor();
    }
    sizes = (await sealed.admin<{ size: number }>('SELECT size::int FROM audit.checkpoint ORDER BY size')).map((row) => row.size);
  });
  // Many copies to drop: on a busy machine that takes its time.
  afterAll(() => sealed.stop(), 180_000);

  /** Everything from the second checkpoint on, as if it had never been: events, actions, contents, leaves, checkpoints. */
  async function cut(admin: AdminSql, from: number, withAnchorRows: boolean): Promise<void> {
    for (const [table, key] of [
      ['value', 'row_id'],
      ['snapshot', 'row_id'],
      ['event', 'id'],
      ['action', 'id'],
      ['control', 'id'],
    ] as const) {
      await tamper(
        admin,
        `audit.${table}`,
        `DELETE FROM audit.${table} WHERE ${key} IN (SELECT row_id FROM audit.leaf WHERE seq >= ${from})`,
      );
    }
    await tamper(admin, 'audit.leaf', `DELETE FROM audit.leaf WHERE seq >= ${from}`);
    await tamper(admin, 'audit.checkpoint', `DELETE FROM audit.checkpoint WHERE size > ${from}`);
    if (withAnchorRows) await tamper(admin, 'audit.anchor', `DELETE FROM audit.anchor WHERE checkpoint_size > ${from}`);
  }
  const verify = (url: string, anchorFolder: string | null = sealed.anchors) =>
    sealed.verify({ target: { url, role: 'audit_reader' }, anchorFolder });

  it('by the anchor outside the database, however cleanly the rows were removed', async () => {
    const copy = await sealed.copy();
    const [kept = 0, , last = 0] = sizes;
    await cut(copy.admin, kept, true);
    const result = await verify(copy.url);
    expect(result.faults).toEqual([
      expect.objectContaining({
        kind: 'truncated',
        seq: kept,
        detail: expect.stringContaining(`knows of ${last} leaves; the database holds ${kept}`),
      }),
    ]);
  });

  it('by the note of the anchor, where its file is out of reach and the note was forgotten', async () => {
    const copy = await sealed.copy();
    const [kept = 0, , last = 0] = sizes;
    await cut(copy.admin, kept, false);
    const result = await verify(copy.url, null);
    expect(result.faults).toEqual([
      expect.objectContaining({ kind: 'truncated', seq: kept, detail: expect.stringContaining(`${last} leaves were anchored`) }),
    ]);
  });

  it('says where an older copy is verified with the anchors of its time that it is whole', async () => {
    const copy = await sealed.copy();
    const [, kept = 0] = sizes;
    await cut(copy.admin, kept, true);
    const then = join(sealed.config.dataDir, 'anchors-of-then');
    mkdirSync(then);
    for (const name of readdirSync(sealed.anchors).sort().slice(0, 2)) cpSync(join(sealed.anchors, name), join(then, name));
    expect(await verify(copy.url, then)).toMatchObject({ outcome: 'valid', faults: [], anchors: { files: 2, compared: 2 } });
  });

  it('names leaves that are gone while their checkpoint is there, and leaves that no checkpoint covers', async () => {
    const short = await sealed.copy();
    const last = (sizes.at(-1) ?? 0) - 1;
    await tamper(short.admin, 'audit.leaf', `DELETE FROM audit.leaf WHERE seq = ${last}`);
    expect((await verify(short.url)).faults.map((fault) => fault.kind)).toEqual(['leaf_missing', 'row_unsealed']);
    const long = await sealed.copy();
    await tamper(long.admin, 'audit.anchor', `DELETE FROM audit.anchor WHERE checkpoint_size > ${sizes[1]}`);
    await tamper(long.admin, 'audit.checkpoint', `DELETE FROM audit.checkpoint WHERE size > ${sizes[1]}`);
    expect((await verify(long.url, null)).faults.map((fault) => fault.kind)).toEqual(['leaf_beyond_checkpoint']);
  });

  it('finds a history that was rewritten by somebody who holds the signing key', async () => {
    const copy = await sealed.copy();
    const [first = 0] = sizes;
    const [row] = await copy.admin<{ seq: number; id: string }>(
      'SELECT seq::int, row_id AS id FROM audit.leaf WHERE kind = 2 ORDER BY seq LIMIT 1',
    );
    await tamper(copy.admin, 'audit.action', `UPDATE audit.action SET outcome = 'denied' WHERE id = '${row?.id}'`);
    await tamper(
      copy.admin,
      'audit.leaf',
      `UPDATE audit.leaf SET leaf = (SELECT sha256('\\x00'::bytea || convert_to(s.content, 'UTF8')) FROM audit.leaf_source AS s WHERE s.id = '${row?.id}') WHERE row_id = '${row?.id}'`,
    );
    await resign(copy.admin);
    const result = await verify(copy.url);
    expect(result.faults.map((fault) => [fault.kind, fault.seq])).toEqual(sizes.map((size) => ['anchor_mismatch', size - 1]));
    expect(first).toBeGreaterThan(0);
  });

  /** Signs every checkpoint anew for the leaves that are there now. */
  async function resign(admin: AdminSql): Promise<void> {
    const leaves = await admin<{ leaf: Buffer }>('SELECT leaf FROM audit.leaf ORDER BY seq');
    const checkpoints = await admin<{ size: number; at: string; epoch: number; watermark: string; keyId: string }>(
      `SELECT size::int, to_char(at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') AS at, epoch, watermark::text, key_id AS "keyId" FROM audit.checkpoint ORDER BY size`,
    );
    for (const checkpoint of checkpoints) {
      const tree = new Frontier();
      for (const { leaf } of leaves.slice(0, checkpoint.size)) tree.append(leaf);
      const text = checkpointText({ ...checkpoint, origin: sealed.config.auditOrigin, root: tree.root() }, checkpoint.keyId);
      const signature = Buffer.from(signCheckpoint(text, sealed.config.secrets.auditSigningKey), 'base64').toString('hex');
      const frontier = tree.roots.map((root) => `'\\x${root.toString('hex')}'::bytea`).join(', ');
      await tamper(
        admin,
        'audit.checkpoint',
        `UPDATE audit.checkpoint SET root = '\\x${tree.root().toString('hex')}', frontier = ARRAY[${frontier}], sig = '\\x${signature}' WHERE size = ${checkpoint.size}`,
      );
    }
  }

  it('names an anchor that is of another log, of another size, or was changed', async () => {
    const folder = join(sealed.config.dataDir, 'anchors-bad');
    cpSync(sealed.anchors, folder, { recursive: true });
    const [first = '', second = '', third = ''] = readdirSync(folder).sort();
    const text = readFileSync(join(folder, first), 'utf8');
    writeFileSync(join(folder, first), text.replace('localhost', 'elsewhere'));
    writeFileSync(join(folder, second), text);
    writeFileSync(join(folder, third), 'nothing of the kind');
    writeFileSync(join(folder, 'README'), 'not an anchor at all');
    const parts = parseAnchor(text);
    const name = `${String(99).padStart(20, '0')}.anchor`;
    writeFileSync(join(folder, name), `${parts?.text.replace(/\n\d+\n(\S{44})/, '\n99\n$1')}${parts?.signature}\n`);
    const details = (await sealed.verify({ anchorFolder: folder })).faults.map((fault) => `${fault.kind} ${fault.detail}`);
    expect(details).toEqual([
      expect.stringMatching(/^anchor_unreadable .*it is of the log elsewhere/),
      expect.stringMatching(/^anchor_unreadable .*it is about \d+ leaves, not the \d+ of its name/),
      expect.stringMatching(/^anchor_unreadable .*it does not hold a checkpoint/),
      expect.stringMatching(/^anchor_unreadable .*its signature is not good: bad_signature/),
    ]);
  });
});
