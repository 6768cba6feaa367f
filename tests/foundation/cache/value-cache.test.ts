import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createValueCache, type Loaded } from '../../../src/foundation/cache/value-cache.ts';
import type { Versions } from '../../../src/foundation/cache/versions.ts';

const options = { maxBytes: 10_000, freshMs: 60_000, staleMs: 600_000, onError: () => undefined };

/** Namespaces a and b at these versions. */
const at = (a: number, b = 1): Versions => ({
  of: (names) => (names === 'all' ? a + b : names.reduce((sum, name) => sum + (name === 'a' ? a : b), 0)),
});

/** A loader that counts, and waits until it is told to go on. */
function slow() {
  const gate = Promise.withResolvers<void>();
  let calls = 0;
  const load = async (): Promise<Loaded<string>> => {
    calls += 1;
    const value = `made ${calls}`;
    await gate.promise;
    return { value, bytes: 10, dependsOn: ['a'] };
  };
  return { load, open: () => gate.resolve(), calls: () => calls };
}

const made =
  (value: string, dependsOn: Loaded<string>['dependsOn'] = ['a'], bytes = 10) =>
  async (): Promise<Loaded<string>> => ({
    value,
    bytes,
    dependsOn,
  });

describe('a value cache', () => {
  it('loads once for a hundred who ask at once, and then not at all', async () => {
    const cache = createValueCache<string>(options);
    const { load, open, calls } = slow();
    const asked = Array.from({ length: 100 }, async () => cache.read({ key: 'k', versions: at(1), load }));
    open();
    expect(new Set(await Promise.all(asked))).toEqual(new Set(['made 1']));
    expect(cache.read({ key: 'k', versions: at(1), load })).toBe('made 1');
    expect(calls()).toBe(1);
  });

  it('makes anew what a version it depends on has left, and keeps what another one has', async () => {
    const cache = createValueCache<string>(options);
    expect(await cache.read({ key: 'k', versions: at(1), load: made('old') })).toBe('old');
    expect(await cache.read({ key: 'k', versions: at(1, 9), load: made('never') })).toBe('old');
    expect(await cache.read({ key: 'k', versions: at(2), load: made('new') })).toBe('new');
  });

  it('never lets who knows of a change join a load that began before it', async () => {
    const cache = createValueCache<string>(options);
    const before = slow();
    const early = cache.read({ key: 'k', versions: at(1), load: before.load });
    expect(await cache.read({ key: 'k', versions: at(2), load: made('after') })).toBe('after');
    before.open();
    expect(await early).toBe('made 1');
    expect(await cache.read({ key: 'k', versions: at(2), load: made('again') })).toBe('again');
  });

  it('finds what was not there before, and loses what is there no more', async () => {
    const cache = createValueCache<string>(options);
    expect(await cache.read({ key: 'k', versions: at(1), load: made('nothing', 'all') })).toBe('nothing');
    expect(await cache.read({ key: 'k', versions: at(1, 2), load: made('found', ['a']) })).toBe('found');
    expect(await cache.read({ key: 'k', versions: at(1, 3), load: made('never') })).toBe('found');
  });

  it('gives an old value and makes it anew behind the back, but not one that is too old', async () => {
    const cache = createValueCache<string>({ ...options, freshMs: 5, staleMs: 60 });
    await cache.read({ key: 'k', versions: at(1), load: made('first') });
    await wait(10);
    expect(cache.read({ key: 'k', versions: at(1), load: made('second') })).toBe('first');
    await wait(1);
    expect(cache.read({ key: 'k', versions: at(1), load: made('third') })).toBe('second');
    await wait(70);
    expect(await cache.read({ key: 'k', versions: at(1), load: made('fourth') })).toBe('fourth');
  });

  it('makes an old value anew once, however many ask for it meanwhile', async () => {
    const cache = createValueCache<string>({ ...options, freshMs: 1 });
    await cache.read({ key: 'k', versions: at(1), load: made('old') });
    await wait(5);
    const { load, open, calls } = slow();
    for (let n = 0; n < 5; n += 1) expect(cache.read({ key: 'k', versions: at(1), load })).toBe('old');
    open();
    await wait(1);
    expect(cache.read({ key: 'k', versions: at(1), load: made('never') })).toBe('made 1');
    expect([calls(), cache.figures().stale >= 1]).toEqual([1, true]);
  });

  it('holds no more than it may, and drops first what was used longest ago', async () => {
    const cache = createValueCache<string>({ ...options, maxBytes: 3_000 });
    for (const key of ['one', 'two', 'three']) await cache.read({ key, versions: at(1), load: made(key, ['a'], 500) });
    cache.read({ key: 'one', versions: at(1), load: made('never') });
    await cache.read({ key: 'four', versions: at(1), load: made('four', ['a'], 500) });
    await cache.read({ key: 'five', versions: at(1), load: made('five', ['a'], 500) });
    expect(cache.read({ key: 'one', versions: at(1), load: made('never') })).toBe('one');
    expect(await cache.read({ key: 'two', versions: at(1), load: made('two again', ['a'], 500) })).toBe('two again');
    await cache.read({ key: 'huge', versions: at(1), load: made('huge', ['a'], 2_000) });
    expect(cache.figures().bytes).toBeLessThanOrEqual(3_000);
    expect(await cache.read({ key: 'huge', versions: at(1), load: made('not kept', ['a'], 10) })).toBe('not kept');
  });

  it('keeps no failure, and tells it to all who waited', async () => {
    const cache = createValueCache<string>(options);
    const load = () => Promise.reject(new Error('no database'));
    const asked = [1, 2].map(async () => cache.read({ key: 'k', versions: at(1), load }));
    expect((await Promise.allSettled(asked)).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(await cache.read({ key: 'k', versions: at(1), load: made('well') })).toBe('well');
  });

  it('asks only who starts a load, and lets the next one try where that one may not', async () => {
    const cache = createValueCache<string>(options);
    let admitted = 0;
    const refuse = async () => {
      throw new Error('too many');
    };
    const admit = async () => {
      admitted += 1;
    };
    const refused = Promise.resolve(cache.read({ key: 'k', versions: at(1), load: made('value'), admit: refuse }));
    const others = [1, 2, 3].map(async () => cache.read({ key: 'k', versions: at(1), load: made('value'), admit }));
    await expect(refused).rejects.toThrow('too many');
    expect(await Promise.all(others)).toEqual(['value', 'value', 'value']);
    expect(cache.read({ key: 'k', versions: at(1), load: made('never'), admit })).toBe('value');
    expect(admitted).toBe(1);
  });
});
