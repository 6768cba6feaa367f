/** One side of a comparison: does a fixed amount of work and returns how long or how much it took, lower is better. */
export type Variant = { name: string; run(): Promise<number> };

export type Comparison = {
  /** What is measured, for the table. */
  name: string;
  /** Of the figures: ms, CPU ms, MB. */
  unit: string;
  product: Variant;
  peer: Variant;
  /**
   * `time`: product / peer, must stay at or under the bar. `rate`: peer / product of a time, which is the product's share of
   * the peer's rate, and must stay at or over the bar. `surplus`: product - peer, must stay at or under the bar.
   */
  kind: 'time' | 'rate' | 'surplus';
  bar: number;
  rounds?: number;
  warmUps?: number;
};

export type Figures = { median: number; min: number; max: number };

export type Result = {
  name: string;
  unit: string;
  kind: Comparison['kind'];
  bar: number;
  ratio: Figures;
  product: Figures & { name: string };
  peer: Figures & { name: string };
  /** A bar is missed only if the better end of the spread misses it (audit.md section 16). */
  isMet: boolean;
};

/** Runs both sides in turn, A B A B, so that a machine that speeds up or slows down touches both alike. */
export async function compare(comparison: Comparison): Promise<Result> {
  const { product, peer, rounds = 9, warmUps = 2 } = comparison;
  const taken: { product: number; peer: number }[] = [];
  for (let round = -warmUps; round < rounds; round += 1) {
    const isProductFirst = round % 2 === 0;
    const first = await (isProductFirst ? product : peer).run();
    const second = await (isProductFirst ? peer : product).run();
    if (round >= 0) taken.push(isProductFirst ? { product: first, peer: second } : { product: second, peer: first });
  }
  const ratio = figuresOf(taken.map((pair) => against[comparison.kind](pair.product, pair.peer)));
  return {
    name: comparison.name,
    unit: comparison.unit,
    kind: comparison.kind,
    bar: comparison.bar,
    ratio,
    product: { name: product.name, ...figuresOf(taken.map((pair) => pair.product)) },
    peer: { name: peer.name, ...figuresOf(taken.map((pair) => pair.peer)) },
    isMet: comparison.kind === 'rate' ? ratio.max >= comparison.bar : ratio.min <= comparison.bar,
  };
}

const against: Record<Comparison['kind'], (product: number, peer: number) => number> = {
  time: (product, peer) => product / peer,
  rate: (product, peer) => peer / product,
  surplus: (product, peer) => product - peer,
};

export function figuresOf(values: readonly number[]): Figures {
  const sorted = [...values].sort((a, b) => a - b);
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
  return { median: at(0.5), min: at(0), max: at(1) };
}

export function lineOf(result: Result): string {
  const { ratio } = result;
  const sign = result.kind === 'rate' ? '>=' : '<=';
  const spread = `${ratio.median.toFixed(2)} (${ratio.min.toFixed(2)}-${ratio.max.toFixed(2)})`;
  const sides = `${result.product.name} ${result.product.median.toFixed(2)} / ${result.peer.name} ${result.peer.median.toFixed(2)} ${result.unit}`;
  return `${result.isMet ? 'met   ' : 'MISSED'} ${result.name.padEnd(58)} ${spread.padEnd(20)} ${sign} ${result.bar.toFixed(2)}   ${sides}`;
}
