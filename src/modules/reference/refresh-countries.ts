import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../foundation/command/command.ts';
import { type BundledCountry, bundledCountries } from './countries.ts';

const input = z.strictObject({});

export type RefreshOutcome = { added: number; changed: number; unchanged: number };

/**
 * Brings reference.country to the bundled list: adds what is missing, corrects what differs, leaves alone `isActive` and
 * `sortOrder`, which staff set. Nothing is deleted, since people refer to countries. Repeating it changes nothing.
 */
export const refreshCountries = defineCommand<z.infer<typeof input>, RefreshOutcome>({
  name: 'refresh-countries',
  resource: 'country',
  access: 'system',
  input,
  async run(scope) {
    const { missing, differing, unchanged } = await compare(scope);
    if (missing.length > 0) await scope.tx.country.createMany({ data: missing });
    for (const country of differing) {
      await scope.tx.country.update({ where: { iso2: country.iso2 }, data: { ...country, version: { increment: 1 } } });
    }
    const outcome = { added: missing.length, changed: differing.length, unchanged };
    const { id } = await scope.tx.refreshRun.create({
      data: { source: 'countries-list', status: 'succeeded', ...outcome, startedAt: scope.now, finishedAt: scope.deps.clock.now() },
    });
    scope.touched(id);
    if (outcome.added + outcome.changed > 0) {
      scope.emit({ name: 'reference.countries.refreshed', aggregateId: id, payload: { runId: id, ...outcome } });
    }
    return outcome;
  },
});

async function compare(scope: CommandScope): Promise<{ missing: BundledCountry[]; differing: BundledCountry[]; unchanged: number }> {
  const stored = new Map((await scope.tx.country.findMany()).map((country) => [country.iso2, country]));
  const bundled = bundledCountries();
  const missing = bundled.filter((country) => !stored.has(country.iso2));
  const differing = bundled.filter((country) => {
    const row = stored.get(country.iso2);
    return row !== undefined && comparable(row) !== comparable(country);
  });
  return { missing, differing, unchanged: bundled.length - missing.length - differing.length };
}

function comparable(country: { [Key in keyof BundledCountry]: BundledCountry[Key] | null }): string {
  const { iso2, iso3, name, capital, region, currency, callingCode, flag } = country;
  return JSON.stringify([iso2, iso3, name, capital, region, currency, callingCode, flag]);
}
