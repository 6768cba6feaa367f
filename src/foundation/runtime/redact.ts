const replacement = '[redacted]';
const maxDepth = 8;

/** Words that make a key secret wherever they stand in it: `newPassword`, `x-device-token`, `resetTokenHash`, `emailEnc`. */
const secretWords = new Set([
  'authorization',
  'cookie',
  'password',
  'passwords',
  'passphrase',
  'token',
  'tokens',
  'secret',
  'secrets',
  'otp',
  'totp',
  'pin',
  'email',
  'emails',
  'phone',
  'phones',
  'msisdn',
  'credential',
  'credentials',
  'jwt',
  'jwk',
  'pepper',
  'kek',
  'cvv',
  'iban',
  'bvn',
  'nin',
]);

/** Keys that are secret only as a whole: `code` is a one-time code, `errorCode` and `statusCode` are not. */
const secretKeys = new Set([
  'code',
  'codes',
  'recoverycode',
  'recoverycodes',
  'verificationcode',
  'onetimecode',
  'apikey',
  'privatekey',
  'datakey',
  'wrappedkey',
  'xfshclient',
  'setcookie',
  'identifier',
  'recipient',
  'destination',
  'address',
  'to',
  'firstname',
  'lastname',
  'fullname',
  'taxid',
  'accountnumber',
  'body',
  'databaseurl',
  'connectionstring',
]);

/** A query string may carry a token; the path template is what the log needs. */
const urlKeys = new Set(['url', 'href', 'originalUrl', 'referer', 'referrer', 'location']);

/** What PostgreSQL and its clients add to an error and may hold row values. */
const errorDataKeys = new Set(['detail', 'where', 'parameters', 'internalQuery']);

/**
 * A copy of `value` fit for the log: values under secret keys are replaced at any depth, errors become plain objects with
 * type, message, code, stack and cause, and texts lose what looks like a contact, a bearer token or a connection password.
 */
export function redact(key: string, value: unknown, depth = 0): unknown {
  if (value === null || value === undefined || typeof value === 'boolean') return value;
  if (isSecretKey(key)) return replacement;
  if (typeof value === 'string') return redactText(urlKeys.has(key) ? withoutQuery(value) : value);
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object') return `[${typeof value}]`;
  if (depth >= maxDepth) return '[too deep]';
  return redactObject(value, depth);
}

function redactObject(value: object, depth: number): unknown {
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? null : value.toISOString();
  if (value instanceof URL) return redactText(withoutQuery(value.href));
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (value instanceof Error) return redactError(value, depth);
  if (Array.isArray(value)) return value.slice(0, 100).map((item) => redact('', item, depth + 1));
  // A request, a socket or a pool is no log field: walking it would print half the process.
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return `[${value.constructor.name}]`;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, redact(name, inner, depth + 1)]));
}

function redactError(error: Error, depth: number): unknown {
  const extra = Object.entries(error)
    .filter(([name]) => name !== 'cause' && name !== 'code')
    .map(([name, inner]) => [name, errorDataKeys.has(name) ? replacement : redact(name, inner, depth + 1)]);
  return {
    ...Object.fromEntries(extra),
    type: error.name,
    message: redactText(error.message),
    ...('code' in error && typeof error.code === 'string' ? { code: redactText(error.code) } : {}),
    ...(error.stack ? { stack: redactText(error.stack) } : {}),
    ...(error.cause === undefined ? {} : { cause: redact('cause', error.cause, depth + 1) }),
  };
}

function isSecretKey(key: string): boolean {
  if (key === '') return false;
  const words = key
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  return words.some((word) => secretWords.has(word)) || secretKeys.has(words.join(''));
}

function withoutQuery(url: string): string {
  return url.replace(/[?#].*$/s, '');
}

const emailPattern = /[^\s"'<>(),;:=/\\@[\]]{1,64}@[^\s"'<>(),;:=/\\@[\]]{1,255}\.[^\s"'<>(),;:=/\\@[\].]{2,63}/gi;
const phonePattern = /\+\d[\d\s().-]{6,18}\d/g;
/** As people in Nigeria write a mobile number. */
const nationalPhonePattern = /\b0[789][01]\d{8}\b/g;
/** PostgreSQL quotes the value that it could not read. */
const unreadablePattern = /(invalid input syntax for type [\w ]+: \\?")[^"\\]*/g;
const bearerPattern = /\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi;
const jwtPattern = /\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g;
const urlPasswordPattern = /:\/\/[^\s/@]*@/g;

const longestText = 16_384;

/** Free text cannot be judged by key; these are the shapes that must not pass anywhere. What is too long to log is cut. */
export function redactText(text: string): string {
  const isLong = text.length > longestText;
  const clean = (isLong ? text.slice(0, longestText) : text)
    .replace(urlPasswordPattern, '://[redacted]@')
    .replace(jwtPattern, replacement)
    .replace(bearerPattern, `$1 ${replacement}`)
    .replace(emailPattern, replacement)
    .replace(phonePattern, replacement)
    .replace(nationalPhonePattern, replacement)
    .replace(unreadablePattern, `$1${replacement}`);
  return isLong ? `${clean}... (${text.length} characters)` : clean;
}
