/** A repeatable stream of choices (mulberry32), so that every installation gets the same people and the same history. */
export type Random = {
  /** Uniform in [0, 1). */
  next(): number;
  /** Whole number in [0, below). */
  below(limit: number): number;
  pick<T>(from: readonly [T, ...T[]]): T;
};

export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return { next, below, pick: ([first, ...rest]) => rest[below(rest.length + 1) - 1] ?? first };
}
