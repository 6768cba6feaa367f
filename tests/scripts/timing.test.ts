import { describe, expect, it } from 'vitest';
import { createRandom } from '../../prisma/seed/random.ts';
import { runNode } from '../../scripts/run-program.ts';
import { mannWhitney, median } from '../../scripts/timing/mann-whitney.ts';
import { lineOf, measure } from '../../scripts/timing/measure.ts';

describe('the rank test', () => {
  it('agrees with worked examples', () => {
    // Mann and Whitney by hand: all of the first below all of the second.
    expect(mannWhitney([1, 2, 3], [4, 5, 6]).u).toBe(0);
    expect(mannWhitney([4, 5, 6], [1, 2, 3]).u).toBe(9);
    // scipy.stats.mannwhitneyu([19,22,16,29,24], [20,11,17,12], method="asymptotic"): U 17, p 0.11134688653314041
    const worked = mannWhitney([19, 22, 16, 29, 24], [20, 11, 17, 12]);
    expect(worked.u).toBe(17);
    expect(worked.p).toBeCloseTo(0.11134688653314041, 6);
  });

  it('corrects for ties', () => {
    // By hand: U 7; the variance loses what the ties take.
    const { u, p } = mannWhitney([1, 2, 2, 3, 3, 3], [2, 3, 3, 4, 4, 5]);
    expect(u).toBe(7);
    expect(p).toBeCloseTo(0.0784029, 6);
    expect(mannWhitney([1, 1, 1], [1, 1])).toEqual({ u: 3, p: 1 });
  });

  it('finds a shift and, nine times in ten, no shift where there is none', () => {
    const random = createRandom(7);
    const sample = (shift: number) => Array.from({ length: 200 }, () => random.next() * 10 + shift);
    expect(mannWhitney(sample(0), sample(2)).p).toBeLessThan(0.001);
    const alarms = Array.from({ length: 200 }, () => mannWhitney(sample(0), sample(0)).p).filter((p) => p < 0.1).length;
    expect(alarms).toBeGreaterThan(8);
    expect(alarms).toBeLessThan(35);
  });

  it('needs values', () => {
    expect(() => mannWhitney([], [1])).toThrow('Both samples');
    expect([median([3, 1, 2]), median([1, 2, 3, 4]), median([])]).toEqual([2, 2.5, Number.NaN]);
  });
});

describe('measuring a pair', () => {
  const random = createRandom(3);
  const answer =
    (ms: number, status = 401) =>
    async () => ({ status, headers: {}, text: 'text', json: undefined, ms });
  const noisy = (shift: number) => async () => await answer(10 + shift + random.next())();
  const names = ['a', 'b'] as const;

  it('tells likeness and difference, in words', async () => {
    const alike = await measure({ name: 'x', names, status: 401, ask: [noisy(0), noisy(0)] }, 60);
    expect(lineOf(alike)).toMatch(/^alike {3}x: a 10\.\d\d ms, b 10\.\d\d ms, difference 0\.\d\d ms, p 0\.\d{3}$/);
    const slow = await measure({ name: 'x', names, status: 401, ask: [noisy(6), noisy(0)] }, 60);
    expect(slow.isAlike).toBe(false);
    // A difference too small to matter at the median still shows in the ranks.
    expect((await measure({ name: 'x', names, status: 401, ask: [noisy(1), noisy(0)] }, 60)).isAlike).toBe(false);
  });

  it('compares nothing but the answers it was told of', async () => {
    await expect(measure({ name: 'x', names, status: 401, ask: [answer(1), answer(1, 429)] }, 20)).rejects.toThrow(
      'x, b: 429 in place of 401',
    );
  });
});

describe('npm run timing and npm run fuzz', () => {
  it.each([
    ['scripts/timing.ts', []],
    ['scripts/timing.ts', ['--url', 'http://127.0.0.1:1', '--pairs', '3']],
    ['scripts/timing.ts', ['--nonsense']],
    ['scripts/fuzz.ts', []],
    ['scripts/fuzz.ts', ['--url', 'http://example.com']],
  ])('%s %j says what is wrong', async (script, args) => {
    const { code, output } = await runNode([script, ...args]);
    expect(code).toBe(1);
    expect(output).toMatch(/npm run (?:timing|fuzz) -- --url|is not this machine/);
    expect(output).not.toContain('    at ');
  });
});
