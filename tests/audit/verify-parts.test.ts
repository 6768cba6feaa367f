import { createHash, hash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { type ArchivedRow, type ArchiveLine, leafLine, type PartitionSealBody } from '../../src/audit/proof/archive-format.ts';
import { checkpointText, keyIdOf, publicKeyOf, signCheckpoint } from '../../src/audit/proof/checkpoint.ts';
import { commitSnapshot, commitValue } from '../../src/audit/proof/commitment.ts';
import { eventLeaf, leafHash } from '../../src/audit/proof/leaf.ts';
import { Frontier } from '../../src/audit/proof/merkle.ts';
import { compareAnchor, findTruncation, readAnchors } from '../../src/audit/verify/anchors.ts';
import { compareArchiveFiles } from '../../src/audit/verify/archive-files.ts';
import { FaultLog, faultLine } from '../../src/audit/verify/faults.ts';
import { exitCodeOf, verdict } from '../../src/audit/verify/render-result.ts';
import type { SealedRow } from '../../src/audit/verify/sealed-row.ts';
import { CheckpointCheck, type StoredCheckpoint, treeOf } from '../../src/audit/verify/stored-checkpoint.ts';
import { TreeCheck } from '../../src/audit/verify/tree-check.ts';
import { type Health, warningsOf } from '../../src/audit/verify/warnings.ts';
import { resolveSecrets } from '../../src/foundation/config/secrets.ts';

const folder = mkdtempSync(join(tmpdir(), 'fashionistar-parts-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const jwk = resolveSecrets({}, false, folder).auditSigningKey;
const publicKey = publicKeyOf(jwk);
const keyId = keyIdOf(publicKey);
const key = { keyId, publicKey: publicKey.toString('base64'), from: '2026-01-01T00:00:00Z' };
const origin = 'example.com/audit';
const at = '2026-02-03T04:05:06.000007Z';
const leaves = Array.from({ length: 8 }, (_, seq) => createHash('sha256').update(`leaf ${seq}`).digest());

function treeOfFirst(size: number): Frontier {
  const tree = new Frontier();
  for (const leaf of leaves.slice(0, size)) tree.append(leaf);
  return tree;
}

/** As the sealer would store it, signed. */
function checkpointOf(size: number, change: Partial<StoredCheckpoint> = {}): StoredCheckpoint {
  const tree = treeOfFirst(size);
  const said = { size, at, epoch: 2, watermark: '900', root: tree.root(), frontier: tree.roots, keyId, ...change };
  return { ...said, signature: signCheckpoint(checkpointText({ ...said, origin }, said.keyId), jwk) };
}

const kindsOf = (faults: FaultLog) => faults.kept.map((fault) => fault.kind);

describe('checkpoints', () => {
  const faultsOf = (checkpoints: readonly StoredCheckpoint[], keys = [key]) => {
    const faults = new FaultLog();
    const check = new CheckpointCheck({ origin, keys, faults });
    const accepted = checkpoints.map((checkpoint) => check.accept(checkpoint));
    return { kinds: kindsOf(faults), details: faults.kept.map((fault) => fault.detail), accepted };
  };

  it('never run backwards: neither in epoch nor, within one, in watermark, even under a good signature', () => {
    const first = checkpointOf(2);
    expect(faultsOf([first, checkpointOf(4), checkpointOf(6, { epoch: 3, watermark: '5' })]).kinds).toEqual([]);
    const back = faultsOf([first, checkpointOf(4, { watermark: '899' }), checkpointOf(6, { epoch: 1 })]);
    expect(back.kinds).toEqual(['checkpoint_order', 'checkpoint_order']);
    expect(back.details).toEqual(['checkpoint of 4 leaves: watermark 899 after 900', 'checkpoint of 6 leaves: epoch 1 after epoch 2']);
    expect(back.accepted).toEqual([true, true, true]);
  });

  it('are believed with a pinned key within its time only, and only as they were signed', () => {
    const late = { ...key, to: '2026-02-01T00:00:00Z' };
    const early = { ...key, from: '2026-03-01T00:00:00Z' };
    expect(faultsOf([checkpointOf(3)], [])).toMatchObject({ kinds: ['checkpoint_key'], accepted: [false] });
    expect(faultsOf([checkpointOf(3)], [late])).toMatchObject({ kinds: ['checkpoint_key'], accepted: [false] });
    expect(faultsOf([checkpointOf(3)], [early])).toMatchObject({ kinds: ['checkpoint_key'], accepted: [false] });
    expect(faultsOf([{ ...checkpointOf(3), watermark: '901' }]).kinds).toEqual(['checkpoint_altered']);
    expect(faultsOf([{ ...checkpointOf(3), watermark: '' }]).details).toEqual([
      `checkpoint of 3 leaves: its fields do not make a checkpoint text (key ${keyId})`,
    ]);
  });

  it('are gone on from only where their subtree roots give the signed root', () => {
    expect(treeOf(checkpointOf(5))?.root()).toEqual(treeOfFirst(5).root());
    expect(treeOf({ ...checkpointOf(5), frontier: treeOfFirst(6).roots })).toBeNull();
    expect(treeOf({ ...checkpointOf(5), frontier: [] })).toBeNull();
  });
});

describe('the tree', () => {
  const row = (seq: number, recomputed: Buffer | null): SealedRow => ({
    ...{ seq, kind: 1, rowId: `id ${seq}`, at, stored: leaves[seq] ?? Buffer.alloc(32), recomputed, subject: 'a row' },
    ...{ value: 'none', snapshot: 'none', about: null },
  });
  const other = Buffer.alloc(32, 7);

  it('goes on after a beginning it cannot trust, and blames nobody for what it cannot tell', () => {
    const faults = new FaultLog();
    const tree = new TreeCheck(2, null, faults);
    for (const leaf of leaves.slice(2, 5)) tree.add(leaf, undefined);
    expect(tree.root()).toBeNull();
    tree.close(treeOfFirst(5).root(), treeOfFirst(5));
    expect(tree.root()).toEqual(treeOfFirst(5).root());
    tree.add(other, undefined);
    tree.close(treeOfFirst(6).root(), null);
    expect(faults.kept).toMatchObject([{ kind: 'root_mismatch', seq: 5 }]);
  });

  it('a gap breaks it until the next signed root, and is the only fault there', () => {
    const faults = new FaultLog();
    const tree = new TreeCheck(0, new Frontier(), faults);
    for (const [seq, leaf] of leaves.slice(0, 4).entries()) tree.add(seq === 1 ? null : leaf, undefined);
    tree.close(treeOfFirst(4).root(), null);
    expect(tree.root()).toBeNull();
    tree.add(leaves[4] ?? null, undefined);
    tree.close(treeOfFirst(5).root(), treeOfFirst(5));
    expect([kindsOf(faults), tree.root()]).toEqual([['leaf_missing'], treeOfFirst(5).root()]);
  });

  it('says which of row and leaf was changed where a root is signed, and that it cannot where none is', () => {
    const faults = new FaultLog();
    const tree = new TreeCheck(0, new Frontier(), faults);
    tree.add(leaves[0] ?? null, row(0, other));
    tree.add(other, row(1, leaves[1] ?? null));
    tree.close(treeOfFirst(2).root(), treeOfFirst(2));
    tree.add(leaves[2] ?? null, row(2, other));
    tree.add(leaves[3] ?? null, row(3, null));
    tree.finish();
    expect(faults.kept.map(({ kind, seq }) => [kind, seq])).toEqual([
      ['event_altered', 0],
      ['leaf_altered', 1],
      ['row_or_leaf_altered', 2],
    ]);
  });
});

describe('anchors', () => {
  const trust = { origin, keys: [key] };
  const anchor = { size: 4, root: treeOfFirst(4).root(), at, file: 'a.anchor' };
  const noted = (size: number, hasCheckpoint: boolean) => ({ size, at, target: 'file', ref: 'x', hasCheckpoint });

  it('of no folder, or of one that is not there, are none; a folder that cannot be read ends the run', async () => {
    const faults = new FaultLog();
    expect(await readAnchors(null, trust, faults)).toEqual([]);
    expect(await readAnchors(join(folder, 'none'), trust, faults)).toEqual([]);
    const file = join(folder, 'a-file');
    writeFileSync(file, '');
    await expect(readAnchors(file, trust, faults)).rejects.toMatchObject({ code: 'ENOTDIR' });
    expect(faults.count).toBe(0);
  });

  it('are compared with the root the leaves give, unless missing leaves left none', () => {
    const faults = new FaultLog();
    compareAnchor(anchor, anchor.root, faults);
    compareAnchor(anchor, null, faults);
    expect(faults.count).toBe(0);
    compareAnchor(anchor, treeOfFirst(5).root(), faults);
    expect(faults.kept).toMatchObject([{ kind: 'anchor_mismatch', seq: 3, id: 'a.anchor', at }]);
  });

  it('tell a checkpoint that is gone from an end that is cut off, and say each once', () => {
    const told = (end: number, files: (typeof anchor)[], rows: ReturnType<typeof noted>[]) => {
      const faults = new FaultLog();
      findTruncation(end, files, rows, faults);
      return faults.kept.map(({ kind, seq }) => [kind, seq]);
    };
    expect(told(4, [anchor], [noted(4, true)])).toEqual([]);
    expect(told(6, [anchor], [noted(4, false)])).toEqual([['checkpoint_missing', 3]]);
    expect(told(2, [anchor], [noted(4, false)])).toEqual([['truncated', 2]]);
    expect(told(2, [anchor], [noted(5, false)])).toEqual([
      ['truncated', 2],
      ['truncated', 2],
    ]);
    expect(told(2, [], [noted(3, false), noted(5, false)])).toEqual([['truncated', 2]]);
  });
});

describe('archive files', () => {
  const month = '2026-02';
  const salt = Buffer.alloc(16, 1);
  const body = '{"name":["Ada","Ada O."]}';
  const id = '01940000-0000-7000-8000-000000000001';
  const leaf = eventLeaf({
    ...{ id, at, txid: '7', epoch: 1, action: null, actor: null, actorType: 'system:x', db: 'app_worker', op: 2, tbl: 'identity.user' },
    ...{ rec: id, subject: null, changed: ['name'], value: commitValue(salt, body).toString('hex') },
    snap: commitSnapshot(salt, body).toString('hex'),
  });
  const clear = { salt: salt.toString('hex'), body };
  const hex = leafHash(leaf).toString('hex');
  const row: ArchivedRow = { k: 'row', seq: 3, hash: hex, leaf, value: clear, snapshot: clear };
  const sealed = hash('sha256', leafLine({ seq: 3, rowId: id, at, kind: 1, leaf: leafHash(leaf) }), 'hex');
  const head: ArchiveLine = { k: 'archive', v: 1, month, origin };

  async function told(lines: readonly ArchiveLine[], change: Partial<PartitionSealBody> = {}, end = '\n') {
    const file = `audit-${month}.ndjson.zst`;
    const packed = zstdCompressSync(lines.map((line) => JSON.stringify(line)).join('\n') + end);
    writeFileSync(join(folder, file), packed);
    const seal: PartitionSealBody = {
      ...{ v: '1', month, file, sha256: hash('sha256', packed, 'hex'), bytes: String(packed.length), events: '1', actions: '0' },
      ...{ values: '1', snapshots: '1', firstSeq: '3', lastSeq: '3', leaves: sealed, ...change },
    };
    const faults = new FaultLog();
    const compared = await compareArchiveFiles(folder, [seal], faults);
    return { compared, details: faults.kept.map((fault) => `${fault.kind} ${fault.seq} ${fault.id}: ${fault.detail}`) };
  }
  const wrong = (what: string) => ({ compared: 1, details: [`archive_altered 3 ${month}: audit-${month}.ndjson.zst: ${what}`] });

  it('fit where every line gives its leaf and its commitments, or is not for everybody to read', async () => {
    expect(await told([head, row])).toEqual({ compared: 1, details: [] });
    expect(await told([head, row], {}, '')).toEqual({ compared: 1, details: [] });
    const closed = { people: [id], box: 'AAAA' };
    expect(await told([head, { ...row, value: closed, snapshot: null }])).toEqual({ compared: 1, details: [] });
  });

  it('are named with the line that does not give its leaf, its value or its snapshot', async () => {
    const line = wrong('the row of leaf 3 does not give its leaf or its commitments');
    expect(await told([head, { ...row, leaf: { ...leaf, rec: 'another' } }])).toEqual(line);
    expect(await told([head, { ...row, value: { ...clear, body: '{}' } }])).toEqual(line);
    expect(await told([head, { ...row, snapshot: { ...clear, body: '{}' } }])).toEqual(line);
  });

  it('are named where lines are missing, cannot be read or are not what was sealed', async () => {
    expect(await told([head])).toEqual(wrong('its leaves are not the sealed ones'));
    expect(await told([head, row, row])).toEqual(wrong('its leaves are not the sealed ones'));
    expect(await told([head, row], { leaves: '0'.repeat(64) })).toEqual(wrong('its leaves are not the sealed ones'));
    expect((await told([head, row], {}, '\nnot a line')).details).toEqual([expect.stringContaining('it cannot be read: ')]);
    expect(await told([head, row], { sha256: '0'.repeat(64) })).toEqual(wrong('its SHA-256 is not the sealed one'));
  });

  it('that lie elsewhere are no fault, and a name in a seal leads out of no folder', async () => {
    expect(await told([head, row], { file: 'elsewhere.zst' })).toEqual({ compared: 0, details: [] });
    mkdirSync(join(folder, 'in'), { recursive: true });
    writeFileSync(join(folder, 'out.zst'), 'x');
    expect(await told([head, row], { file: 'in/../out.zst' })).toEqual({ compared: 0, details: [] });
    expect(await compareArchiveFiles(null, [], new FaultLog())).toBe(0);
  });
});

describe('warnings', () => {
  const last = checkpointOf(8, { at: '2026-02-03T05:00:00.000000Z' });
  const row = (size: number, target: string) => ({ size, target, at, ref: 'x', hasCheckpoint: true });
  const file = (size: number, moment: string) => ({ size, root: last.root, at: moment, file: 'x' });
  const fine: Health = {
    ...{ last, files: [file(8, last.at)], anchorRows: [row(8, 'file')], lag: { rows: 0, seconds: 0 }, keys: [key] },
    now: new Date('2026-02-03T05:00:01Z'),
  };
  const told = (change: Partial<Health>) => warningsOf({ ...fine, ...change }).map((warning) => `${warning.kind}: ${warning.detail}`);

  it('are none where all is well, and none of a key for a checkpoint that is no time or no pinned key’s', () => {
    expect(told({})).toEqual([]);
    expect(told({ keys: [] })).toEqual([]);
    expect(told({ last: { ...last, at: 'infinityT.000000Z' } })).toEqual([]);
  });

  it('say that nothing is sealed, nothing anchored, or the last anchor too old', () => {
    expect(told({ last: null })).toEqual(['no_checkpoint: no checkpoint has been written yet']);
    expect(told({ files: [], anchorRows: [] })).toEqual(['no_anchor: no anchor was found to compare with']);
    expect(told({ files: [file(4, '2026-02-03T04:45:01Z')], anchorRows: [] })).toEqual([]);
    expect(told({ files: [file(4, '2026-02-03T04:40:00Z')], anchorRows: [] })).toEqual([
      'anchor_late: the last anchor is 20 minutes older than the last checkpoint',
    ]);
  });

  it('say which anchor files are absent; one that another host keeps, or that is beyond the end, is not', () => {
    const anchorRows = [row(4, 'file'), row(6, 'file:/mnt/a'), row(7, 'https://anchors.example'), row(8, 'file'), row(9, 'file')];
    expect(told({ anchorRows })).toEqual(['anchor_absent: 2 anchor files are not in the folder, among them that of 4 leaves']);
  });

  it('say that sealing is late and that the key ends within a fortnight', () => {
    expect(told({ lag: { rows: 3, seconds: 60 } })).toEqual([]);
    expect(told({ lag: { rows: 3, seconds: 61 } })).toEqual(['seal_lag: 3 rows wait for their seal, the oldest for 61 s']);
    expect(told({ keys: [{ ...key, to: '2026-02-18T00:00:00Z' }] })).toEqual([]);
    expect(told({ keys: [{ ...key, to: '2026-02-16T00:00:00Z' }] })).toEqual([
      `key_expiring: key ${keyId} signs until 2026-02-16T00:00:00Z; pin its successor before`,
    ]);
  });
});

describe('what a run says', () => {
  it('names a hundred faults and counts all; the exit code tells faults from warnings', () => {
    const faults = new FaultLog();
    for (let n = 0; n < 100; n += 1) faults.add('leaf_missing', 'gone', { seq: n });
    expect(verdict({ faults: faults.kept, faultCount: faults.count }).at(-1)).toBe('FAULT leaf_missing seq=99 table=- id=- at=- gone');
    faults.add('truncated', 'cut');
    const lines = verdict({ faults: faults.kept, faultCount: faults.count });
    expect([lines.length, lines.at(-1)]).toEqual([101, 'and 1 more faults']);
    expect(verdict({ faults: [], faultCount: 0 })).toEqual(['VALID']);
    expect(faultLine({ kind: 'truncated', seq: null, table: null, id: null, at: null, detail: 'cut' })).toBe(
      'FAULT truncated seq=- table=- id=- at=- cut',
    );
    expect([exitCodeOf({ faultCount: 1, warnings: [1] }), exitCodeOf({ faultCount: 0, warnings: [1] })]).toEqual([1, 3]);
    expect(exitCodeOf({ faultCount: 0, warnings: [] })).toBe(0);
  });
});
