import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countryCodes, kilometresBetween } from '../../../src/modules/identity/history/country-distance.ts';
import { explainTrace } from '../../../src/modules/identity/history/explain-sign-in.ts';
import { countryCodeOf, fullPlaceName, openPlaces, placeOf } from '../../../src/modules/identity/history/place.ts';
import { parseTrace, passed, type RiskInputs, refused } from '../../../src/modules/identity/history/rule-trace.ts';
import { riskOf } from '../../../src/modules/identity/history/sign-in-risk.ts';
import { tinyMmdb } from '../../support/tiny-mmdb.ts';

const ordinary: RiskInputs = {
  isNewCountry: false,
  isNewDevice: false,
  lastCountry: 'NG',
  travelKm: 0,
  travelMinutes: 600,
  isThrough: true,
  recentFailures: 0,
  localHour: 14,
  timezone: 'Africa/Lagos',
  earlier: 20,
  earlierAtNight: 0,
};
const metBy = (changes: Partial<RiskInputs>) =>
  riskOf({ ...ordinary, ...changes })
    .steps.filter((step) => step.points)
    .map((step) => `${step.rule} ${step.points}`);

describe('the score of a sign-in', () => {
  it.each<[string, Partial<RiskInputs>, string[]]>([
    ['nothing new', {}, []],
    ['a new country', { isNewCountry: true }, ['new_country 30']],
    ['a new device', { isNewDevice: true }, ['new_device 15']],
    ['5,000 km in an hour', { travelKm: 5_000, travelMinutes: 60 }, ['impossible_travel 40']],
    ['5,000 km in a day', { travelKm: 5_000, travelMinutes: 1_440 }, []],
    ['900 km in exactly an hour', { travelKm: 900, travelMinutes: 60 }, []],
    ['901 km in an hour', { travelKm: 901, travelMinutes: 60 }, ['impossible_travel 40']],
    ['a border at the same moment', { travelKm: 332, travelMinutes: 0 }, []],
    ['a flight at the same moment', { travelKm: 500, travelMinutes: 0 }, ['impossible_travel 40']],
    ['no known distance', { travelKm: null, travelMinutes: 1 }, []],
    ['no known time', { travelKm: 5_000, travelMinutes: null }, []],
    ['four failures, then in', { recentFailures: 4 }, []],
    ['five failures, then in', { recentFailures: 5 }, ['failures_then_success 35']],
    ['five failures and a sixth', { recentFailures: 5, isThrough: false }, []],
    ['three at night, never before', { localHour: 3 }, ['night_hours 10']],
    ['midnight, never before', { localHour: 0 }, ['night_hours 10']],
    ['five in the morning', { localHour: 5 }, []],
    ['three at night, as every tenth time', { localHour: 3, earlierAtNight: 2 }, []],
    ['three at night, of somebody hardly known', { localHour: 3, earlier: 4 }, []],
    ['no known hour', { localHour: null, timezone: null }, []],
  ])('%s', (_name, changes, rules) => {
    expect(metBy(changes)).toEqual(rules);
  });

  it('is the sum of the rules that were met, at most 100', () => {
    const all = { isNewCountry: true, isNewDevice: true, travelKm: 9_000, travelMinutes: 5, recentFailures: 9, localHour: 2 };
    expect(riskOf({ ...ordinary, ...all }).score).toBe(100);
    expect(riskOf({ ...ordinary, isNewCountry: true, isNewDevice: true }).score).toBe(45);
    expect(riskOf(ordinary).score).toBe(0);
  });

  it('can be made again from what is kept beside it, whatever it was', () => {
    const inputs = fc.record<RiskInputs>({
      isNewCountry: fc.boolean(),
      isNewDevice: fc.boolean(),
      lastCountry: fc.constantFrom('NG', 'GB', null),
      travelKm: fc.option(fc.nat(20_000)),
      travelMinutes: fc.option(fc.nat(100_000)),
      isThrough: fc.boolean(),
      recentFailures: fc.nat(50),
      localHour: fc.option(fc.nat(23)),
      timezone: fc.constantFrom('Africa/Lagos', null),
      earlier: fc.nat(200),
      earlierAtNight: fc.nat(200),
    });
    fc.assert(
      fc.property(inputs, (given) => {
        const risk = riskOf(given);
        const stored = parseTrace(JSON.parse(JSON.stringify([passed('password'), ...risk.steps])));
        const kept = stored.find((step) => step.rule === 'risk')?.inputs;
        expect(kept && riskOf(kept)).toEqual(risk);
        expect(risk.score).toBe(
          Math.min(
            100,
            stored.reduce((sum, step) => sum + (step.points ?? 0), 0),
          ),
        );
      }),
    );
  });

  it('is told in words, with what it was made from', () => {
    const { steps } = riskOf({
      ...ordinary,
      isNewCountry: true,
      isNewDevice: true,
      travelKm: 5_122,
      travelMinutes: 60,
      recentFailures: 7,
      localHour: 3,
    });
    const told = explainTrace([passed('password'), ...steps, refused('something_new')]);
    expect(told.map((step) => [step.points, step.text])).toEqual([
      [null, 'The password was right.'],
      [30, 'The person did not sign in from this country in the last half year.'],
      [15, 'The person never signed in on this device before.'],
      [40, 'The last sign-in was in Nigeria, at least 5122 km away, 60 minutes earlier: nobody travels that fast.'],
      [35, 'It came after 7 wrong tries within a day.'],
      [10, 'It was 03:00 to 03:59 for the person, who signed in at night 0 of 20 times before.'],
      [null, 'Rule "something_new" refused it.'],
    ]);
  });

  it('is told without its inputs too, as far as that goes', () => {
    const bare = ['impossible_travel', 'failures_then_success', 'night_hours'].map((rule) => ({ rule, isPassed: true, points: 1 }));
    expect(explainTrace(bare).map((step) => step.text)).toEqual([
      'Too far from the last sign-in for the time between.',
      'It came after many wrong tries within a day.',
      'The person rarely signs in at this hour.',
    ]);
    for (const [travelMinutes, words] of [
      [1, '1 minute earlier'],
      [180, '3 hours earlier'],
      [4_320, '3 days earlier'],
    ] as const)
      expect(explainTrace(riskOf({ ...ordinary, travelKm: 90_000, travelMinutes }).steps)[0]?.text).toContain(words);
    expect(parseTrace('nonsense')).toEqual([]);
  });
});

describe('how far countries are apart', () => {
  it('is the least it can be: between their nearest places', () => {
    expect(kilometresBetween('NG', 'NG')).toBe(0);
    expect(kilometresBetween('NG', 'GB')).toBeGreaterThan(4_500);
    expect(kilometresBetween('GB', 'NG')).toBe(kilometresBetween('NG', 'GB'));
    expect(kilometresBetween('NG', 'GH')).toBeLessThan(500);
    expect(kilometresBetween('US', 'CA')).toBeLessThan(500);
    expect(kilometresBetween('NG', 'XX')).toBeNull();
    expect(kilometresBetween('XX', 'NG')).toBeNull();
    expect(countryCodes.length).toBeGreaterThan(240);
  });
});

describe('the city file of the operator', () => {
  const folder = mkdtempSync(join(tmpdir(), 'places-'));
  const file = join(folder, 'city.mmdb');
  beforeAll(() => {
    const places = { '105.112.0.1': { country: 'NG', city: 'Lagos' }, '198.51.100.9': { country: 'gb', city: 'London' } };
    writeFileSync(file, tinyMmdb(places));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('gives city and country, and leaves the rest to the bundled table', () => {
    const config = { geoipDb: file };
    expect(placeOf(config, '105.112.0.1')).toEqual({ country: 'NG', city: 'Lagos' });
    expect(placeOf(config, '::ffff:105.112.0.1')).toEqual({ country: 'NG', city: 'Lagos' });
    expect(placeOf(config, '105.112.0.2')).toEqual({ country: 'NG', city: null });
    // A code of another form is none.
    expect(placeOf(config, '198.51.100.9')).toEqual({ country: null, city: null });
    for (const ip of [null, 'nonsense', '2001:db8::1']) expect(placeOf(config, ip)).toEqual({ country: null, city: null });
    expect(openPlaces(config)).toBe(openPlaces(config));
  });

  it('is told of at start when it is missing, and not asked for when there is none', () => {
    expect(() => openPlaces({ geoipDb: join(folder, 'missing.mmdb') })).toThrow('ENOENT');
    expect(openPlaces({ geoipDb: '' })).toBeNull();
    expect(placeOf({ geoipDb: '' }, '105.112.0.1')).toEqual({ country: 'NG', city: null });
  });

  it('names places as people do, and finds countries by what people type', () => {
    expect(fullPlaceName({ country: 'NG', city: 'Lagos' })).toBe('Lagos, Nigeria');
    expect(fullPlaceName({ country: 'NG', city: null })).toBe('Nigeria');
    expect(fullPlaceName({ country: null, city: 'Lagos' })).toBe('unknown');
    expect(['Nigeria', ' ng ', 'united kingdom', 'Atlantis', ''].map(countryCodeOf)).toEqual(['NG', 'NG', 'GB', null, null]);
  });
});
