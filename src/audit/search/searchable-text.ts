const maxValueLength = 400;
const mask = '•••';

const email = /[^\s@<>()",;:]+@[^\s@<>()",;:]+\.[^\s@<>()",;:]+/g;
/** Seven digits or more, also with spaces, dots, dashes or brackets between: a phone, account or card number. */
const longNumber = /\+?\d(?:[\s().-]{0,2}\d){6,}/g;
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const instant = /^\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d|$)/;
/** Hex, or base64 with digits and letters of both cases, of 24 characters or more: hashes, ciphertext, keys, tokens. */
const opaque = /^(?:[0-9a-f]{24,}|(?=\S{24,}$)(?=\S*\d)(?=\S*[a-z])(?=\S*[A-Z])[A-Za-z0-9+/=_.-]+)$/;

/**
 * A text as it may be looked for: names written_like_this or like-this as words, contacts and account numbers masked, since what
 * people type into a reason is not asked for its form. All in lower case: to compare the case of twenty thousand rows in the database
 * takes longer than all else that a search does.
 */
export function canonicalWords(text: string): string {
  return text
    .slice(0, maxValueLength)
    .replace(email, mask)
    .replace(longNumber, mask)
    .replaceAll(/(?<=[\p{L}\d])[_-](?=[\p{L}\d])/gu, ' ')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .toLowerCase();
}

/** The strings of a value, at any depth, that are words: ids, times, hashes and numbers are looked for by filters or not at all. */
export function readableStrings(value: unknown, depth = 0): string[] {
  if (typeof value === 'string') return isReadable(value) ? [value] : [];
  if (typeof value !== 'object' || value === null || depth > 4) return [];
  if (Array.isArray(value)) return value.flatMap((item: unknown) => readableStrings(item, depth + 1));
  return Object.entries(value).flatMap(([name, inner]) => (isSecretName(name) ? [] : readableStrings(inner, depth + 1)));
}

function isReadable(text: string): boolean {
  return text !== '' && !uuid.test(text) && !instant.test(text) && !opaque.test(text);
}

const secretParts: ReadonlySet<string> = new Set([
  ...['password', 'passwd', 'secret', 'token', 'otp', 'pin', 'hash', 'pepper', 'cvv', 'key', 'salt', 'signature'],
  // Ciphertext and blind indexes.
  ...['enc', 'bidx', 'cipher', 'ciphertext', 'sha256'],
]);

/** `password_hash`, `secretEnc`, `api-key`: what such a field holds is never indexed, whatever the policy of its table says. */
export function isSecretName(name: string): boolean {
  return name
    .replaceAll(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .some((part) => secretParts.has(part));
}
