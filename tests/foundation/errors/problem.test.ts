import { describe, expect, it } from 'vitest';
import { AppError, validationError } from '../../../src/foundation/errors/app-error.ts';
import { catalogue, isErrorCode } from '../../../src/foundation/errors/catalogue.ts';
import { asAppError, problemMediaType, toProblem } from '../../../src/foundation/errors/problem.ts';

const inEnglish = { requestId: 'req-12345678', locale: 'en' } as const;
const atBackOffice = { ...inEnglish, door: 'admin' } as const;

describe('the problem document', () => {
  it('has exactly the members of the contract', () => {
    expect(toProblem(new AppError('invalid_credentials'), inEnglish)).toEqual({
      type: 'urn:fashionistar:problem:invalid_credentials',
      title: 'Not right',
      status: 401,
      detail: 'The details you entered are not right. Check them and try again.',
      code: 'invalid_credentials',
      requestId: 'req-12345678',
    });
    expect(problemMediaType).toBe('application/problem+json');
  });

  it('is written in the language asked for, and in English where that language has no text', () => {
    expect(toProblem(new AppError('otp_invalid'), { ...inEnglish, locale: 'ha' }).title).toBe('Lambar ba daidai ba ce');
    expect(toProblem(new AppError('four_eyes'), { ...inEnglish, locale: 'ig' }).title).toBe('Needs a second person');
  });

  it('names every wrong field with a text of its own', () => {
    const error = validationError([
      { path: 'password', code: 'password_too_short', params: { min: 12 } },
      { path: 'proof.code', code: 'otp_malformed' },
      { path: 'role', code: 'role_not_allowed', message: 'Given by the thrower' },
    ]);
    const problem = toProblem(error, inEnglish);
    expect(problem).toMatchObject({ code: 'validation_failed', status: 422, title: 'Please check your entries' });
    expect(problem.errors).toEqual([
      {
        path: 'password',
        code: 'password_too_short',
        message: 'Choose a longer password. Use at least 12 characters; a few words work well.',
      },
      { path: 'proof.code', code: 'otp_malformed', message: 'The code has six digits. This did not count as a try.' },
      { path: 'role', code: 'role_not_allowed', message: 'Given by the thrower' },
    ]);
  });

  it.each(
    Object.keys(catalogue)
      .filter(isErrorCode)
      .filter((code) => catalogue[code].status === 422),
  )('%s always lists an entry', (code) => {
    const { errors } = toProblem(new AppError(code), inEnglish);
    expect(errors).toHaveLength(1);
    expect(errors?.[0]).toMatchObject({ path: '', code });
  });

  it('passes parameters on to the entry it makes itself', () => {
    const problem = toProblem(new AppError('password_too_long', { params: { max: 128 } }), inEnglish);
    expect(problem.errors?.[0]?.message).toBe('Choose a shorter password. Use at most 128 characters.');
    expect(problem.detail).toBe(problem.errors?.[0]?.message);
  });

  it('lists fields with other statuses too, when the thrower gives them', () => {
    const error = new AppError('vendor_incomplete', { errors: [{ path: 'terms', code: 'required' }] });
    expect(toProblem(error, inEnglish)).toMatchObject({
      status: 409,
      errors: [{ path: 'terms', code: 'required', message: 'Please fill this in.' }],
    });
  });

  it('says when to come back: whole seconds, at least one, always with 429 and 503', () => {
    const waitOf = (code: 'rate_limited' | 'overloaded' | 'not_found', retryAfterSeconds?: number) =>
      toProblem(new AppError(code, retryAfterSeconds === undefined ? {} : { retryAfterSeconds }), inEnglish).retryAfter;
    expect([waitOf('rate_limited', 12.2), waitOf('rate_limited', 0), waitOf('rate_limited')]).toEqual([13, 1, 60]);
    expect([waitOf('overloaded'), waitOf('not_found')]).toEqual([1, undefined]);
    expect(toProblem(new AppError('rate_limited', { retryAfterSeconds: 30 }), inEnglish).detail).toBe(
      'Too many tries. Wait 30 s, then try again.',
    );
  });

  it('tells the API 412 and the back office 409 of a version that moved on', () => {
    expect(toProblem(new AppError('version_conflict'), inEnglish).status).toBe(412);
    expect(toProblem(new AppError('version_conflict'), atBackOffice).status).toBe(409);
    expect(toProblem(new AppError('token_expired', { status: 410 }), inEnglish).status).toBe(410);
  });
});

describe('further members', () => {
  const refusal = new AppError('forbidden', {
    extra: {
      rule: 'self',
      sentence: 'access.self',
      flowId: 'f',
      methods: ['otp'],
      alternatives: ['reset'],
      status: 200,
      current: { version: 2 },
      none: undefined,
    },
  });

  it('reach the API only where its contract has them', () => {
    const problem = toProblem(refusal, inEnglish);
    expect(Object.keys(problem).sort()).toEqual([
      'alternatives',
      'code',
      'detail',
      'flowId',
      'methods',
      'requestId',
      'status',
      'title',
      'type',
    ]);
    expect(problem.detail).toBe('You may not do this. Nothing was changed.');
  });

  it('reach the back office, with the sentence of the refusal, and never replace a member of the document', () => {
    expect(toProblem(refusal, atBackOffice)).toMatchObject({
      status: 403,
      rule: 'self',
      detail: 'You cannot act on your own account.',
      current: { version: 2 },
    });
    expect(toProblem(refusal, atBackOffice)).not.toHaveProperty('none');
    const odd = new AppError('forbidden', { extra: { sentence: 'not.a.key' } });
    expect(toProblem(odd, atBackOffice).detail).toBe('You may not do this. Nothing was changed.');
  });
});

describe('anything else that was thrown', () => {
  it('becomes internal_error, keeps its cause and shows nothing of it', () => {
    const secret = new Error('relation "identity.user" does not exist');
    const error = asAppError(secret);
    expect(error).toMatchObject({ code: 'internal_error', status: 500, cause: secret });
    expect(JSON.stringify(toProblem(error, inEnglish))).not.toContain('identity');
    expect(asAppError('text').code).toBe('internal_error');
    const known = new AppError('gone');
    expect(asAppError(known)).toBe(known);
  });
});
