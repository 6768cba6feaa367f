import { z } from 'zod';
import { type CommandScope, defineCommand } from '../../foundation/command/command.ts';
import { type BundledCountry, bundledCountries } from './countries.ts';

const input = z.strictObject({});
type Input = z.infer<typeof input>;

export type RefreshOutcome = { added: number; changed: number; unchanged: number };

/**
 * Brings reference.country to the bundled list: adds what is missing, corrects what differs, leaves alone `isActive` and
 * `sortOrder`, which staff set. Nothing is deleted, since people refer to countries. Repeating it changes nothing.
 */
export const refreshCountries = defineCommand<Input, RefreshOutcome>({
  name: 'refresh-countries',
  resource: 'country',
  access: 'system',
  input,
  run: refresh,
});

/** The same because staff asked, who saw before what it changes. @throws AppError 403 `forbidden` */
export const refreshCountriesByStaff = defineCommand<Input, RefreshOutcome>({
  name: 'refresh-countries',
  resource: 'country',
  access: 'country.refresh',
  input,
  isIdempotent: true,
  preview: async (scope) => differenceWords(await compare(scope)),
  run: refresh,
});

async function refresh(scope: CommandScope): Promise<RefreshOutcome> {
  // One at a time: of two that run together the second finds nothing left to do.
  await scope.tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended('reference.refresh', 0))`;
  const { missing, differing, unchanged } = await compare(scope);
  if (missing.length > 0) await scope.tx.country.createMany({ data: missing });
  for (const { country } of differing) {
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
}

type Field = keyof BundledCountry;
type Stored = { [Key in Field]: BundledCountry[Key] | null };
type Difference = { country: BundledCountry; changes: readonly { field: Field; from: string; to: string }[] };
type Comparison = { missing: BundledCountry[]; differing: Difference[]; unchanged: number };

const fields = ['iso2', 'iso3', 'name', 'capital', 'region', 'currency', 'callingCode', 'flag'] as const satisfies readonly Field[];

async function compare(scope: CommandScope): Promise<Comparison> {
  const stored = new Map((await scope.tx.country.findMany()).map((country) => [country.iso2, country]));
  const bundled = bundledCountries();
  const missing = bundled.filter((country) => !stored.has(country.iso2));
  const differing = bundled.flatMap((country) => {
    const row = stored.get(country.iso2);
    const changes = row ? changesOf(row, country) : [];
    return changes.length > 0 ? [{ country, changes }] : [];
  });
  return { missing, differing, unchanged: bundled.length - missing.length - differing.length };
}

function changesOf(row: Stored, country: BundledCountry): Difference['changes'] {
  return fields.flatMap((field) =>
    row[field] === country[field] ? [] : [{ field, from: row[field] ?? 'nothing', to: country[field] ?? 'nothing' }],
  );
}

/** Longer lists are counted: whoever confirms reads a form, not a file. */
const mostLines = 25;

const fieldWords: Readonly<Record<Field, string>> = {
  iso2: 'code',
  iso3: 'long code',
  name: 'name',
  capital: 'capital',
  region: 'region',
  currency: 'currency',
  callingCode: 'calling code',
  flag: 'flag',
};

function differenceWords({ missing, differing, unchanged }: Comparison): readonly string[] {
  if (missing.length + differing.length === 0) return ['Nothing differs from the bundled list: nothing changes.'];
  const added = missing.map(({ name, iso2 }) => `New: ${name} (${iso2}).`);
  const changed = differing.map(({ country, changes }) => {
    const words = changes.map(({ field, from, to }) => `${fieldWords[field]} ${from} becomes ${to}`);
    return `${country.name}: ${words.join(', ')}.`;
  });
  const lines = [...added, ...changed];
  const rest = lines.length - mostLines;
  return [
    `Adds ${missing.length}, changes ${differing.length}, leaves ${unchanged} as they are. Which are open stays as it is.`,
    ...lines.slice(0, mostLines),
    ...(rest > 0 ? [`And ${rest} more.`] : []),
  ];
}
