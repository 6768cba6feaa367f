import { afterAll, beforeAll, expect, it } from 'vitest';
import { previewCommand } from '../../../src/foundation/command/run-command.ts';
import { fillCountries, refreshCountriesByStaff, setCountryOrder } from '../../../src/modules/reference/index.ts';
import { staffActor, startTestApp } from '../../support/app.ts';
import { refusalCode, run } from '../identity/people.ts';

let app: Awaited<ReturnType<typeof startTestApp>>;
const system = { kind: 'system', name: 'seed' } as const;
beforeAll(async () => {
  app = await startTestApp();
  await app.as(system, () => fillCountries(app.deps));
});
afterAll(() => app.stop());

const admin = () => staffActor({ role: 'admin', isLead: false }, app.clock.now());
const envelope = { reason: { code: 'error_correction', text: 'the list was changed by hand' } };
const preview = () => app.as(admin(), () => previewCommand(app.deps, refreshCountriesByStaff, { input: {} }));

it('shows what differs before it changes it, and then changes exactly that; what staff set stays', async () => {
  expect(await preview()).toEqual(['Nothing differs from the bundled list: nothing changes.']);
  await app.as(system, () =>
    app.deps.database.prisma.country.update({
      where: { iso2: 'NG' },
      data: { currency: 'XXX', capital: null, isActive: false, sortOrder: 7 },
    }),
  );
  await app.as(system, () => app.deps.database.prisma.country.delete({ where: { iso2: 'GH' } }));
  const effects = await preview();
  expect(effects[0]).toMatch(/^Adds 1, changes 1, leaves \d+ as they are/);
  expect(effects.slice(1)).toEqual(['New: Ghana (GH).', 'Nigeria: capital nothing becomes Abuja, currency XXX becomes NGN.']);
  expect(await app.deps.database.prisma.country.findUnique({ where: { iso2: 'NG' } })).toMatchObject({ currency: 'XXX' });
  expect(await run(app, refreshCountriesByStaff, {}, { actor: admin(), envelope })).toMatchObject({ added: 1, changed: 1 });
  expect(await app.deps.database.prisma.country.findUnique({ where: { iso2: 'NG' } })).toMatchObject({
    currency: 'NGN',
    isActive: false,
    sortOrder: 7,
  });
  expect(await run(app, refreshCountriesByStaff, {}, { actor: admin(), envelope })).toMatchObject({ added: 0, changed: 0 });
});

it('counts what does not fit into a form', async () => {
  await app.as(system, () => app.deps.database.prisma.country.updateMany({ where: { region: 'Africa' }, data: { region: 'Elsewhere' } }));
  const effects = await preview();
  expect(effects).toHaveLength(27);
  expect(effects.at(-1)).toMatch(/^And \d+ more\.$/);
});

it('two refreshes at once leave the second nothing to do', async () => {
  const outcomes = await Promise.all([1, 2].map(() => run(app, refreshCountriesByStaff, {}, { actor: admin(), envelope })));
  expect(outcomes.map(({ changed }) => changed > 0).sort()).toEqual([false, true]);
});

it('orders countries by version, and refuses everybody but admins', async () => {
  const country = await app.deps.database.prisma.country.findUniqueOrThrow({ where: { iso2: 'KE' } });
  const input = { id: country.id, sortOrder: 3 };
  expect(await app.as(admin(), () => previewCommand(app.deps, setCountryOrder, { input }))).toEqual([
    'Kenya moves from 0 to 3; lower comes first, equal ones by name.',
  ]);
  expect(
    await run(app, setCountryOrder, input, { actor: admin(), envelope: { ...envelope, expectedVersion: country.version } }),
  ).toMatchObject({ isUnchanged: false });
  expect(await run(app, setCountryOrder, input, { actor: admin(), envelope })).toMatchObject({ isUnchanged: true });
  expect(await app.as(admin(), () => previewCommand(app.deps, setCountryOrder, { input }))).toEqual(['Kenya stays where it is.']);
  expect(
    await refusalCode(
      run(
        app,
        setCountryOrder,
        { ...input, sortOrder: 4 },
        { actor: admin(), envelope: { ...envelope, expectedVersion: country.version } },
      ),
    ),
  ).toBe('version_conflict');
  expect(await refusalCode(run(app, setCountryOrder, { ...input, sortOrder: -1 }, { actor: admin(), envelope }))).toMatch(
    /too_short|invalid_value/,
  );
  expect(
    await refusalCode(run(app, setCountryOrder, { ...input, id: '0199a000-0000-7000-8000-000000000001' }, { actor: admin(), envelope })),
  ).toBe('not_found');
  for (const role of ['support', 'auditor', 'assistant'] as const) {
    const actor = staffActor({ role, isLead: false }, app.clock.now());
    expect(await refusalCode(run(app, setCountryOrder, input, { actor, envelope }))).toBe('forbidden');
    expect(await refusalCode(run(app, refreshCountriesByStaff, {}, { actor, envelope }))).toBe('forbidden');
  }
});
