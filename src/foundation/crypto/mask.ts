import { parsePhoneNumberFromString } from 'libphonenumber-js/min';

/** For staff lists and screens: `a•••@e•••.com`. */
export function maskEmailForStaff(email: string): string {
  const { local, domain } = splitEmail(email);
  const ending = domain.slice(domain.lastIndexOf('.'));
  return `${first(local)}•••@${first(domain)}•••${ending}`;
}

/** For the owner, who typed it: `a***@example.com`. */
export function maskEmailForOwner(email: string): string {
  const { local, domain } = splitEmail(email);
  return `${first(local)}***@${domain}`;
}

/** For staff lists and screens: `+234 ••• ••• 1234`. */
export function maskPhoneForStaff(e164: string): string {
  return `${callingCodeOf(e164)} ••• ••• ${e164.slice(-4)}`;
}

/** For the owner, who typed it: `+234***4567`. */
export function maskPhoneForOwner(e164: string): string {
  return `${callingCodeOf(e164)}***${e164.slice(-4)}`;
}

function splitEmail(email: string): { local: string; domain: string } {
  const at = email.lastIndexOf('@');
  return { local: email.slice(0, Math.max(at, 0)), domain: email.slice(at + 1) };
}

function first(text: string): string {
  return [...text][0] ?? '';
}

function callingCodeOf(e164: string): string {
  const parsed = parsePhoneNumberFromString(e164);
  return parsed ? `+${parsed.countryCallingCode}` : '+';
}
