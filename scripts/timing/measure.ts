import type { Comparison } from './comparisons.ts';
import { mannWhitney, median } from './mann-whitney.ts';

export type Measured = { name: string; names: readonly [string, string]; medians: readonly [number, number]; p: number; isAlike: boolean };

/** auth-api.md P2. */
const maxDifferenceMs = 5;
const leastP = 0.01;
const warmUps = 5;

/** Interleaved pairs, the first of each pair by turns, so that whatever slows the machine slows both. */
export async function measure(comparison: Comparison, pairs: number, from = 0): Promise<Measured> {
  const taken: [number[], number[]] = [[], []];
  for (let n = -warmUps; n < pairs; n += 1) {
    for (const side of n % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const)) {
      const answer = await comparison.ask[side](from + n + warmUps);
      if (answer.status !== comparison.status) {
        throw new Error(
          `${comparison.name}, ${comparison.names[side]}: ${answer.status} in place of ${comparison.status}: ${answer.text.slice(0, 200)}`,
        );
      }
      if (n >= 0) taken[side].push(answer.ms);
    }
  }
  const medians = [median(taken[0]), median(taken[1])] as const;
  const { p } = mannWhitney(taken[0], taken[1]);
  return {
    name: comparison.name,
    names: comparison.names,
    medians,
    p,
    isAlike: Math.abs(medians[0] - medians[1]) < maxDifferenceMs && p > leastP,
  };
}

export function lineOf({ name, names, medians, p, isAlike }: Measured): string {
  const [first, second] = medians;
  return `${isAlike ? 'alike ' : 'DIFFER'}  ${name}: ${names[0]} ${first.toFixed(2)} ms, ${names[1]} ${second.toFixed(2)} ms, difference ${Math.abs(first - second).toFixed(2)} ms, p ${p.toFixed(3)}`;
}
