import { describe, expect, it } from 'vitest';
import { cookieOf, setCookieLine } from '../../src/api/cookies.ts';
import { problemReply } from '../../src/api/problem.ts';
import { AppError } from '../../src/foundation/errors/app-error.ts';

const about = { requestId: 'request-1', locale: 'en', call: null } as const;

describe('a failure that is not of the catalogue', () => {
  it('is a 500 that tells nothing and keeps its cause', () => {
    const cause = new Error('SELECT secret FROM identity.user');
    const { reply, appError } = problemReply(cause, about);
    expect(reply.status).toBe(500);
    expect(JSON.stringify(reply.body)).not.toMatch(/SELECT|identity|Error/);
    expect(appError.cause).toBe(cause);
  });

  it('is a 503 with Retry-After when the database is away', () => {
    const { reply } = problemReply(new Error('Connection terminated unexpectedly'), about);
    expect([reply.status, reply.headers?.['Retry-After']]).toEqual([503, '2']);
  });
});

describe('challenges', () => {
  it('go with 401 only', () => {
    expect(problemReply(new AppError('client_invalid'), about).reply.headers?.['WWW-Authenticate']).toMatch(/^Basic/);
    expect(problemReply(new AppError('token_missing'), about).reply.headers?.['WWW-Authenticate']).toBe('Bearer');
    expect(problemReply(new AppError('invalid_credentials'), about).reply.headers?.['WWW-Authenticate']).toBeUndefined();
    expect(problemReply(new AppError('forbidden'), about).reply.headers?.['WWW-Authenticate']).toBeUndefined();
  });
});

describe('cookies', () => {
  const read = (cookie: string | undefined) => cookieOf({ headers: { ...(cookie === undefined ? {} : { cookie }) } }, '__Host-fsh_rt');

  it('are read by their whole name, once', () => {
    expect(read('a=1; __Host-fsh_rt=abc; b=2')).toBe('abc');
    expect(read('x__Host-fsh_rt=abc')).toBeNull();
    expect(read('__Host-fsh_rt=')).toBeNull();
    expect(read('__Host-fsh_rt=a; __Host-fsh_rt=b')).toBeNull();
    expect(read(undefined)).toBeNull();
  });

  it('are set as __Host- cookies must be', () => {
    expect(setCookieLine({ name: '__Host-x', value: 'v', maxAgeSeconds: 60 })).toBe(
      '__Host-x=v; Max-Age=60; Path=/; Secure; HttpOnly; SameSite=Lax',
    );
  });
});
