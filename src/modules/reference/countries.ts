import { continents, getCountryDataList, getEmojiFlag } from 'countries-list';
import { getCountryCallingCode, isSupportedCountry } from 'libphonenumber-js/min';
import { z } from 'zod';

const bundledCountry = z.strictObject({
  iso2: z.string().regex(/^[A-Z]{2}$/),
  iso3: z.string().regex(/^[A-Z]{3}$/),
  name: z.string().min(1).max(100),
  capital: z.string().min(1).max(100).nullable(),
  /** Continent in English, for example `Africa`. */
  region: z.string().min(1).max(60),
  /** ISO 4217; the first where a country uses several. */
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .nullable(),
  /** With plus, for example `+234`. */
  callingCode: z.string().regex(/^\+[1-9]\d{0,3}$/),
  flag: z.string().min(1).max(16),
});

/** One country as bundled: no network is ever asked. */
export type BundledCountry = z.infer<typeof bundledCountry>;

/** All countries of the bundled list (MIT, countries-list), checked, by ISO-2. Built anew at each call: the refresh is its only user. */
export function bundledCountries(): readonly BundledCountry[] {
  const countries = getCountryDataList().map(({ iso2, iso3, name, capital, continent, currency, phone }) => ({
    iso2,
    iso3,
    name,
    capital: capital || null,
    region: continents[continent],
    currency: currency[0] ?? null,
    callingCode: `+${isSupportedCountry(iso2) ? getCountryCallingCode(iso2) : (phone[0] ?? '')}`,
    flag: getEmojiFlag(iso2),
  }));
  return z
    .array(bundledCountry)
    .parse(countries)
    .toSorted((left, right) => (left.iso2 < right.iso2 ? -1 : 1));
}
