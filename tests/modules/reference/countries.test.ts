import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../../src/foundation/command/run-command.ts';
import type { Actor } from '../../../src/foundation/runtime/actor.ts';
import { bundledCountries } from '../../../src/modules/reference/countries.ts';
import {
  countryListQuery,
  fillCountries,
  findCountry,
  isKnownCountry,
  listCountries,
  referenceJobs,
  refreshCountries,
} from '../../../src/modules/reference/index.ts';
import { anonymous, startTestApp } from '../../support/app.ts';

describe('the bundled list', () => {
  const countries = bundledCountries();

  it('holds every country once, in ISO-2 order', () => {
    expect(countries.length).toBeGreaterThan(240);
    for (const key of ['iso2', 'iso3', 'name', 'flag'] as const)
      expect(new Set(countries.map((country) => country[key])).size).toBe(countries.length);
    expect(countries.map((country) => country.iso2)).toEqual(countries.map((country) => country.iso2).toSorted());
  });

  it('describes Nigeria, the Dominican Republic and Antarctica', () => {
    const find = (iso2: string) => countries.find((country) => country.iso2 === iso2);
    expect(find('NG')).toEqual({
      iso2: 'NG',
      iso3: 'NGA',
      name: 'Nigeria',
      capital: 'Abuja',
      region: 'Africa',
      currency: 'NGN',
      callingCode: '+234',
      flag: '🇳🇬',
    });
    expect(find('DO')?.callingCode).toBe('+1');
    expect(find('AQ')).toMatchObject({ capital: null, currency: null });
  });
});

describe('the query', () => {
  it('has page 1, 50 rows and the name order unless told otherwise', () => {
    expect(countryListQuery.parse({})).toEqual({ sort: 'name', page: 1, pageSize: 50 });
    expect(countryListQuery.parse({ page: '2', pageSize: '300', sort: '-currency' })).toEqual({
      sort: '-currency',
      page: 2,
      pageSize: 300,
    });
  });

  it.each([
    { page: '0' },
    { page: '-1' },
    { page: 'abc' },
    { page: '1.5' },
    { pageSize: '301' },
    { sort: 'capital' },
    { sort: '--name' },
    { order: 'name' },
  ])('refuses %o', (query) => {
    expect(countryListQuery.safeParse(query).success).toBe(false);
  });
});

describe('countries in the database', () => {
  let app: Awaited<ReturnType<typeof startTestApp>>;
  const system: Actor = { kind: 'system', name: 'test' };
  const refresh = () => app.as(system, () => runCommand(app.deps, refreshCountries, { input: {} }));
  const list = (query: Record<string, string> = {}) => listCountries(app.deps, countryListQuery.parse(query));
  const names = async (query: Record<string, string>) => (await list(query)).items.map((country) => country.name);
  // Awaited inside: Prisma starts a query when it is awaited, which must happen within the actor's context.
  const switchTo = (iso2: string, isActive: boolean) =>
    app.as(system, async () => {
      await app.deps.database.prisma.country.update({ where: { iso2 }, data: { isActive } });
    });

  beforeAll(async () => {
    app = await startTestApp();
    await app.as(system, () => fillCountries(app.deps));
  });
  afterAll(() => app?.stop());

  it('are filled once on an empty database', async () => {
    const { total } = await list();
    expect(total).toBe(bundledCountries().length);
    await app.as(system, () => fillCountries(app.deps));
    expect(await app.deps.database.prisma.refreshRun.count({ where: { added: total } })).toBe(1);
  });

  it('are unchanged by a second refresh', async () => {
    expect((await refresh()).output).toEqual({ added: 0, changed: 0, unchanged: bundledCountries().length });
  });

  it('are corrected and completed by a refresh, which leaves what staff set', async () => {
    const { prisma } = app.deps.database;
    await app.as(system, async () => {
      await prisma.country.update({ where: { iso2: 'GH' }, data: { capital: 'Kumasi', isActive: false, sortOrder: 7 } });
      await prisma.country.delete({ where: { iso2: 'KE' } });
    });
    expect((await refresh()).output).toMatchObject({ added: 1, changed: 1 });
    expect(await prisma.country.findUnique({ where: { iso2: 'GH' } })).toMatchObject({
      capital: 'Accra',
      isActive: false,
      sortOrder: 7,
      version: 2,
    });
    expect(await isKnownCountry(app.deps, 'KE')).toBe(true);
    await switchTo('GH', true);
  });

  it('are refreshed by the weekly job too', async () => {
    const [job] = referenceJobs;
    const run = { id: 'x', attempt: 0, isLastAttempt: false, signal: new AbortController().signal, send: async () => undefined };
    await app.as(system, async () => job?.handle({}, app.deps, run));
    const [latest] = await app.deps.database.prisma.refreshRun.findMany({ orderBy: { id: 'desc' }, take: 1 });
    expect(latest).toMatchObject({ source: 'countries-list', status: 'succeeded', added: 0, changed: 0 });
  });

  it('cannot be refreshed by anybody but the system', async () => {
    await expect(app.as(anonymous, () => runCommand(app.deps, refreshCountries, { input: {} }))).rejects.toMatchObject({
      name: 'AppError',
    });
  });

  it('are found by the beginning of their name in any case', async () => {
    expect(await names({ q: 'nIGe' })).toEqual(['Niger', 'Nigeria']);
    expect(await names({ q: '%' })).toEqual([]);
    expect(await names({ q: '_igeria' })).toEqual([]);
  });

  it('are filtered by region, currency and calling code', async () => {
    expect((await list({ region: 'africa', pageSize: '300' })).items.every((country) => country.region === 'Africa')).toBe(true);
    expect(await names({ currency: 'ngn' })).toEqual(['Nigeria']);
    expect(await names({ callingCode: '234' })).toEqual(['Nigeria']);
    expect(await names({ callingCode: ' 234' })).toEqual(['Nigeria']);
    expect(await names({ callingCode: '+234' })).toEqual(['Nigeria']);
  });

  it('come in the order asked for, ties by ISO-2, without overlap between pages', async () => {
    const codes = async (query: Record<string, string>) => (await list(query)).items.map((country) => country.iso2);
    const inOrder = await codes({ sort: 'iso2', pageSize: '300' });
    expect(inOrder).toEqual(inOrder.toSorted());
    expect(await codes({ sort: '-iso2', pageSize: '300' })).toEqual(inOrder.toReversed());
    const { items } = await list({ sort: 'region', pageSize: '300' });
    const keys = items.map((country) => `${country.region}/${country.iso2}`);
    expect(keys).toEqual(keys.toSorted());
    const byCurrency = (await list({ sort: '-currency', pageSize: '300' })).items.map((country) => country.currency);
    expect(byCurrency.at(0)).toBe('ZWG');
    expect(byCurrency.at(-1)).toBeNull();
    const pages = [
      ...(await codes({ pageSize: '100' })),
      ...(await codes({ pageSize: '100', page: '2' })),
      ...(await codes({ pageSize: '100', page: '3' })),
    ];
    expect(new Set(pages).size).toBe(inOrder.length);
  });

  it('show nine members and no other', async () => {
    const { items } = await list({ pageSize: '1' });
    expect(Object.keys(items[0] ?? {}).toSorted()).toEqual([
      'callingCode',
      'capital',
      'currency',
      'flag',
      'id',
      'iso2',
      'iso3',
      'name',
      'region',
    ]);
  });

  it('are found by ISO-2 in any case, and only by that', async () => {
    expect(await findCountry(app.deps, 'ng')).toMatchObject({ iso2: 'NG' });
    for (const code of ['XX', 'Nigeria', '', 'N%']) expect(await isKnownCountry(app.deps, code)).toBe(false);
  });

  it('are unknown while they are switched off', async () => {
    await switchTo('AQ', false);
    expect(await isKnownCountry(app.deps, 'AQ')).toBe(false);
    expect((await names({ q: 'Antarctica' })).length).toBe(0);
  });
});
