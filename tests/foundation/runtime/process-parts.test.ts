import { describe, expect, it, vi } from 'vitest';
import { newId, uuidPattern } from '../../../src/foundation/runtime/new-id.ts';
import { currentContext, requireContext, runInContext, systemContext } from '../../../src/foundation/runtime/request-context.ts';
import { createSlowness } from '../../../src/foundation/runtime/slowness.ts';

describe('ids', () => {
  it('sort in the order in which they were made, also when a millisecond is full and the clock stands or goes back', () => {
    const now = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 5);
    const ids = Array.from({ length: 5_000 }, newId);
    now.mockReturnValue(Date.now() - 60_000);
    ids.push(newId());
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual([...ids].sort());
    expect(ids.every((id) => uuidPattern.test(id) && id[14] === '7')).toBe(true);
    // More than 4,096 do not fit into one millisecond: the next one is taken in advance.
    expect(new Set(ids.map((id) => id.slice(0, 13))).size).toBeGreaterThan(1);
  });
});

describe('the context of a request', () => {
  // biome-ignore lint/suspicious/noThenProperty: what such an object is taken for is the question
  const noPromise = { then: 'not a function' };

  it('is asked for in vain outside of one, by an error that says what to do', () => {
    expect(currentContext()).toBeUndefined();
    expect(() => requireContext()).toThrow('wrap the entry point in runInContext()');
  });

  it('holds for what is begun in it, gives back what work made, and ends with it', async () => {
    const context = systemContext('test', 'cli');
    expect(runInContext(context, () => ({ door: requireContext().door }))).toEqual({ door: 'cli' });
    expect(runInContext(context, () => noPromise)).toBe(noPromise);
    expect(runInContext(context, () => null)).toBeNull();
    expect(await runInContext(context, async () => requireContext())).toBe(context);
    expect(currentContext()).toBeUndefined();
  });

  it('holds for a lazy promise that is awaited later', async () => {
    const seen: unknown[] = [];
    const lazy = {
      // biome-ignore lint/suspicious/noThenProperty: Prisma's promises are such objects
      then: (done: (value: string) => void) => {
        seen.push(currentContext()?.actor);
        done('value');
      },
    };
    runInContext(systemContext('test', 'cli'), () => lazy);
    expect(seen).toEqual([{ kind: 'system', name: 'test' }]);
  });
});

describe('a slow answer', () => {
  it('is over 500 ms, or over three times what most of its kind take', () => {
    const slowness = createSlowness();
    expect([slowness.isSlow('/a', 500), slowness.isSlow('/a', 501)]).toEqual([false, true]);
    for (let n = 0; n < 128; n += 1) slowness.isSlow('/b', 10);
    expect([slowness.isSlow('/b', 30), slowness.isSlow('/b', 31), slowness.isSlow('/c', 31)]).toEqual([false, true, false]);
  });

  it('of a kind beyond a thousand is judged by 500 ms alone: the memory stays bounded', () => {
    const slowness = createSlowness();
    for (let kind = 0; kind < 1_000; kind += 1) slowness.isSlow(`/known/${kind}`, 1);
    for (let n = 0; n < 128; n += 1) slowness.isSlow('/one/too/many', 1);
    for (let n = 0; n < 128; n += 1) slowness.isSlow('/known/7', 1);
    expect([slowness.isSlow('/one/too/many', 400), slowness.isSlow('/one/too/many', 501)]).toEqual([false, true]);
    expect(slowness.isSlow('/known/7', 400)).toBe(true);
  });
});
