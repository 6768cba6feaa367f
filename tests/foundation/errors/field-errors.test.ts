import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { zodToFieldErrors } from '../../../src/foundation/errors/field-errors.ts';

/** "path code" of every error, without and with the input handed over. */
function codesOf(schema: z.ZodType, input: unknown, isInputKnown = true): string[] {
  const parsed = schema.safeParse(input);
  if (parsed.success) throw new Error('The input was meant to be refused');
  return zodToFieldErrors(parsed.error, isInputKnown ? input : undefined).map(({ path, code }) => `${path} ${code}`);
}

const person = z.strictObject({ name: z.string().min(2).max(5), age: z.number().optional() });

describe('field errors of a schema', () => {
  it.each([true, false])('missing and wrongly typed members are told apart (input known: %s)', (isInputKnown) => {
    expect(codesOf(person, {}, isInputKnown)).toEqual(['name required']);
    expect(codesOf(person, { name: 7 }, isInputKnown)).toEqual(['name invalid_type']);
    expect(codesOf(person, { name: null }, isInputKnown)).toEqual(['name invalid_type']);
    expect(codesOf(person, { name: 'Ada', age: '7' }, isInputKnown)).toEqual(['age invalid_type']);
  });

  it('a body that is no object at all is the whole body’s error', () => {
    expect(codesOf(person, 'text')).toEqual([' invalid_type']);
  });

  it('every unknown key is named, nested ones by dot path', () => {
    expect(codesOf(person, { name: 'Ada', role: 'x', id: 1 })).toEqual(['role unknown_field', 'id unknown_field']);
    expect(codesOf(z.strictObject({ proof: person }), { proof: { name: 'Ada', x: 1 } })).toEqual(['proof.x unknown_field']);
  });

  it('lengths and sizes carry their limit', () => {
    const short = person.safeParse({ name: 'A' });
    const long = person.safeParse({ name: 'Adaobi' });
    expect(short.error && zodToFieldErrors(short.error)).toEqual([{ path: 'name', code: 'too_short', params: { min: 2 } }]);
    expect(long.error && zodToFieldErrors(long.error)).toEqual([{ path: 'name', code: 'too_long', params: { max: 5 } }]);
    expect(codesOf(z.array(z.string()).max(1), ['a', 'b'])).toEqual([' too_long']);
    expect(codesOf(z.object({ page: z.number().int().min(1) }), { page: 0 })).toEqual(['page too_short']);
  });

  it('a member of what was read out of a text is missing where the text lacks it', () => {
    const inner = z
      .string()
      .transform((text) => JSON.parse(text) as unknown)
      .pipe(z.object({ name: z.string() }));
    expect(codesOf(z.object({ payload: inner }), { payload: '{}' })).toEqual(['payload.name required']);
  });

  it('array members are named by index', () => {
    expect(codesOf(z.object({ tags: z.array(z.string()) }), { tags: ['a', 1] })).toEqual(['tags.1 invalid_type']);
  });

  it('a choice is missing, of the wrong type, or not offered', () => {
    const schema = z.object({ locale: z.enum(['en', 'yo']) });
    expect(codesOf(schema, {})).toEqual(['locale required']);
    expect(codesOf(schema, { locale: 3 })).toEqual(['locale invalid_type']);
    expect(codesOf(schema, { locale: 'fr' })).toEqual(['locale invalid_value']);
    expect(codesOf(schema, { locale: 3 }, false)).toEqual(['locale invalid_value']);
  });

  it('a discriminated union asks for its discriminator', () => {
    const proof = z.discriminatedUnion('method', [
      z.strictObject({ method: z.literal('password'), password: z.string() }),
      z.strictObject({ method: z.literal('otp'), code: z.string() }),
    ]);
    const schema = z.strictObject({ proof });
    expect(codesOf(schema, { proof: {} })).toEqual(['proof.method required']);
    expect(codesOf(schema, { proof: { method: 'magic' } })).toEqual(['proof.method invalid_value']);
    expect(codesOf(schema, { proof: { method: 1 } })).toEqual(['proof.method invalid_type']);
    expect(codesOf(schema, { proof: { method: 'otp' } })).toEqual(['proof.code required']);
  });

  it('a plain union reports the branch that came nearest', () => {
    const schema = z.object({ contact: z.union([z.strictObject({ a: z.string(), b: z.string() }), z.strictObject({ a: z.string() })]) });
    expect(codesOf(schema, { contact: { a: 1 } })).toEqual(['contact.a invalid_type']);
  });

  it('our own checks name their code; one that is not in the catalogue is invalid_value', () => {
    const withCode = (params?: Record<string, unknown>) =>
      z.object({ email: z.string().refine(() => false, params ? { params } : undefined) });
    expect(codesOf(withCode({ code: 'email_invalid' }), { email: 'x' })).toEqual(['email email_invalid']);
    expect(codesOf(withCode({ code: 'nonsense' }), { email: 'x' })).toEqual(['email invalid_value']);
    expect(codesOf(withCode(), { email: 'x' })).toEqual(['email invalid_value']);
  });

  it('bad forms, steps, keys and elements are invalid_value', () => {
    expect(codesOf(z.object({ id: z.uuid() }), { id: 'x' })).toEqual(['id invalid_value']);
    expect(codesOf(z.object({ n: z.number().multipleOf(2) }), { n: 3 })).toEqual(['n invalid_value']);
    expect(codesOf(z.record(z.string().max(1), z.string()), { long: 'x' })).toEqual(['long invalid_value']);
    expect(codesOf(z.map(z.object({}), z.string()), new Map([[{}, 1]]))).toEqual([' invalid_value']);
  });

  it('one field with one code is listed once', () => {
    expect(codesOf(z.object({ code: z.string().regex(/a/).regex(/b/) }), { code: 'x' })).toEqual(['code invalid_value']);
  });
});
