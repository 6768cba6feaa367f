/** Whether two samples may come from one distribution, without assuming its shape. */
export type RankTest = {
  /** Pairs (a, b) with a > b, ties as halves. */
  u: number;
  /** Two-sided, by the normal approximation with correction for ties and continuity: good from about twenty values a side. */
  p: number;
};

/** Mann-Whitney U (Wilcoxon rank sum). */
export function mannWhitney(a: readonly number[], b: readonly number[]): RankTest {
  if (a.length === 0 || b.length === 0) throw new Error('Both samples need values');
  const pooled = [...a.map((value) => ({ value, isA: true })), ...b.map((value) => ({ value, isA: false }))].toSorted(
    (x, y) => x.value - y.value,
  );
  let rankSum = 0;
  let ties = 0;
  for (let from = 0; from < pooled.length; ) {
    let to = from;
    while (to < pooled.length && pooled[to]?.value === pooled[from]?.value) to += 1;
    const count = to - from;
    const rank = (from + 1 + to) / 2;
    rankSum += rank * pooled.slice(from, to).filter(({ isA }) => isA).length;
    ties += count ** 3 - count;
    from = to;
  }
  const u = rankSum - (a.length * (a.length + 1)) / 2;
  const n = pooled.length;
  const variance = ((a.length * b.length) / 12) * (n + 1 - ties / (n * (n - 1)));
  if (variance === 0) return { u, p: 1 };
  const distance = Math.max(0, Math.abs(u - (a.length * b.length) / 2) - 0.5);
  return { u, p: Math.min(1, erfc(distance / Math.sqrt(2 * variance))) };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((x, y) => x - y);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? Number.NaN) + upper) / 2;
}

/** Complementary error function for x >= 0; Abramowitz and Stegun 7.1.26, off by less than 1.5e-7. */
function erfc(x: number): number {
  const t = 1 / (1 + 0.3275911 * x);
  const series = t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  return series * Math.exp(-x * x);
}
