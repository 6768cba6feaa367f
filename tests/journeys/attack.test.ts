import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Finished, runNode } from '../../scripts/run-program.ts';
import { type Lab, startLab } from '../support/lab.ts';

let lab: Lab;
let finished: Finished;
beforeAll(async () => {
  lab = await startLab(async () => undefined);
  finished = await runNode(['scripts/attack.ts', '--url', lab.origin, '--seconds', '420']);
}, 600_000);
afterAll(() => lab?.stop());

describe('npm run attack, against a lab', () => {
  it('finds no way in', () => {
    expect(finished.output.split('\n').filter((line) => line.startsWith('BREACHED'))).toEqual([]);
    expect(finished.output).toMatch(/\d+ withstood, 0 breached, \d+ not offered, 0 without time; \d+ requests in \d+ s\n$/);
    expect(finished.code).toBe(0);
  });

  it('names the clauses that it covered', () => {
    for (const clause of ['V3.5.1', 'V6.3.8', 'V7.2.4', 'V8.2.2', 'V9.1.2', 'V9.1.3', 'V10.4.5']) {
      expect(finished.output).toMatch(new RegExp(`^ {2}${clause.replaceAll('.', '\\.')} +withstood +\\d+ cases?$`, 'm'));
    }
  });
});
