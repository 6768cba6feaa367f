import { figuresOf, type Result } from '../compare.ts';

/** One line of the table: what was measured, against which budget of back-office.md section 11. */
export type Finding = { what: string; measured: string; budget: string; isMet: boolean; note: string };

type Measured = { what: string; value: number; budget: number; unit: string; note?: string; digits?: number };

/** A figure that must stay at or under its budget. */
export function atMost({ what, value, budget, unit, note = '', digits = 0 }: Measured): Finding {
  return { what, measured: `${value.toFixed(digits)} ${unit}`, budget: `<= ${budget} ${unit}`, isMet: value <= budget, note };
}

/** A time, as the median of its rounds with the spread beside it. */
export function medianAtMost(measured: Omit<Measured, 'value'> & { values: readonly number[] }): Finding {
  const { median, min, max } = figuresOf(measured.values);
  const digits = measured.digits ?? 0;
  const spread = `${min.toFixed(digits)}-${max.toFixed(digits)}, ${measured.values.length} rounds`;
  return atMost({ ...measured, value: median, note: [spread, measured.note].filter(Boolean).join('; ') });
}

/** A comparison of the bench, by the median of its rounds. */
export function findingOf(result: Result, what: string, unit = ''): Finding {
  const { ratio, bar, kind, product, peer } = result;
  const isRate = kind === 'rate';
  return {
    what,
    measured: `${ratio.median.toFixed(2)}${unit}`,
    budget: `${isRate ? '>=' : '<='} ${bar}${unit}`,
    isMet: isRate ? ratio.median >= bar : ratio.median <= bar,
    note: `${ratio.min.toFixed(2)}-${ratio.max.toFixed(2)}; ${product.median.toFixed(1)} against ${peer.median.toFixed(1)} ${result.unit}`,
  };
}

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/** The table, widest column first to last, one line each. */
export function tableOf(findings: readonly Finding[]): string {
  const width = (pick: (finding: Finding) => string) => Math.max(...findings.map((finding) => pick(finding).length));
  const [what, measured, budget] = [width((each) => each.what), width((each) => each.measured), width((each) => each.budget)];
  return findings
    .map((each) =>
      `${each.isMet ? 'met   ' : 'MISSED'}  ${each.what.padEnd(what)}  ${each.measured.padStart(measured)}  ${each.budget.padEnd(budget)}  ${each.note}`.trimEnd(),
    )
    .join('\n');
}
