import { createPrivateKey, hash, sign } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/audit/proof/canonical-json.ts';
import { checkpointText, keyIdOf, publicKeyOf, signCheckpoint } from '../../src/audit/proof/checkpoint.ts';
import { commitSnapshot, commitValue } from '../../src/audit/proof/commitment.ts';
import {
  type ExportManifest,
  type ExportProof,
  type ExportRow,
  exportFormat,
  proofFileFormat,
} from '../../src/audit/proof/export-manifest.ts';
import { leafHashOfText } from '../../src/audit/proof/leaf.ts';
import { rootOf } from '../../src/audit/proof/merkle.ts';
import { inclusionProof } from '../../src/audit/proof/merkle-proof.ts';
import { renderExport, verifyExport } from '../../src/audit/verify/verify-export.ts';
import { resolveSecrets } from '../../src/foundation/config/secrets.ts';

const keyFolder = mkdtempSync(join(tmpdir(), 'fashionistar-key-'));
const jwk = resolveSecrets({}, false, keyFolder).auditSigningKey;
const publicKey = publicKeyOf(jwk);
const keyId = keyIdOf(publicKey);
const keys = [{ keyId, publicKey: publicKey.toString('base64'), from: '2026-01-01T00:00:00Z' }];
const salt = '000102030405060708090a0b0c0d0e0f';
const id = (n: number) => `01940000-0000-7000-8000-00000000000${n}`;
const at = '2026-01-02T03:04:05.000006Z';
const actionId = id(9);
const body = '{"name":["Ada","Ada O."]}';
const commitments = {
  value: commitValue(Buffer.from(salt, 'hex'), body).toString('hex'),
  snap: commitSnapshot(Buffer.from(salt, 'hex'), body).toString('hex'),
};

const common = { v: 1, at, txid: '742', epoch: 1 } as const;
const rows: ExportRow[] = [
  {
    seq: 1,
    kind: 'event',
    leaf: {
      ...common,
      k: 'event',
      id: id(1),
      action: id(2),
      actor: id(3),
      actorType: 'staff',
      db: 'app_web',
      op: 2,
      tbl: 'identity.user',
      rec: id(4),
      subject: id(4),
      changed: ['name'],
      value: commitments.value,
      snap: commitments.snap,
    },
    value: { salt, body },
    snapshot: { absent: 'withheld' },
  },
  {
    seq: 2,
    kind: 'action',
    leaf: {
      ...common,
      k: 'action',
      id: id(2),
      req: id(5),
      door: 'admin',
      res: 'user',
      act: 'edit-user',
      out: 'ok',
      err: null,
      recs: [id(4)],
      n: 1,
      ms: 3,
      actor: id(3),
      actorType: 'staff',
      roles: ['support'],
      sess: null,
      mfa: true,
      reverts: null,
      ticket: null,
      approval: null,
      value: commitments.value,
    },
    value: { absent: 'erased' },
    snapshot: null,
  },
  { seq: 4, kind: 'control', leaf: { ...common, k: 'control', id: id(6), type: 'policy', body: '{}' }, value: null, snapshot: null },
];
const leafOf = (row: ExportRow) => leafHashOfText(canonicalJson(row.leaf));
const leaves = [0, 1, 2, 3, 4].map((seq) => {
  const row = rows.find((one) => one.seq === seq);
  return row ? leafOf(row) : leafHashOfText(`{"n":${seq}}`);
});
const proofs: ExportProof[] = rows.map(({ seq }) => ({ seq, path: inclusionProof(leaves, seq).map((node) => node.toString('hex')) }));
const text = checkpointText({ origin: 'example.com/audit', epoch: 1, size: 5, root: rootOf(leaves), watermark: '743', at }, keyId);
const lines = (list: readonly object[]) => list.map((one) => `${canonicalJson(one)}\n`).join('');

type Export = { manifest: ExportManifest; rows: string; proofs: string; extra?: string };

function made(change: { rows?: readonly ExportRow[]; proofs?: readonly ExportProof[]; format?: ExportManifest['format'] } = {}): Export {
  const files = { 'rows.ndjson': lines(change.rows ?? rows), 'proofs.ndjson': lines(change.proofs ?? proofs) };
  return {
    manifest: {
      v: 1,
      format: change.format ?? exportFormat,
      origin: 'example.com/audit',
      at: '2026-01-03T00:00:00.000000Z',
      actionId,
      filter: { from: '2026-01-02T00:00:00Z', to: '2026-01-02T03:04:05Z', actor: null },
      counts: { rows: 3, events: 1, actions: 1, controls: 1, bodies: 1, absent: 2 },
      files: Object.entries(files).map(([name, content]) => ({
        name,
        sha256: hash('sha256', content, 'hex'),
        rows: content.split('\n').length - 1,
      })),
      checkpoint: { text, signature: signCheckpoint(text, jwk) },
      keyId,
    },
    rows: files['rows.ndjson'],
    proofs: files['proofs.ndjson'],
  };
}
const signed = (content: string) =>
  sign(null, hash('sha256', content, 'buffer'), createPrivateKey({ key: jwk, format: 'jwk' })).toString('base64');

describe('audit:verify --export', () => {
  const folders: string[] = [keyFolder];
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true, force: true });
  });

  function written(one: Export, manifestText = canonicalJson(one.manifest)): string {
    const folder = mkdtempSync(join(tmpdir(), 'fashionistar-export-'));
    folders.push(folder);
    writeFileSync(join(folder, 'manifest.json'), manifestText);
    writeFileSync(join(folder, 'manifest.sig'), `${signed(manifestText)}\n`);
    writeFileSync(join(folder, 'rows.ndjson'), one.rows);
    writeFileSync(join(folder, 'proofs.ndjson'), one.proofs);
    if (one.extra) writeFileSync(join(folder, 'notes.txt'), one.extra);
    return folder;
  }
  const details = async (one: Export, manifestText?: string) =>
    (await verifyExport({ path: written(one, manifestText), keys })).faults.map((fault) => `${fault.seq ?? '-'} ${fault.detail}`);

  it('finds a whole export valid, with the key and the files alone', async () => {
    const result = await verifyExport({ path: written(made()), keys });
    expect(result).toMatchObject({ outcome: 'valid', rows: 3, proofs: 3, bodies: 1, absent: 2, files: 2, faults: [], warnings: [] });
    expect(renderExport(result)).toMatch(/checkpoint {2}5 leaves, 2026-01-02T03:04:05.000006Z, key [0-9a-f]{16}\nVALID\n$/);
  });

  it('reads the one-file form, whatever its layout', async () => {
    const one = made({ format: proofFileFormat });
    const folder = written(one);
    const path = join(folder, 'proof.json');
    const signature = signed(canonicalJson(one.manifest));
    writeFileSync(path, JSON.stringify({ signature, format: proofFileFormat, proofs, rows, manifest: one.manifest }, null, 2));
    expect(await verifyExport({ path, keys })).toMatchObject({ outcome: 'valid', rows: 3 });
    const other = { ...rows[0], seq: 1, value: { salt, body: `${body} ` } };
    writeFileSync(
      path,
      JSON.stringify({ signature, format: proofFileFormat, proofs, rows: [other, ...rows.slice(1)], manifest: one.manifest }),
    );
    expect((await verifyExport({ path, keys })).faults.map((fault) => fault.detail)).toEqual([
      'its SHA-256 is not that of the manifest',
      'its value is not the one it committed to',
    ]);
  });

  it('names a changed row, even where every hash and signature around it was made anew', async () => {
    const [event, action, control] = rows;
    if (!event || !action || !control || event.leaf.k !== 'event') throw new Error('The rows are of three kinds');
    const away = 'its leaf does not lead to the root of the checkpoint: the row, its number or its proof was changed';
    const withFirst = (first: ExportRow) => details(made({ rows: [first, action, control] }));
    expect(await withFirst({ ...event, leaf: { ...event.leaf, actor: id(8) } })).toEqual([`1 ${away}`]);
    expect(await withFirst({ ...event, seq: 0 })).toEqual(['0 it has no proof']);
    expect(await withFirst({ ...event, value: null })).toEqual([
      '1 its leaf commits to a value, and the file does not say where that is',
      '- it says 1 bodies, the files hold 0',
    ]);
    expect(await withFirst({ ...event, kind: 'action' })).toContain('1 it is called action and its leaf is one of event');
    expect(await details(made({ rows: [event, action, { ...control, value: { salt, body } }] }))).toEqual([
      '4 it has a value that its leaf does not commit to',
    ]);
    expect(await details(made({ proofs: proofs.map((proof) => ({ ...proof, path: proof.path.slice(1) })) }))).toEqual([
      `1 ${away}`,
      `2 ${away}`,
      `4 ${away}`,
    ]);
  });

  it('names rows that are missing, doubled or out of order, and counts that do not agree', async () => {
    expect(await details(made({ rows: rows.slice(1), proofs: proofs.slice(1) }))).toEqual([
      '- it says 3 rows, the files hold 2',
      '- it says 1 events, the files hold 0',
      '- it says 1 bodies, the files hold 0',
      '- it says 2 absent, the files hold 1',
    ]);
    expect(await details(made({ rows: rows.toReversed(), proofs: proofs.toReversed() }))).toEqual([
      '2 the rows are not in the order of their numbers',
      '1 the rows are not in the order of their numbers',
    ]);
    expect(await details(made({ proofs: [...proofs, ...proofs.slice(0, 1)] }))).toEqual(['- line 4 proves no row']);
    expect(await details(made({ proofs: proofs.slice(0, 2) }))).toEqual(['4 it has no proof']);
  });

  it('names lines that are no row, a snapshot that is not the committed one, and of many faults the first hundred', async () => {
    const one = made();
    const [event, action, control] = rows;
    if (!event || !action || !control) throw new Error('The rows are of three kinds');
    expect(await details({ ...one, rows: one.rows.replace(/^.*\n/, '{}\n') })).toContain('- line 1 is not a row in canonical JSON');
    expect(await details({ ...one, rows: one.rows.replace(/^\{/, '{ ') })).toContain('- line 1 is not a row in canonical JSON');
    const counts = { ...one.manifest.counts, bodies: 2, absent: 1 };
    const pictured = made({ rows: [{ ...event, snapshot: { salt, body } }, action, control] });
    expect(await details({ ...pictured, manifest: { ...pictured.manifest, counts } })).toEqual([]);
    const forged = made({ rows: [{ ...event, snapshot: { salt, body: '{}' } }, action, control] });
    expect(await details({ ...forged, manifest: { ...forged.manifest, counts } })).toEqual([
      '1 its snapshot is not the one it committed to',
    ]);
    const many = await verifyExport({ path: written({ ...one, proofs: `${one.proofs}${'{}\n'.repeat(120)}` }), keys });
    expect([many.faultCount, many.faults.length]).toEqual([121, 100]);
    expect(renderExport(many)).toMatch(/\nand 21 more faults\n$/);
  });

  it('names rows outside the filter', async () => {
    const one = made();
    const under = (filter: ExportManifest['filter']) => details({ ...one, manifest: { ...one.manifest, filter } });
    expect(await under({ from: '2026-01-02T03:04:06Z' })).toEqual(
      [1, 2, 4].map((seq) => `${seq} it is older than the filter's 2026-01-02T03:04:06Z`),
    );
    expect(await under({ to: '2026-01-02T03:04:05.000005Z' })).toHaveLength(3);
    expect(await under({ actor: id(8), from: 'yesterday'.slice(9) })).toEqual(
      [1, 2].map((seq) => `${seq} its actor is not the filter's ${id(8)}`),
    );
  });

  it('names files that are changed, missing, cut short or strange', async () => {
    const one = made();
    expect(await details({ ...one, rows: `${one.rows}x\n` })).toEqual([
      '- its SHA-256 is not that of the manifest',
      '- line 4 is not a row in canonical JSON',
      '- it says 3 rows, the files hold 4',
    ]);
    const folder = written(one);
    rmSync(join(folder, 'proofs.ndjson'));
    expect((await verifyExport({ path: folder, keys })).faults.map((fault) => fault.detail)).toEqual([
      'the file is not there',
      ...rows.map(() => 'it has no proof'),
    ]);
    expect(await details({ ...one, manifest: { ...one.manifest, files: one.manifest.files.slice(0, 1) } })).toEqual([
      '- it does not name proofs.ndjson',
    ]);
    const strange = await verifyExport({ path: written({ ...one, extra: 'x' }), keys });
    expect([strange.outcome, strange.warnings]).toEqual(['valid', ['notes.txt is not part of the export']]);
    await expect(verifyExport({ path: join(folder, 'none'), keys })).rejects.toThrow('does not exist');
  });

  it('names signatures that do not fit, keys that are not pinned, and a checkpoint of another log', async () => {
    const one = made();
    const folder = written(one);
    writeFileSync(join(folder, 'manifest.sig'), `${signed('something else')}\n`);
    expect((await verifyExport({ path: folder, keys })).faults.map((fault) => fault.detail)).toEqual(['its signature does not fit']);
    const stranger = await verifyExport({ path: written(one), keys: [] });
    expect(stranger.faults.map((fault) => fault.detail)).toEqual([
      `it is signed with key ${keyId}, which is not pinned for 2026-01-03T00:00:00.000000Z`,
      'the signature of its checkpoint is not good: unknown_key',
    ]);
    expect(renderExport(stranger)).toContain('FAULT export seq=- file=manifest.json it is signed with key');
    expect(await details({ ...one, manifest: { ...one.manifest, origin: 'elsewhere.com/audit' } })).toEqual([
      '- its checkpoint is of example.com/audit, not of elsewhere.com/audit',
    ]);
    expect(await details(one, JSON.stringify(one.manifest, null, 1))).toEqual(['- it is not canonical JSON']);
    const unread = { ...one.manifest, checkpoint: { text: 'none', signature: one.manifest.checkpoint.signature } };
    const result = await verifyExport({ path: written({ ...one, manifest: unread }), keys });
    expect([result.checkpoint, renderExport(result)]).toEqual([null, expect.stringContaining('checkpoint  unreadable')]);
  });
});
