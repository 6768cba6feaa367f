import { describe, expect, it } from 'vitest';
import { parseJsonObject } from '../../src/api/parse-json.ts';
import { AppError } from '../../src/foundation/errors/app-error.ts';

const parse = (text: string | Buffer) => parseJsonObject(Buffer.from(text));
const codeOf = (text: string | Buffer) => {
  try {
    parse(text);
    return 'accepted';
  } catch (error) {
    return error instanceof AppError ? error.code : error;
  }
};
const nested = (levels: number) => `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

describe('the body reader', () => {
  it('takes an object and takes nothing for an empty one', () => {
    expect(parse('{"a":[1,{"b":null}]}')).toEqual({ a: [1, { b: null }] });
    expect(parse('')).toEqual({});
  });

  it.each([
    ['broken', '{"a":'],
    ['trailing text', '{} {}'],
    ['an array', '[1]'],
    ['a string', '"a"'],
    ['null', 'null'],
    ['a duplicate member', '{"a":1,"a":2}'],
    ['a duplicate spelt with an escape', '{"a":1,"\\u0061":2}'],
    ['a duplicate deeper down', '{"x":[{"a":1,"a":2}]}'],
    ['a byte order mark', '\ufeff{}'],
    ['single quotes', "{'a':1}"],
  ])('refuses %s', (_, text) => {
    expect(codeOf(text)).toBe('malformed_json');
  });

  it('refuses bytes that are not UTF-8', () => {
    expect(codeOf(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))).toBe('malformed_json');
  });

  it('takes twenty levels and refuses the twenty-first', () => {
    expect(codeOf(nested(20))).toBe('accepted');
    expect(codeOf(nested(21))).toBe('malformed_json');
  });

  it('refuses thousands of levels without running out of stack', () => {
    expect(codeOf('['.repeat(8_000) + ']'.repeat(8_000))).toBe('malformed_json');
    expect(codeOf(nested(3_000))).toBe('malformed_json');
  });

  it('does not take a colon or a quote inside a string for structure', () => {
    expect(parse('{"a":"x\\":1,\\"a","b":"{[:"}')).toEqual({ a: 'x":1,"a', b: '{[:' });
  });
});
