import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../foundation/command/command.ts';
import { AppError } from '../../foundation/errors/app-error.ts';

const input = z.strictObject({ id: z.uuid(), sortOrder: z.number().int().min(0).max(9_999) });
type Input = z.infer<typeof input>;

type Loaded = { id: string; name: string; sortOrder: number; version: number };
export type CountryMoved = { id: string; isUnchanged: boolean };

/**
 * Says where a country stands in lists that follow the order of staff: lower comes first, equal ones by name. Repeating it changes nothing.
 * @throws AppError 403 `forbidden`, 404 `not_found`, 409 `version_conflict`
 */
export const setCountryOrder = defineCommand<Input, CountryMoved, undefined, Loaded>({
  name: 'set-country-order',
  resource: 'country',
  access: 'country.edit',
  input,
  isIdempotent: true,
  load,
  version: (country) => country.version,
  async preview(_scope, { sortOrder }, country) {
    if (country.sortOrder === sortOrder) return [`${country.name} stays where it is.`];
    return [`${country.name} moves from ${country.sortOrder} to ${sortOrder}; lower comes first, equal ones by name.`];
  },
  async run(scope, { sortOrder }, country) {
    scope.touched(country.id);
    if (country.sortOrder === sortOrder) return { id: country.id, isUnchanged: true };
    // Compare-and-set: a refresh of the bundled list may have moved the version since it was loaded.
    const { count } = await scope.tx.country.updateMany({
      where: { id: country.id, version: country.version },
      data: { sortOrder, version: { increment: 1 } },
    });
    if (count !== 1) throw new AppError('version_conflict');
    return { id: country.id, isUnchanged: false };
  },
});

async function load(scope: CommandScope, { id }: Input): Promise<Loaded> {
  const country = await scope.tx.country.findUnique({ where: { id }, select: { id: true, name: true, sortOrder: true, version: true } });
  if (!country) throw new AppError('not_found');
  return country;
}
