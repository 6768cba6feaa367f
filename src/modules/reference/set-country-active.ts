import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../foundation/command/command.ts';
import { AppError } from '../../foundation/errors/app-error.ts';

const input = z.strictObject({ id: z.uuid(), isActive: z.boolean() });
type Input = z.infer<typeof input>;

type Loaded = { id: string; name: string; isActive: boolean; version: number };
export type CountrySwitched = { id: string; name: string; isActive: boolean; isUnchanged: boolean };

/** Opens a country for sign-up and profiles, or closes it; people who have it keep it. Repeating it changes nothing. */
export const setCountryActive = defineCommand<Input, CountrySwitched, undefined, Loaded>({
  name: 'set-country-active',
  resource: 'country',
  access: 'country.edit',
  input,
  load,
  version: (country) => country.version,
  async preview(_scope, { isActive }, country) {
    if (country.isActive === isActive) return [`${country.name} stays as it is.`];
    return isActive
      ? [`New people may choose ${country.name}.`]
      : [`Nobody new may choose ${country.name}.`, 'People who have it keep it.'];
  },
  async run(scope, { isActive }, country) {
    scope.touched(country.id);
    if (country.isActive === isActive) return { ...shown(country, isActive), isUnchanged: true };
    // Compare-and-set: a refresh of the bundled list may have moved the version since it was loaded.
    const { count } = await scope.tx.country.updateMany({
      where: { id: country.id, version: country.version },
      data: { isActive, version: { increment: 1 } },
    });
    if (count !== 1) throw new AppError('version_conflict');
    return { ...shown(country, isActive), isUnchanged: false };
  },
  isIdempotent: true,
});

async function load(scope: CommandScope, { id }: Input): Promise<Loaded> {
  const country = await scope.tx.country.findUnique({ where: { id }, select: { id: true, name: true, isActive: true, version: true } });
  if (!country) throw new AppError('not_found');
  return country;
}

function shown(country: Loaded, isActive: boolean): Omit<CountrySwitched, 'isUnchanged'> {
  return { id: country.id, name: country.name, isActive };
}
