import { describe, expect, it } from 'vitest';
import { createLogger } from '../../src/foundation/runtime/logger.ts';
import { redact } from '../../src/foundation/runtime/redact.ts';
import { runInContext, systemContext } from '../../src/foundation/runtime/request-context.ts';

function capture() {
  const lines: string[] = [];
  const log = createLogger({ logLevel: 'trace', mode: 'demo' }, { write: (line) => void lines.push(line) });
  return { log, text: () => lines.join(''), last: () => JSON.parse(lines.at(-1) ?? '{}') };
}

const planted = {
  email: 'planted.person@example.com',
  phone: '+234 803 555 0199',
  password: 'Planted-Password-77',
  code: '918273',
  token: 'eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiJ4In0.c2lnbmF0dXJl',
};

const secretKeys = [
  'authorization',
  'Authorization',
  'cookie',
  'set-cookie',
  'Set-Cookie',
  'password',
  'newPassword',
  'passwordHash',
  'code',
  'recoveryCode',
  'recovery_codes',
  'token',
  'refreshToken',
  'access_token',
  'email',
  'emailEnc',
  'new_email',
  'phone',
  'phoneBidx',
  'secret',
  'totpSecret',
  'clientSecret',
  'x-device-token',
  'X-Device-Token',
  'x-fsh-client',
  'identifier',
  'apiKey',
];

describe('the log', () => {
  it.each(secretKeys)('hides the value of %s at any depth', (key) => {
    const { log, text, last } = capture();
    log.info({ event: 'planted', [key]: 'planted-value', deep: { list: [{ inner: { [key]: { more: 'planted-value' } } }] } }, 'said');
    expect(text()).not.toContain('planted-value');
    expect(last()[key]).toBe('[redacted]');
  });

  it('hides what stands in a sentence of its own', () => {
    const { log, last } = capture();
    log.info(`mail to ${planted.email} is on its way`);
    expect(last()).toMatchObject({ level: 'info', message: 'mail to [redacted] is on its way' });
  });

  it.each(['statusCode', 'errorCode', 'countryCode', 'event', 'queue', 'ms'])('keeps the value of %s', (key) => {
    const { log, last } = capture();
    log.info({ [key]: 'value' });
    expect(last()[key]).toBe('value');
  });

  it('hides a number as people write it at home, and the value that a database could not read', () => {
    const { log, last } = capture();
    log.info('called 08035550199 about order 12345678901');
    expect(last().message ?? last().msg).toBe('called [redacted] about order 12345678901');
    log.error({ event: 'x', error: new Error('invalid input syntax for type uuid: "Ngozi Eze, 12 Itoku"') });
    expect(last().error.message).toBe('invalid input syntax for type uuid: "[redacted]"');
  });

  it('hides planted secrets in fields, messages, placeholders, errors, causes and children', () => {
    const { log, text } = capture();
    const cause = Object.assign(new Error(`insert failed for ${planted.phone}`), {
      code: '23505',
      detail: `Key (email)=(${planted.email})`,
      where: planted.code,
    });
    const error = new Error(`mail to ${planted.email} failed`, { cause });
    log.info({ ...planted, user: { ...planted } }, `hello ${planted.email}`);
    log.warn('call %s with %s', planted.phone, `Bearer ${planted.token}`);
    log.error(error);
    log.error({ err: error }, 'wrapped');
    log.error({ event: 'job.failed', error });
    log.error(error, `while writing to ${planted.email}`);
    log
      .child({ email: planted.email, header: `Bearer ${planted.token}` })
      .child({ password: planted.password })
      .info({ event: 'child' });
    log.info({ url: `/api/v1/x?token=${planted.token}&code=${planted.code}`, base: 'postgresql://app:Planted-Password-77@127.0.0.1/x' });
    for (const value of Object.values(planted)) expect(text()).not.toContain(value);
  });

  it('keeps what is needed to find a fault: type, code, stack and cause of an error', () => {
    const { log, last } = capture();
    log.error(new TypeError('no such thing', { cause: Object.assign(new Error('gone'), { code: 'ECONNRESET' }) }));
    expect(last()).toMatchObject({
      level: 'error',
      message: 'no such thing',
      error: { type: 'TypeError', cause: { message: 'gone', code: 'ECONNRESET' } },
    });
    expect(last().error.stack).toContain('logger.test.ts');
  });

  it('carries the request id, the door and the actor of the request it is written in', () => {
    const { log, last } = capture();
    runInContext(
      {
        ...systemContext('test', 'cli', 'req-1'),
        actor: { kind: 'client', id: 'user-1', sessionId: 's', acr: 'aal1', authTime: new Date(0) },
      },
      () => log.info({ event: 'inside' }),
    );
    expect(last()).toMatchObject({ requestId: 'req-1', door: 'cli', actor: 'client', userId: 'user-1' });
    runInContext(systemContext('relay', 'worker', 'req-2'), () => log.info({ event: 'job' }));
    expect(last()).toMatchObject({ requestId: 'req-2', actor: 'system' });
    expect(last()).not.toHaveProperty('userId');
    log.info({ event: 'outside' });
    expect(last()).not.toHaveProperty('requestId');
  });

  it('writes one line of JSON with a time and a level name, and obeys the level', () => {
    const lines: string[] = [];
    const log = createLogger({ logLevel: 'warn', mode: 'lab' }, { write: (line) => void lines.push(line) });
    log.info({ event: 'quiet' });
    log.warn({ event: 'loud' });
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      level: 'warn',
      event: 'loud',
      mode: 'lab',
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    });
  });

  it('can be made without a destination', () => {
    expect(createLogger({ logLevel: 'silent', mode: 'demo' }).level).toBe('silent');
  });
});

describe('redact', () => {
  it('gives values that JSON can hold', () => {
    expect(redact('when', new Date('2026-01-02T03:04:05Z'))).toBe('2026-01-02T03:04:05.000Z');
    expect(redact('when', new Date(Number.NaN))).toBeNull();
    expect(redact('big', 12n)).toBe('12');
    expect(redact('bytes', Buffer.from('abc'))).toBe('[3 bytes]');
    expect(redact('map', new Map([['email', 'x']]))).toBe('[Map]');
    expect(redact('run', () => 'x')).toBe('[function]');
    expect(redact('link', new URL('http://localhost/a?token=planted'))).toBe('http://localhost/a');
    expect(redact('nothing', null)).toBeNull();
    expect(redact('password', null)).toBeNull();
    expect(redact('flag', true)).toBe(true);
    expect(redact('bare', Object.assign(Object.create(null), { a: 1 }))).toEqual({ a: 1 });
  });

  it('ends in a structure that refers to itself', () => {
    const loop: Record<string, unknown> = { name: 'a' };
    loop['self'] = loop;
    expect(JSON.stringify(redact('loop', loop))).toContain('[too deep]');
  });

  it('keeps paths and versions, which look a little like addresses', () => {
    const path = 'at file:///srv/app/node_modules/@prisma/client/index.js:10:5';
    expect(redact('stack', path)).toBe(path);
    expect(redact('text', '2026-01-02T03:04:05+01:00')).toBe('2026-01-02T03:04:05+01:00');
  });

  it('is quick on hostile text', () => {
    const began = performance.now();
    redact('text', 'a'.repeat(200_000));
    redact('text', '+1'.repeat(50_000));
    expect(performance.now() - began).toBeLessThan(1_000);
  });

  it('survives an error without a stack or with a numeric code', () => {
    const error = Object.assign(new Error('x'), { stack: undefined, code: 5, status: 400 });
    expect(redact('error', error)).toEqual({ type: 'Error', message: 'x', status: 400 });
  });
});
