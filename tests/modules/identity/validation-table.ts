/**
 * The validation rules of product.md section 7 and auth-api.md 1.7 and 1.9 for people's own data, row by row. The pure
 * rules, the API and the database are tested with the same rows: what one accepts, all accept.
 */
export type ValidationField = 'identifier' | 'email' | 'phone' | 'firstName' | 'password' | 'code';

export type ValidationRow = {
  field: ValidationField;
  /** What the row shows, in a few words. */
  name: string;
  /** The member's value; for `identifier` the members of a body. */
  input: string | Record<string, unknown>;
  /** The canonical value, or the code of the refusal. */
  outcome: { stored: string } | { code: string };
  /** Only meaningful with strict production rules (closed demo range). */
  isProductionOnly?: true;
};

const stored = (value: string) => ({ stored: value });
const code = (value: string) => ({ code: value });
const row = (field: ValidationField) => (name: string, input: string, outcome: ValidationRow['outcome']) => ({
  field,
  name,
  input,
  outcome,
});

const email = row('email');
const phone = row('phone');
const firstName = row('firstName');
const password = row('password');
const otp = row('code');

const identifierRows: readonly ValidationRow[] = [
  { field: 'identifier', name: 'email only', input: { email: 'ada@example.com' }, outcome: stored('ada@example.com') },
  { field: 'identifier', name: 'phone only', input: { phone: '0802 123 4567' }, outcome: stored('+2348021234567') },
  {
    field: 'identifier',
    name: 'national number of another country',
    input: { phone: '024 412 3456', country: 'gh' },
    outcome: stored('+233244123456'),
  },
  {
    field: 'identifier',
    name: 'both',
    input: { email: 'ada@example.com', phone: '08021234567' },
    outcome: code('identifier_exactly_one'),
  },
  { field: 'identifier', name: 'none', input: {}, outcome: code('identifier_exactly_one') },
  { field: 'identifier', name: 'empty email', input: { email: '' }, outcome: code('identifier_exactly_one') },
  { field: 'identifier', name: 'null email', input: { email: null }, outcome: code('identifier_exactly_one') },
  { field: 'identifier', name: 'null phone', input: { phone: null }, outcome: code('identifier_exactly_one') },
];

const longLocal = 'a'.repeat(64);
const domainOf = (length: number) => `${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(length - 132)}.com`;

const emailRows: readonly ValidationRow[] = [
  email('case folded', 'Ada@Example.com', stored('ada@example.com')),
  email('plus tag kept', 'a+b@example.co', stored('a+b@example.co')),
  email('blanks around', '  ada@example.com ', stored('ada@example.com')),
  email('apostrophe', "o'neil@example.com", stored("o'neil@example.com")),
  email('domain stored in punycode', 'ada@Bücher.example', stored('ada@xn--bcher-kva.example')),
  email('one script in the whole domain', 'ada@bücher.de', stored('ada@xn--bcher-kva.de')),
  email('decomposed accent is the same domain', 'ada@bu\u0308cher.de', stored('ada@xn--bcher-kva.de')),
  email('Cyrillic domain', 'ada@почта.рф', stored('ada@xn--80a1acny.xn--p1ai')),
  email('254 characters', `${longLocal}@${domainOf(189)}`, stored(`${longLocal}@${domainOf(189)}`)),
  email('255 characters', `${longLocal}@${domainOf(190)}`, code('email_invalid')),
  email('local part of 65', `${'a'.repeat(65)}@example.com`, code('email_invalid')),
  email('no domain', 'ada@', code('email_invalid')),
  email('no local part', '@example.com', code('email_invalid')),
  email('no at sign', 'ada.example.com', code('email_invalid')),
  email('blank inside', 'a b@x.com', code('email_invalid')),
  email('domain without dot', 'a@b', code('email_invalid')),
  email('two addresses', 'a@x.com,b@x.com', code('email_invalid')),
  email('two at signs', 'a@b@x.com', code('email_invalid')),
  email('full-width at sign', 'a\uff20x.com', code('email_invalid')),
  email('small at sign', 'a\ufe6bx.com', code('email_invalid')),
  email('display name', 'Ada <a@x.com>', code('email_invalid')),
  email('quoted local part', '"a b"@x.com', code('email_invalid')),
  email('header injection', 'a@x.com\r\nBcc: b@x.com', code('email_invalid')),
  email('line break at the end', 'a@x.com\n', code('email_invalid')),
  email('NUL', 'a\u0000@x.com', code('email_invalid')),
  email('Cyrillic a in the local part', '\u0430da@example.com', code('email_invalid')),
  email('Kelvin sign', '\u212aate@example.com', code('email_invalid')),
  email('mixed-script label', 'ada@ex\u0430mple.com', code('email_invalid')),
  email('mixed scripts across labels', 'ada@\u0430\u0440\u0440\u04cf\u0435.com', code('email_invalid')),
  email('mixed scripts hidden in punycode', 'ada@xn--exmple-4nf.com', code('email_invalid')),
  email('ignored character in the domain', 'ada@exa\u00admple.com', code('email_invalid')),
  email('zero-width joiner', 'ada@exa\u200dmple.com', code('email_invalid')),
  email('variation selector', 'ada@exa\ufe0fmple.com', code('email_invalid')),
  email('ideographic full stop', 'ada@example\u3002com', code('email_invalid')),
  email('address literal', 'ada@[127.0.0.1]', code('email_invalid')),
  email('IP address', 'ada@127.0.0.1', code('email_invalid')),
  email('dots in a row', 'a..b@example.com', code('email_invalid')),
  email('dot at the end of the local part', 'a.@example.com', code('email_invalid')),
  email('dot at the end of the domain', 'a@example.com.', code('email_invalid')),
  email('label begins with hyphen', 'a@-example.com', code('email_invalid')),
  email('megabyte', `${'a'.repeat(1_000_000)}@example.com`, code('email_invalid')),
];

const phoneRows: readonly ValidationRow[] = [
  phone('national with blanks', '0802 123 4567', stored('+2348021234567')),
  phone('national without zero', '8021234567', stored('+2348021234567')),
  phone('00 prefix', '00234 802 123 4567', stored('+2348021234567')),
  phone('009 prefix', '009 234 802 123 4567', stored('+2348021234567')),
  phone('international', '+234 802 123 4567', stored('+2348021234567')),
  phone('superfluous zero', '+234 (0) 802 123 4567', stored('+2348021234567')),
  phone('dashes and brackets', '(0802)-123\u20114567', stored('+2348021234567')),
  phone('full-width digits', '\uff10\uff18\uff10\uff12\uff11\uff12\uff13\uff14\uff15\uff16\uff17', stored('+2348021234567')),
  phone('full-width plus', '\uff0b234 802 123 4567', stored('+2348021234567')),
  phone('Arabic digits', '\u0660\u0668\u0660\u0662\u0661\u0662\u0663\u0664\u0665\u0666\u0667', stored('+2348021234567')),
  phone(
    'mathematical digits',
    '\u{1d7ce}\u{1d7d6}\u{1d7ce}\u{1d7d0}\u{1d7cf}\u{1d7d0}\u{1d7d1}\u{1d7d2}\u{1d7d3}\u{1d7d4}\u{1d7d5}',
    stored('+2348021234567'),
  ),
  phone('United States', '+14155552671', stored('+14155552671')),
  phone('United Kingdom mobile', '+44 7400 123456', stored('+447400123456')),
  phone('demo range, first', '+2347000000000', stored('+2347000000000')),
  phone('demo range', '+2347000000012', stored('+2347000000012')),
  phone('demo range, last', '0700 000 9999', stored('+2347000009999')),
  phone('short', '12345', code('phone_invalid')),
  phone('one digit too many', '080212345678', code('phone_invalid')),
  phone('country code only', '+234', code('phone_invalid')),
  phone('letters', '0802ABC4567', code('phone_invalid')),
  phone('vanity', '+1 800 FLOWERS', code('phone_invalid')),
  phone('extension', '+14155552671;ext=5', code('phone_invalid')),
  phone('extension in words', '+14155552671 ext 5', code('phone_invalid')),
  phone('tel address', 'tel:+14155552671', code('phone_invalid')),
  phone('two plus signs', '++2348021234567', code('phone_invalid')),
  phone('control character', '0802\u0007123 4567', code('phone_invalid')),
  phone('above the demo range', '+2347000010000', code('phone_invalid')),
  phone('fixed line', '+44 20 7946 0958', code('phone_invalid')),
  phone('toll-free', '+1 800 555 2671', code('phone_invalid')),
  phone('hundred digits', '1'.repeat(100), code('phone_invalid')),
  phone('country without SMS route', '+33 6 12 34 56 78', code('phone_unsupported')),
  phone('India by 00', '0091 98765 43210', code('phone_unsupported')),
  phone('same calling code, other country', '+1 416 555 0123', code('phone_unsupported')),
  { ...phone('demo range in production', '+2347000000012', code('phone_invalid')), isProductionOnly: true },
];

const nameRows: readonly ValidationRow[] = [
  firstName('dotted letter', 'Ng\u1ecdzi', stored('Ng\u1ecdzi')),
  firstName('decomposed', 'Ngo\u0323zi', stored('Ng\u1ecdzi')),
  firstName('apostrophe', "O'Neil", stored("O'Neil")),
  firstName('curly apostrophe', 'O\u2019Neil', stored("O'Neil")),
  firstName('hyphen, dot, blank', 'Ann-Marie St. John', stored('Ann-Marie St. John')),
  firstName('blanks around', ' Ada ', stored('Ada')),
  firstName('one letter', 'A', stored('A')),
  firstName('other script', 'أدا', stored('أدا')),
  firstName('80 letters', 'a'.repeat(80), stored('a'.repeat(80))),
  firstName('81 letters', 'a'.repeat(81), code('name_invalid')),
  firstName('empty', '', code('name_invalid')),
  firstName('digits', '123', code('name_invalid')),
  firstName('no letter', "-'.", code('name_invalid')),
  firstName('markup', '<b>', code('name_invalid')),
  firstName('bidirectional control', 'Ada\u202eada', code('name_invalid')),
  firstName('zero-width space', 'Ada\u200b', code('name_invalid')),
  firstName('line break inside', 'Ada\nObi', code('name_invalid')),
  firstName('emoji', 'Ada \u{1f600}', code('name_invalid')),
];

/** Read with the owner `adaobi@example.com`, `+2348021234567`, Adaobi Eze. */
const passwordRows: readonly ValidationRow[] = [
  password('passphrase', 'blue okra sings late', stored('blue okra sings late')),
  password('blanks at both ends are kept', '  blue okra sings  ', stored('  blue okra sings  ')),
  password(
    'emoji',
    '\u{1f600}\u{1f601}\u{1f602}\u{1f603}\u{1f604}\u{1f605}\u{1f606}\u{1f607}\u{1f608}\u{1f609}\u{1f60a}\u{1f60b}',
    stored('\u{1f600}\u{1f601}\u{1f602}\u{1f603}\u{1f604}\u{1f605}\u{1f606}\u{1f607}\u{1f608}\u{1f609}\u{1f60a}\u{1f60b}'),
  ),
  password('12 code points', 'gt7Kpw2qXm9z', stored('gt7Kpw2qXm9z')),
  password('128 code points', 'gt7Kpw2qXm9zvb4e'.repeat(8), stored('gt7Kpw2qXm9zvb4e'.repeat(8))),
  password('11 code points', 'gt7Kpw2qXm9', code('password_too_short')),
  password('12 before NFC, 11 after', 'gt7Kpw2qXmo\u0323', code('password_too_short')),
  password('empty', '', code('password_too_short')),
  password('129 code points', `${'gt7Kpw2qXm9zvb4e'.repeat(8)}!`, code('password_too_long')),
  password('name with digits', 'adaobi1234567', code('password_too_similar')),
  password('name in leet', '4d40b1-is-the-best', code('password_too_similar')),
  password('name backwards', 'iboada-iboada-99', code('password_too_similar')),
  password('name with accents', 'Ad\u00e0\u00f2b\u00ec und weg', code('password_too_similar')),
  password('whole address', 'adaobi@example.com', code('password_too_similar')),
  password('short surname with digits', 'Eze-2026-2026', code('password_too_similar')),
  password('phone number', 'my 0802-123-4567', code('password_too_similar')),
  password('listed', 'password1234', code('password_breached')),
  password('listed with signs around', '!!Password!!2026', code('password_breached')),
  password('listed in leet', 'p4$$w0rd-2026', code('password_breached')),
  password('listed twice', 'monkeymonkey', code('password_breached')),
  password('digits in a row', '987654321098', code('password_breached')),
  password('keyboard run', 'qwertyuiopasdf', code('password_breached')),
  password('alphabet', 'abcdefghijkl', code('password_breached')),
  password('one character', 'aaaaaaaaaaaa', code('password_breached')),
  password('short unit repeated', 'ab1ab1ab1ab1', code('password_breached')),
];

const codeRows: readonly ValidationRow[] = [
  otp('plain', '123456', stored('123456')),
  otp('blank inside', '123 456', stored('123456')),
  otp('hyphen inside', '123-456', stored('123456')),
  otp('blanks around', ' 123456 ', stored('123456')),
  otp('leading zeros', '000001', stored('000001')),
  otp('5 digits', '12345', code('otp_malformed')),
  otp('7 digits', '1234567', code('otp_malformed')),
  otp('letter', '12345a', code('otp_malformed')),
  otp('two separators', '12-34-56', code('otp_malformed')),
  otp('full-width digits', '\uff11\uff12\uff13\uff14\uff15\uff16', code('otp_malformed')),
  otp('empty', '', code('otp_malformed')),
];

export const validationTable: readonly ValidationRow[] = [
  ...identifierRows,
  ...emailRows,
  ...phoneRows,
  ...nameRows,
  ...passwordRows,
  ...codeRows,
];

/** The person behind the password rows. */
export const passwordOwner = {
  identifiers: [
    { kind: 'email', value: 'adaobi@example.com' },
    { kind: 'phone', value: '+2348021234567' },
  ],
  names: ['Adaobi', 'Eze', null],
} as const;
