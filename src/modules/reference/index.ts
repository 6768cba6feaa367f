import { refreshCountriesJob } from './refresh-countries.job.ts';

export {
  type CountryItem,
  type CountryListQuery,
  countryListQuery,
  findCountry,
  isKnownCountry,
  listCountries,
} from './country.queries.ts';
export { fillCountries } from './refresh-countries.job.ts';
export { type RefreshOutcome, refreshCountries, refreshCountriesByStaff } from './refresh-countries.ts';

/** Background work of this module, for the worker. */
export const referenceJobs = [refreshCountriesJob];
export { type CountrySwitched, setCountryActive } from './set-country-active.ts';
export { type CountryMoved, setCountryOrder } from './set-country-order.ts';
