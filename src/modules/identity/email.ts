import { domainToASCII, domainToUnicode } from 'node:url';
import { accept, fieldSchema, type Parsed, refuse } from './field-rule.ts';
import { isOneScript } from './script.ts';

const maxLength = 254;
const maxLocalLength = 64;
/** Dot-atom of RFC 5322 section 3.2.3, ASCII: has no quotes, commas, brackets or spaces. */
const localPattern = /^[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*$/;
const unicodeDomainPattern = /^[\p{L}\p{M}\p{N}-]+(?:\.[\p{L}\p{M}\p{N}-]+)+$/u;
const asciiDomainPattern = /^(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/;

/**
 * One plain address in its stored form: lower case, domain in IDNA ASCII, at most 254 characters. Every other spelling
 * that reaches the same mailbox provider-side (`+tag`, dots) stays as typed. Refusal: `email_invalid` (auth-api.md 1.7).
 */
export function parseEmail(typed: string): Parsed<string> {
  if (typed.length > 4 * maxLength || /\p{Cc}/u.test(typed)) return refuse('email_invalid');
  const trimmed = typed.trim();
  if (!isCompatibilityStable(trimmed)) return refuse('email_invalid');
  const [local, domain, ...more] = trimmed.split('@');
  if (!local || !domain || more.length > 0) return refuse('email_invalid');
  const asciiDomain = toAsciiDomain(domain.normalize('NFC').toLowerCase());
  const lowerLocal = local.toLowerCase();
  const isLocalSound = local.length <= maxLocalLength && /^[\x21-\x7e]+$/.test(local) && localPattern.test(lowerLocal);
  if (!asciiDomain || !isLocalSound) return refuse('email_invalid');
  const address = `${lowerLocal}@${asciiDomain}`;
  return address.length <= maxLength ? accept(address) : refuse('email_invalid');
}

export const emailSchema = fieldSchema(parseEmail);

/** False for look-alikes that NFKC folds into ordinary characters: full-width @, Kelvin sign, ligatures. Accents may be decomposed. */
function isCompatibilityStable(text: string): boolean {
  return [...text].every((character) => character.normalize('NFKC') === character);
}

function toAsciiDomain(domain: string): string | null {
  if (!unicodeDomainPattern.test(domain)) return null;
  const ascii = domainToASCII(domain);
  if (!asciiDomainPattern.test(ascii)) return null;
  const unicode = domainToUnicode(ascii);
  // Mapping must change nothing: a character that IDNA drops or replaces would make two spellings one domain.
  const isFaithful = domain === ascii || domain === unicode;
  return isFaithful && isOneScript(unicode) ? ascii : null;
}
