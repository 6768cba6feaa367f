import type { Country, Prisma } from '@prisma/client';
import { z } from 'zod';
import type { Database } from '../../foundation/runtime/database.ts';

type Reads = { database: Pick<Database, 'prisma'> };

const sortFields = ['name', 'iso2', 'region', 'currency'] as const;
const sorts = sortFields.flatMap((field) => [field, `-${field}`] as const);
const wholeNumber = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .pipe(z.number().int().min(min).max(max));

/** Query string of GET /reference/countries (auth-api.md 2.8). */
export const countryListQuery = z.strictObject({
  q: z.string().trim().max(100).optional(),
  region: z.string().trim().max(60).optional(),
  currency: z.string().trim().max(3).optional(),
  /** With or without plus; a plus in a query string arrives as a space. */
  callingCode: z.string().trim().max(8).optional(),
  sort: z.enum(sorts).default('name'),
  page: wholeNumber(1, 10_000).default(1),
  pageSize: wholeNumber(1, 300).default(50),
});
export type CountryListQuery = z.infer<typeof countryListQuery>;

/** A country as the API shows it. */
export type CountryItem = Pick<Country, 'id' | 'iso2' | 'iso3' | 'name' | 'capital' | 'region' | 'currency' | 'callingCode' | 'flag'>;

const shown = {
  id: true,
  iso2: true,
  iso3: true,
  name: true,
  capital: true,
  region: true,
  currency: true,
  callingCode: true,
  flag: true,
} as const satisfies Prisma.CountrySelect;

/** One page of the active countries; ties are broken by ISO-2, so pages never overlap. */
export async function listCountries(
  { database }: Reads,
  query: CountryListQuery,
): Promise<{ items: CountryItem[]; page: number; pageSize: number; total: number }> {
  const where = filterOf(query);
  const { page, pageSize } = query;
  const [items, total] = await Promise.all([
    database.prisma.country.findMany({ where, select: shown, orderBy: orderOf(query.sort), skip: (page - 1) * pageSize, take: pageSize }),
    database.prisma.country.count({ where }),
  ]);
  return { items, page, pageSize, total };
}

/** The active country of an ISO-2 code in any case, or null. */
export async function findCountry({ database }: Reads, iso2: string): Promise<CountryItem | null> {
  const code = toIso2(iso2);
  return code ? database.prisma.country.findFirst({ where: { iso2: code, isActive: true }, select: shown }) : null;
}

/** Whether a code may be stored as somebody's country; the rule behind `country_unknown`. */
export async function isKnownCountry(reads: Reads, iso2: string): Promise<boolean> {
  return (await findCountry(reads, iso2)) !== null;
}

function toIso2(typed: string): string | null {
  return /^[A-Za-z]{2}$/.test(typed) ? typed.toUpperCase() : null;
}

function filterOf(query: CountryListQuery): Prisma.CountryWhereInput {
  return {
    isActive: true,
    ...(query.q ? { name: { startsWith: literal(query.q), mode: 'insensitive' } } : {}),
    ...(query.region ? { region: { equals: literal(query.region), mode: 'insensitive' } } : {}),
    ...(query.currency ? { currency: query.currency.toUpperCase() } : {}),
    ...(query.callingCode ? { callingCode: `+${query.callingCode.replace(/^\+/, '')}` } : {}),
  };
}

/** Prisma hands case-insensitive filters to ILIKE without escaping: a typed % or _ must stand for itself. */
function literal(text: string): string {
  return text.replaceAll(/[\\%_]/g, '\\$&');
}

function orderOf(sort: CountryListQuery['sort']): Prisma.CountryOrderByWithRelationInput[] {
  const direction = sort.startsWith('-') ? 'desc' : 'asc';
  const field = sortFields.find((name) => sort.endsWith(name)) ?? 'name';
  const first = field === 'region' || field === 'currency' ? { [field]: { sort: direction, nulls: 'last' } } : { [field]: direction };
  return [first, { iso2: 'asc' }];
}
