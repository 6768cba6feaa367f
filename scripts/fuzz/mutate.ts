import type { Random } from '../../prisma/seed/random.ts';
import type { Schema } from '../schema-text.ts';

type Value = unknown;

/** A value that fits the schema, as far as a schema tells; chosen by `random`, so that many calls cover many shapes. */
export function fitting(schema: Schema, schemas: Record<string, Schema>, random: Random): Value {
  if (schema.$ref !== undefined) {
    const target = schemas[schema.$ref.replace('#/components/schemas/', '')];
    return target ? fitting(target, schemas, random) : null;
  }
  if (schema.const !== undefined) return schema.const;
  if (schema.enum && schema.enum.length > 0) return schema.enum[random.below(schema.enum.length)];
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices && choices.length > 0) return fitting(choices[random.below(choices.length)] ?? {}, schemas, random);
  if (schema.allOf) return Object.assign({}, ...schema.allOf.map((part) => fitting(part, schemas, random)));
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  switch (types[random.below(types.length)]) {
    case 'object':
      return objectOf(schema, schemas, random);
    case 'array':
      return Array.from({ length: random.below(3) }, () => fitting(schema.items ?? {}, schemas, random));
    case 'integer':
    case 'number':
      return random.below(40);
    case 'boolean':
      return random.below(2) === 0;
    case 'null':
      return null;
    default:
      return random.pick(plausible);
  }
}

function objectOf(schema: Schema, schemas: Record<string, Schema>, random: Random): Record<string, Value> {
  const required = new Set(schema.required ?? []);
  const members = Object.entries(schema.properties ?? {}).filter(([name]) => required.has(name) || random.below(2) === 0);
  return Object.fromEntries(members.map(([name, member]) => [name, fitting(member, schemas, random)]));
}

const plausible: readonly [string, ...string[]] = [
  'ada@example.com',
  'demo-1@example.com',
  '+2347000000123',
  '08031234567',
  'NG',
  'Adire-lantern-29-cloth',
  '123456',
  'totp',
  'password',
  'client',
  'en',
  'ERASE',
  '2026-01',
  'https://example.com/a',
  'Ada',
  '0198c0de-0000-7000-8000-000000000000',
  'A'.repeat(43),
  '',
];

const hostile: readonly [Value, ...Value[]] = [
  null,
  true,
  0,
  -1,
  1e21,
  1.5,
  Number.MAX_SAFE_INTEGER,
  '',
  ' ',
  '\u0000',
  '\u0007\r\nBcc: eve@example.com',
  '\ud800',
  '\u202egnp.exe',
  'ａｄａ＠example.com',
  'ada@example.com,eve@example.com',
  "' OR '1'='1' --",
  '{{7*7}}#{7*7}<%= 7 %>',
  '../../../../etc/passwd',
  '%00%2e%2e%2f',
  'x'.repeat(513),
  'é'.repeat(4_000),
  '👩🏽‍🦱'.repeat(200),
  '１２３４５６',
  '9'.repeat(400),
  [],
  {},
  [null],
  { $ne: null },
  { toString: 'x', constructor: { prototype: { polluted: true } } },
  nested(19),
  nested(40),
];

function nested(depth: number): Value {
  let value: Value = 'end';
  for (let level = 0; level < depth; level += 1) value = level % 2 === 0 ? [value] : { a: value };
  return value;
}

const broken: readonly [string, ...string[]] = [
  '',
  '{',
  '[]',
  'null',
  '"text"',
  '1e999',
  '{"a":1,"a":2}',
  '{"__proto__":{"polluted":true}}',
  '{"constructor":{"prototype":{"polluted":true}}}',
  '\ufeff{}',
  '{"a":"\\ud800"}',
  '{"a":"\\u0000"}',
  `{"a":"${'x'.repeat(16_384)}"}`,
  `${'{"a":'.repeat(300)}1${'}'.repeat(300)}`,
  '{}{}',
  '{"a":01}',
  "{'a':1}",
];

/** The bytes of a body: mostly a fitting one with something wrong in it, sometimes no JSON at all, sometimes right. */
export function mutatedBody(schema: Schema, schemas: Record<string, Schema>, random: Random): string | Buffer {
  const kind = random.below(12);
  if (kind === 0) return random.pick(broken);
  if (kind === 1) return Buffer.from([0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d]);
  const value = fitting(schema, schemas, random);
  if (kind <= 3) return JSON.stringify(value);
  return JSON.stringify(mutated(value, random));
}

function mutated(value: Value, random: Random): Value {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return random.pick(hostile);
  const copy: Record<string, Value> = { ...value };
  const names = Object.keys(copy);
  const name = names[random.below(Math.max(1, names.length))];
  switch (random.below(5)) {
    case 0:
      if (name !== undefined) delete copy[name];
      return copy;
    case 1:
      return {
        ...copy,
        [random.pick(['role', 'isAdmin', 'id', 'userId', 'status', 'emailVerified', 'x', 'a'.repeat(300)])]: random.pick(hostile),
      };
    case 2:
      return Object.fromEntries(names.map((each) => [each, random.pick(hostile)]));
    default:
      if (name !== undefined)
        copy[name] = typeof copy[name] === 'object' && random.below(2) === 0 ? mutated(copy[name], random) : random.pick(hostile);
      return copy;
  }
}

/** A query string: nothing, fitting values, hostile ones, unknown and repeated names. */
export function mutatedQuery(
  parameters: readonly { name: string; schema: Schema }[],
  schemas: Record<string, Schema>,
  random: Random,
): string {
  const kind = random.below(6);
  if (kind <= 1) return '';
  const pairs = parameters.map(({ name, schema }): [string, string] => [
    name,
    String(kind === 2 ? fitting(schema, schemas, random) : textOf(random.pick(hostile))),
  ]);
  if (kind === 4) pairs.push(['access_token', 'x'], ['x', '1']);
  if (kind === 5) pairs.push(...pairs);
  const text = pairs
    .map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value.toWellFormed()).slice(0, 600)}`)
    .join('&');
  return text === '' ? '' : `?${text}`;
}

export function mutatedSegment(random: Random): string {
  return random.pick([
    '0198c0de-0000-7000-8000-000000000000',
    'x',
    '0',
    '%00',
    '..%2f..',
    "'%20OR%201=1",
    'A'.repeat(200),
    '-1',
    'null',
    'NG',
    '%ff',
  ]);
}

/** Headers that reach code: each either absent, plausible or hostile. */
export function mutatedHeaders(random: Random): Record<string, string> {
  const values: readonly [string, ...string[]] = [
    '',
    'x',
    '"1"',
    'W/"1"',
    '1',
    '*',
    'null',
    'é',
    `${'x'.repeat(2_000)}`,
    ';,=',
    'Bearer x',
    'en;q=9',
    '../..',
    '0'.repeat(60),
  ];
  const names = [
    'If-Match',
    'If-None-Match',
    'Idempotency-Key',
    'Accept-Language',
    'Accept',
    'X-Request-Id',
    'X-Device-Token',
    'Cookie',
    'Origin',
    'X-Forwarded-For',
    'X-Client-Version',
  ];
  return Object.fromEntries(
    names.filter(() => random.below(6) === 0).map((name) => [name, Buffer.from(random.pick(values)).toString('latin1')]),
  );
}

function textOf(value: Value): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
