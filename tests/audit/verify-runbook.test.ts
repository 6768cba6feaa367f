import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { createProgress } from '../../scripts/progress.ts';
import { FaultLog, faultKinds, faultLine, faultsKept, warningKinds } from '../../src/audit/verify/faults.ts';
import { exitCodeOf, verdict } from '../../src/audit/verify/render-result.ts';

describe('what verify says', () => {
  const page = readFileSync('docs/runbooks/verify-failed.md', 'utf8');

  it.each([...Object.keys(faultKinds), ...Object.keys(warningKinds)])('the runbook tells what %s means', (kind) => {
    expect(page).toContain(`\`${kind}\``);
  });

  it('counts every fault, keeps the first hundred, and says that there are more', () => {
    const log = new FaultLog();
    for (let seq = 0; seq < 103; seq += 1) log.add('leaf_missing', 'no leaf has this number', { seq });
    expect([log.count, log.kept.length]).toEqual([103, faultsKept]);
    const lines = verdict({ faults: log.kept, faultCount: log.count });
    expect(lines[0]).toBe('FAULT leaf_missing seq=0 table=- id=- at=- no leaf has this number');
    expect(lines.at(-1)).toBe('and 3 more faults');
    expect(faultLine({ kind: 'truncated', seq: null, table: 't', id: 'i', at: 'a', detail: 'd' })).toBe(
      'FAULT truncated seq=- table=t id=i at=a d',
    );
  });

  it('ends with 0, 1 or 3', () => {
    expect([
      exitCodeOf({ faultCount: 0, warnings: [] }),
      exitCodeOf({ faultCount: 2, warnings: ['x'] }),
      exitCodeOf({ faultCount: 0, warnings: ['x'] }),
    ]).toEqual([0, 1, 3]);
  });
});

describe('the progress of a tool', () => {
  const shown = (isTTY: boolean, steps: readonly number[], total = 100) => {
    const written: string[] = [];
    let now = 0;
    const progress = createProgress('rows', { isTTY, write: (text: string) => Boolean(written.push(text)) }, () => now);
    for (const done of steps) {
      now += 1_000;
      progress.update(done, total);
    }
    progress.end();
    return written;
  };

  it('is a line for each tenth where nobody watches', () => {
    expect(shown(false, [5, 10, 15, 50, 100])).toEqual([
      ' 10 % 10/100 rows, 5 rows/s, 18 s left\n',
      ' 50 % 50/100 rows, 13 rows/s, 4 s left\n',
      '100 % 100/100 rows, 20 rows/s, 0 s left\n',
    ]);
    expect(shown(false, [0], 0)).toEqual(['100 % 0/0 rows, 0 rows/s, 0 s left\n']);
  });

  it('is one line that is rewritten on a terminal', () => {
    const lines = shown(true, [50, 100]);
    expect(lines).toEqual([
      '\r[############............] 50/100 rows, 50 rows/s, 1 s left\x1b[K',
      '\r[########################] 100/100 rows, 50 rows/s, 0 s left\x1b[K',
      '\n',
    ]);
    expect(shown(true, [])).toEqual([]);
  });
});
