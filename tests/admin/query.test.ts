import { describe, expect, test } from 'vitest';
import { parseCommandBody } from '../../src/admin/command-body.ts';
import type { DmmfField } from '../../src/admin/dmmf.ts';
import { escapeLike, parseBound, parseScalar, type ResolvedFilter } from '../../src/admin/query/filter-value.ts';
import { splitFilterKey, whereOf } from '../../src/admin/query/filter-where.ts';
import { afterWhere, cursorOf } from '../../src/admin/query/keyset.ts';
import { scriptJson } from '../../src/admin/rewrite-page.ts';
import { plainValue } from '../../src/admin/serialise-record.ts';
import { deviceName } from '../../src/admin/sign-in/device-name.ts';
import { waitText } from '../../src/admin/sign-in/flow.ts';
import { html, trustedMarkup } from '../../src/admin/sign-in/html.ts';
import { safeReturnPath } from '../../src/admin/sign-in/return-path.ts';
import { parseMultipart } from '../../src/admin/stages/parse-multipart.ts';
import { AppError } from '../../src/foundation/errors/app-error.ts';

const filter = (overrides: Partial<ResolvedFilter>): ResolvedFilter => ({
  field: 'field',
  label: 'Field',
  type: 'text',
  operators: ['equals', 'in', 'contains', 'starts', 'between', 'isEmpty'],
  isNullable: true,
  isBigInt: false,
  enumValues: [],
  ...overrides,
});

const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'none';
  } catch (error) {
    return error instanceof AppError ? error.code : 'other';
  }
};

// A filter without a `where` of its own never looks at the dependencies.
const noDeps = Object.create(null);

describe('a filter value is read strictly by its type', () => {
  const accepted = [
    [{ type: 'uuid' }, '018F2C5E-0000-7ABC-8DEF-0123456789AB', '018f2c5e-0000-7abc-8def-0123456789ab'],
    [{ type: 'enum', enumValues: ['active'] }, 'active', 'active'],
    [{ type: 'boolean' }, 'false', false],
    [{ type: 'integer' }, '-12', -12],
    [{ type: 'integer', isBigInt: true }, '9007199254740993', 9007199254740993n],
    [{ type: 'decimal' }, '12.50', '12.50'],
    [{ type: 'text' }, "O'Brien", "O'Brien"],
  ] as const;
  test.each(accepted)('%o takes %s', (overrides, text, value) => {
    expect(parseScalar(filter(overrides), text)).toEqual(value);
  });

  const refused = [
    [{ type: 'uuid' }, 'x'],
    [{ type: 'enum', enumValues: ['active'] }, 'Active'],
    [{ type: 'boolean' }, '1'],
    [{ type: 'integer' }, '1e3'],
    [{ type: 'integer' }, '2147483648'],
    [{ type: 'integer' }, ' 1'],
    [{ type: 'decimal' }, '1,5'],
    [{ type: 'text' }, ''],
    [{ type: 'text' }, 'a'.repeat(201)],
    [{ type: 'date' }, '2026-01-01'],
    [{ type: 'datetime' }, '2026-01-01'],
  ] as const;
  test.each(refused)('%o refuses %s', (overrides, text) => {
    expect(codeOf(() => parseScalar(filter(overrides), text))).toBe('invalid_filter');
  });

  test('a range of dates includes the whole last day, and instants are exact', () => {
    const dates = filter({ type: 'datetime' });
    expect(parseBound(dates, '2026-01-31', 'from')).toEqual({ operator: 'gte', value: new Date('2026-01-31T00:00:00Z') });
    expect(parseBound(dates, '2026-01-31', 'to')).toEqual({ operator: 'lt', value: new Date('2026-02-01T00:00:00Z') });
    expect(parseBound(dates, '2026-01-31T10:00:00+01:00', 'to')).toEqual({ operator: 'lte', value: new Date('2026-01-31T09:00:00Z') });
    expect(parseBound(filter({ type: 'integer' }), '5', 'to')).toEqual({ operator: 'lte', value: 5 });
    for (const text of ['2026-02-30', '2026-13-01', 'now', '2026-01-31T25:00:00Z']) {
      expect(codeOf(() => parseBound(dates, text, 'from'))).toBe('invalid_filter');
    }
  });
});

describe('operators', () => {
  test('keys are taken apart only when their operator is known', () => {
    expect(splitFilterKey('name')).toEqual({ field: 'name', suffix: '', operator: 'equals' });
    expect(splitFilterKey('at~~to')).toEqual({ field: 'at', suffix: 'to', operator: 'between' });
    for (const key of ['', '~~in', 'name~~', 'name~~nope', 'name~~constructor', 'name~~in~~in']) {
      const split = splitFilterKey(key);
      expect(key === 'name~~' ? split?.operator === 'equals' : split === null).toBe(true);
    }
  });

  test('each becomes one plain where', () => {
    const ask = (operator: 'in' | 'starts' | 'contains' | 'between' | 'isEmpty', text: string, suffix: string = operator) =>
      whereOf(filter({}), { operator, suffix, text }, noDeps);
    expect(ask('in', 'a,b')).toEqual({ field: { in: ['a', 'b'] } });
    expect(ask('starts', '50%_\\')).toEqual({ field: { startsWith: '50\\%\\_\\\\', mode: 'insensitive' } });
    expect(ask('isEmpty', 'true')).toEqual({ OR: [{ field: { equals: null } }, { field: { equals: '' } }] });
    expect(ask('isEmpty', 'false')).toEqual({ NOT: { OR: [{ field: { equals: null } }, { field: { equals: '' } }] } });
    expect(ask('between', 'b', 'from')).toEqual({ field: { gte: 'b' } });
    expect(codeOf(() => ask('isEmpty', 'yes'))).toBe('invalid_filter');
    expect(codeOf(() => ask('starts', ''))).toBe('invalid_filter');
    expect(codeOf(() => ask('in', Array.from({ length: 51 }, () => 'a').join()))).toBe('invalid_filter');
  });

  test('an operator that is not offered is refused, and a filter of its own makes its own where', () => {
    expect(codeOf(() => whereOf(filter({ operators: ['equals'] }), { operator: 'in', suffix: 'in', text: 'a' }, noDeps))).toBe(
      'invalid_filter',
    );
    const own = filter({ where: (text) => ({ emailBidx: { equals: text.length } }) });
    expect(whereOf(own, { operator: 'equals', suffix: '', text: 'a@b.c' }, noDeps)).toEqual({ emailBidx: { equals: 5 } });
    expect(codeOf(() => whereOf(own, { operator: 'equals', suffix: '', text: '' }, noDeps))).toBe('invalid_filter');
  });

  test('LIKE specials are literal', () => {
    expect(escapeLike('100%_\\')).toBe('100\\%\\_\\\\');
  });
});

describe('cursors', () => {
  const textId: DmmfField = { name: 'id', kind: 'scalar', type: 'String', isRequired: true, isList: false };
  const field = (type: string) => new Map([['key', { name: 'key', kind: 'scalar', type, isRequired: true, isList: false }]]);
  const where = (value: unknown, type: string, direction: 'asc' | 'desc' = 'asc') =>
    afterWhere({ after: cursorOf({ key: value, id: 'i' }, 'key'), sortBy: 'key', direction }, field(type), textId);

  test('continue after the value and, inside it, after the id', () => {
    expect(where(5, 'Int')).toEqual({ OR: [{ key: { gt: 5 } }, { AND: [{ key: { equals: 5 } }, { id: { gt: 'i' } }] }] });
    expect(where(5n, 'BigInt', 'desc')).toEqual({ OR: [{ key: { lt: 5n } }, { AND: [{ key: { equals: 5n } }, { id: { lt: 'i' } }] }] });
    expect(where(true, 'Boolean')).toMatchObject({ OR: [{ key: { gt: true } }, {}] });
    expect(where('x', 'String')).toMatchObject({ OR: [{ key: { gt: 'x' } }, {}] });
    const at = new Date('2026-01-01T00:00:00.500Z');
    const next = new Date('2026-01-01T00:00:00.501Z');
    expect(where(at, 'DateTime')).toEqual({ OR: [{ key: { gte: next } }, { AND: [{ key: { gte: at, lt: next } }, { id: { gt: 'i' } }] }] });
    expect(where(at, 'DateTime', 'desc')).toMatchObject({ OR: [{ key: { lt: at } }, {}] });
    expect(afterWhere({ after: cursorOf({ id: 'i' }, 'id'), sortBy: 'id', direction: 'asc' }, new Map(), textId)).toEqual({
      id: { gt: 'i' },
    });
  });

  test('what is not one of ours is refused', () => {
    const decode = (value: unknown, type: string, idField = textId) =>
      codeOf(() =>
        afterWhere(
          { after: Buffer.from(JSON.stringify(value)).toString('base64url'), sortBy: 'key', direction: 'asc' },
          field(type),
          idField,
        ),
      );
    expect(decode(['x', 'i'], 'DateTime')).toBe('invalid_paging');
    expect(decode(['x', 'i'], 'Int')).toBe('invalid_paging');
    expect(decode(['x', 'i'], 'BigInt')).toBe('invalid_paging');
    expect(decode(['x'], 'String')).toBe('invalid_paging');
    expect(decode({ or: 1 }, 'String')).toBe('invalid_paging');
    expect(decode(['x', 'i\u0000'], 'String')).toBe('invalid_paging');
    expect(decode(['x', 'i'], 'String', { ...textId, nativeType: ['Uuid', []] })).toBe('invalid_paging');
    for (const text of ['a\u0000b', 'a\ud800b']) expect(decode([text, 'i'], 'String')).toBe('invalid_paging');
    for (const number of [1e300, 1.5, 2 ** 31]) expect(decode([number, 'i'], 'Int')).toBe('invalid_paging');
    for (const at of ['0000-01-01T00:00:00Z', '-000001-01-01T00:00:00Z', '+275760-09-13T00:00:00Z'])
      expect(decode([at, 'i'], 'DateTime')).toBe('invalid_paging');
  });
});

describe('small rules of the frame', () => {
  test('only own pages are returned to after sign-in', () => {
    for (const path of ['/admin', '/admin/', '/admin/resources/User?filters.id=1', '/admin?x=https://ok'])
      expect(safeReturnPath(path)).toBe(path);
    for (const path of [
      undefined,
      7,
      '',
      '/',
      '/adminx',
      '//x',
      '/admin\\x',
      '/admin//x',
      '/admin/\u0000',
      '/admin?a=\n',
      '/admin/../x',
      '/admin/%2e%2e/x',
      '/admin/api/me',
      '/admin/login',
      `/admin/${'a'.repeat(2000)}`,
    ]) {
      expect(safeReturnPath(path)).toBe('/admin');
    }
  });

  test('state inside a script cannot end it', () => {
    expect(scriptJson('</script>\u2028\u2029<!--')).toBe('"\\u003c/script>\\u2028\\u2029\\u003c!--"');
  });

  test('markup made of values is escaped', () => {
    expect(html`<p>${'<b>&"\''}${null}${false}${3}${[html`<i>x</i>`]}${trustedMarkup('<u></u>')}</p>`.markup).toBe(
      '<p>&lt;b&gt;&amp;&quot;&#39;3<i>x</i><u></u></p>',
    );
  });

  test('values leave as plain JSON, bytes never', () => {
    const decimal = { s: 1, e: 1, d: [125], toFixed: () => '12.5' };
    expect(plainValue({ a: 1n, b: new Date(0), c: [undefined, decimal], d: 'x' })).toEqual({
      a: '1',
      b: '1970-01-01T00:00:00.000Z',
      c: [null, '12.5'],
      d: 'x',
    });
    expect(() => plainValue(Buffer.from('x'))).toThrow('bytes');
  });

  test('devices are named for people', () => {
    expect(deviceName(null)).toBe('Unknown browser');
    expect(deviceName('x')).toBe('Unknown browser');
    expect(deviceName('Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/150.0.0.0 Safari/537.36')).toBe(
      'Chrome on Linux',
    );
  });

  test('waits are told in minutes', () => {
    expect(waitText(20)).toBe('Too many attempts. Please wait a minute.');
    expect(waitText(900)).toBe('Too many attempts. Please wait 15 minutes.');
  });

  test('multipart bodies are read whole or refused', () => {
    const part = '--b\r\nContent-Disposition: form-data; name="n\u00e9"\r\n\r\nv\u00e4l\r\n';
    expect(parseMultipart(Buffer.from(`${part}--b--\r\n`), 'multipart/form-data; boundary="b"')).toEqual([['né', 'väl']]);
    for (const [body, type] of [
      [`${part}--b--`, 'multipart/form-data'],
      [part, 'multipart/form-data; boundary=b'],
      ['--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--', 'multipart/form-data; boundary=b'],
      ['--b\r\nContent-Type: text/plain\r\n\r\nx\r\n--b--', 'multipart/form-data; boundary=b'],
      ['--bx--b--', 'multipart/form-data; boundary=b'],
    ] as const) {
      expect(codeOf(() => parseMultipart(Buffer.from(body), type))).toBe('bad_request');
    }
  });

  test('command bodies take one level of dots and no tricks', () => {
    const body = parseCommandBody({
      'reason.code': 'policy',
      'input.a': '1',
      dryRun: 'true',
      recordIds: 'a,b',
      action: 'x',
      expectedVersion: '3',
    });
    expect(body).toMatchObject({
      form: { a: '1' },
      isDryRun: true,
      recordIds: ['a', 'b'],
      action: 'x',
      envelope: { reason: { code: 'policy' }, expectedVersion: 3 },
    });
    for (const fields of [{ 'a.b.c': '1' }, { '__proto__.x': '1' }, { 'input.__proto__': '1' }])
      expect(codeOf(() => parseCommandBody(fields))).toBe('bad_request');
    expect(codeOf(() => parseCommandBody({ dryRun: true, action: 'x'.repeat(61) }))).toBe('too_long');
    // A form sends a number as its digits; nothing else is one.
    expect([3, '3'].map((expectedVersion) => parseCommandBody({ dryRun: true, expectedVersion }).envelope.expectedVersion)).toEqual([3, 3]);
    for (const expectedVersion of [true, null, [], [1], '', '0x1', '1e3', 1.5, -1, Number.POSITIVE_INFINITY])
      expect(codeOf(() => parseCommandBody({ dryRun: true, expectedVersion }))).toMatch(/^invalid_(?:value|type)$/);
    expect(codeOf(() => parseCommandBody({ dryRun: true, ticketId: 'x' }))).toBe('invalid_value');
  });
});
