import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readPinnedKeys } from '../../src/audit/seal/signing-key.ts';
import { renderResult } from '../../src/audit/verify/render-result.ts';
import { runNote } from '../../src/audit/verify/run-note.ts';
import { createSealedDatabase, type SealedDatabase } from '../support/sealed-database.ts';

describe('how much verify looks at', () => {
  let sealed: SealedDatabase;
  let people: { userId: string; actionId: string }[];

  beforeAll(async () => {
    sealed = await createSealedDatabase();
    people = await sealed.fill(1);
    await sealed.seal();
    await sealed.anchor();
    await sealed.fill(1);
    await sealed.seal();
  });
  afterAll(() => sealed.stop(), 180_000);

  it('from a number: from the checkpoint at or below it, to the end', async () => {
    expect(await sealed.verify({ scope: { kind: 'from', seq: 5 } })).toMatchObject({
      outcome: 'valid',
      range: { from: 4, to: 8 },
      rows: 4,
    });
    expect(await sealed.verify({ scope: { kind: 'from', seq: 3 } })).toMatchObject({
      outcome: 'valid',
      range: { from: 0, to: 8 },
      rows: 8,
    });
    expect(await sealed.verify({ scope: { kind: 'since_anchor' } })).toMatchObject({ outcome: 'valid', range: { from: 4, to: 8 } });
  });

  it('one record: its leaves, with all between the checkpoints around them', async () => {
    const scope = { kind: 'record', table: 'identity.user', id: people[0]?.userId ?? '' } as const;
    const result = await sealed.verify({ scope });
    expect(result).toMatchObject({ outcome: 'valid', range: { from: 0, to: 4 }, rows: 4, scope: 'record' });
    expect(renderResult(result)).toMatch(/range {7}0 to 3 \(record\)\n[\s\S]*VALID\n$/);
    const none = await sealed.verify({ scope: { ...scope, id: 'nobody' } });
    expect(renderResult(none)).toContain('range       empty (record)');
    expect(JSON.parse(runNote(none, 'test'))).toMatchObject({ scope: 'record', root: '', outcome: 'valid', firstFault: '' });
  });

  it('warns of a key that ends soon, anchors that are not there, late or absent, and of a database that nobody sealed', async () => {
    const keys = readPinnedKeys(sealed.config.auditKeysFile).map((key) => ({
      ...key,
      to: new Date(Date.now() + 86_400_000).toISOString(),
    }));
    const kinds = async (options: Parameters<SealedDatabase['verify']>[0]) =>
      (await sealed.verify(options)).warnings.map((warning) => warning.kind);
    expect(await kinds({ keys })).toEqual(['key_expiring']);
    expect(await kinds({ anchorFolder: null })).toEqual(['anchor_absent']);
    const fresh = await createSealedDatabase();
    try {
      const result = await fresh.verify({ keys });
      expect(result).toMatchObject({ outcome: 'valid', rows: 0, epoch: null, root: expect.any(String) });
      expect(result.warnings.map((warning) => warning.kind)).toContain('no_checkpoint');
      expect(renderResult(result)).toMatch(/epoch {7}-\n[\s\S]*\nWARNING no_checkpoint no checkpoint has been written yet\n/);
    } finally {
      await fresh.stop();
    }
  });
});
