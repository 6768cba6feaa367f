import { describe, expect, it } from 'vitest';
import { auditProblems, lastVerifyOf, type SealState } from '../../src/audit/index.ts';

const now = new Date('2026-11-22T10:00:00Z');
const note = (over: object = {}) =>
  JSON.stringify({ scope: 'full', outcome: 'valid', from: '0', to: '50', faults: '0', firstFault: '', warnings: '', ...over });

const sound: SealState = {
  epoch: 1,
  sealedSize: 50,
  sealedAt: now,
  unsealedRows: 0,
  lagSeconds: 0,
  isEpochRequired: false,
  anchors: [{ target: 'file', size: 50, at: now }],
  lastVerify: { at: now, body: note() },
};

describe('what stands against relying on the history', () => {
  it('is nothing while all is well, and before anything is sealed', () => {
    expect(auditProblems(sound, now)).toEqual([]);
    expect(auditProblems({ ...sound, sealedSize: 0, anchors: [{ target: 'file', size: null, at: null }], lastVerify: null }, now)).toEqual(
      [],
    );
  });

  it('is told in words, faults first', () => {
    const early = new Date(now.getTime() - 16 * 60_000);
    const problems = auditProblems(
      {
        ...sound,
        isEpochRequired: true,
        lagSeconds: 75,
        anchors: [
          { target: 'file', size: 40, at: early },
          { target: 'https://keeper.example', size: null, at: null },
        ],
        lastVerify: { at: now, body: note({ outcome: 'faults', faults: '3', firstFault: 'value_changed' }) },
      },
      now,
    );
    expect(problems).toEqual([
      'The last verification found 3 faults, the first: value_changed.',
      'Sealing has stopped: this database was restored. An operator has to start the next epoch.',
      'Rows have been waiting for their seal for 75 seconds.',
      'The anchor at file is behind: sealed rows are not copied outside.',
      'Nothing was anchored at https://keeper.example yet.',
    ]);
    expect(auditProblems({ ...sound, anchors: [] }, now)).toEqual([expect.stringContaining('No anchor is configured')]);
    expect(auditProblems({ ...sound, lastVerify: null }, now)).toEqual(['The history was never verified yet.']);
    const one = { at: now, body: note({ outcome: 'faults', faults: '1', firstFault: 'gap' }) };
    expect(auditProblems({ ...sound, lastVerify: one }, now)[0]).toContain('found 1 fault,');
  });

  it('an old anchor of everything sealed is none', () => {
    expect(auditProblems({ ...sound, anchors: [{ target: 'file', size: 50, at: new Date(0) }] }, now)).toEqual([]);
  });
});

describe('the last verification', () => {
  it('is read from its control row, and unknown where that is not one', () => {
    expect(lastVerifyOf(sound)).toMatchObject({ at: now, from: 0, to: 50, isValid: true, faults: 0 });
    expect(lastVerifyOf({ lastVerify: null })).toBeNull();
    expect(lastVerifyOf({ lastVerify: { at: now, body: '{}' } })).toBeNull();
  });
});
