import { faultLine } from './faults.ts';
import type { VerifyResult } from './verify-database.ts';

/** Exit code of audit.md section 9. */
export function exitCodeOf(result: { faultCount: number; warnings: readonly unknown[] }): 0 | 1 | 3 {
  if (result.faultCount > 0) return 1;
  return result.warnings.length > 0 ? 3 : 0;
}

/** The result for people: what was looked at, then VALID or a line for each of the first hundred faults. */
export function renderResult(result: VerifyResult): string {
  const { range, anchors, archives, lag } = result;
  const figures: readonly (readonly [string, string])[] = [
    ['origin', result.origin],
    ['epoch', String(result.epoch ?? '-')],
    ['range', range.to > range.from ? `${range.from} to ${range.to - 1} (${result.scope})` : `empty (${result.scope})`],
    ['rows', String(result.rows)],
    ['leaves', String(result.leaves)],
    ['checkpoints', `${result.checkpoints} with their signatures`],
    ['anchors', `${anchors.compared} compared, ${anchors.files} files, ${anchors.rows} noted`],
    ['values', `${result.values + result.snapshots} checked (${result.snapshots} snapshots), ${result.erased} erased`],
    ['archives', `${archives.months} months with ${archives.rows} rows, ${archives.files} files checked`],
    ['lag', `${lag.rows} rows, ${lag.seconds} s`],
    ['root', result.root ?? '-'],
    ['seconds', result.seconds.toFixed(1)],
  ];
  const lines = figures.map(([name, value]) => `${name.padEnd(12)}${value}`);
  lines.push(...result.warnings.map((warning) => `WARNING ${warning.kind} ${warning.detail}`));
  return `${[...lines, ...verdict(result)].join('\n')}\n`;
}

/** `VALID`, or the faults. */
export function verdict(result: Pick<VerifyResult, 'faults' | 'faultCount'>): string[] {
  if (result.faultCount === 0) return ['VALID'];
  const more = result.faultCount - result.faults.length;
  return [...result.faults.map(faultLine), ...(more > 0 ? [`and ${more} more faults`] : [])];
}
