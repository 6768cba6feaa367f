import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Api, fieldsOf, problemOf, refusal, startApi } from './support/api.ts';

let api: Api;
beforeAll(async () => {
  api = await startApi({ RATE_LIMIT_SCALE: '1000' });
});
afterAll(() => api.stop());

const login = '/api/v1/auth/login';
const json = { 'Content-Type': 'application/json' };
const post = (raw: string | Buffer, headers: Record<string, string> = json) => api.call('POST', login, { raw, headers });

describe('every answer', () => {
  it('carries a request id: the caller’s when it is well formed, a new one otherwise', async () => {
    expect((await api.get('/health/live', { 'X-Request-Id': 'trace_12345678' })).headers['x-request-id']).toBe('trace_12345678');
    for (const bad of ['short', 'x'.repeat(65), 'has space 123', 'semi;colon']) {
      const answer = await api.get('/health/live', { 'X-Request-Id': bad });
      expect(answer.headers['x-request-id']).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    }
    const failed = await api.get('/api/v1/nowhere', { 'X-Request-Id': 'trace_12345678' });
    expect(problemOf(failed).requestId).toBe('trace_12345678');
  });

  it('under /auth and /account carries the protective headers, failures and unknown paths too', async () => {
    const answers = [
      await post('{'),
      await api.get('/api/v1/account'),
      await api.get('/api/v1/auth/nowhere'),
      await api.call('PUT', login),
    ];
    for (const { headers } of answers) {
      expect(headers).toMatchObject({
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'no-referrer',
        'x-frame-options': 'DENY',
        'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
      });
      expect(headers['x-powered-by']).toBeUndefined();
    }
  });

  it('that fails is a problem document and says its language', async () => {
    const answer = await api.call('POST', login, { body: {}, headers: { 'Accept-Language': 'yo-NG, en;q=0.5' } });
    expect(answer.headers['content-type']).toBe('application/problem+json');
    expect(answer.headers['content-language']).toBe('yo');
    expect(problemOf(answer)).toMatchObject({ type: `urn:fashionistar:problem:${problemOf(answer).code}`, status: 422 });
  });
});

describe('paths and methods', () => {
  it('an unknown path is 404, a wrong method 405 with Allow', async () => {
    expect(refusal(await api.get('/api/v1/nowhere'))).toBe('404 not_found');
    const wrong = await api.get(login);
    expect(refusal(wrong)).toBe('405 method_not_allowed');
    expect(wrong.headers.allow).toBe('POST, OPTIONS');
    expect((await api.call('DELETE', '/api/v1/account')).headers.allow).toBe('GET, PATCH, HEAD, OPTIONS');
    expect(refusal(await api.call('PROPFIND', '/health/live'))).toBe('405 method_not_allowed');
  });

  it('the server as a whole (OPTIONS *) is no path of the API', async () => {
    const answer = await api.call('OPTIONS', '*');
    expect(answer.status).toBe(404);
    expect(answer.headers).not.toHaveProperty('access-control-allow-origin');
  });

  it('a trailing slash is accepted', async () => {
    expect((await api.get('/health/live/')).status).toBe(200);
    expect(refusal(await api.get('/api/v1/account/'))).toBe('401 token_missing');
  });

  it('HEAD answers like GET, without a body', async () => {
    const head = await api.call('HEAD', '/health/live');
    const get = await api.get('/health/live');
    expect([head.status, head.text, head.headers['content-length']]).toEqual([200, '', get.headers['content-length']]);
  });

  it('hostile paths are 4xx', async () => {
    for (const path of [
      '/api/v1/%',
      '/api/v1/account/sessions/%00',
      '/api/v1/../account',
      '/api//v1/account',
      `/api/v1/${'a'.repeat(4000)}`,
    ]) {
      const { status } = await api.get(path);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(status).toBeLessThan(500);
    }
  });
});

describe('content type', () => {
  it.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])('%s is taken', async (type) => {
    expect(refusal(await post('{}', { 'Content-Type': type }))).toMatch(/^422/);
  });

  it.each(['text/plain', 'application/json; charset=latin1', 'application/jsonp', 'application/x-www-form-urlencoded', ''])(
    '%s is 415',
    async (type) => {
      expect(refusal(await post('{}', { 'Content-Type': type }))).toBe('415 unsupported_media_type');
    },
  );

  it('a missing type with a body and any content encoding are 415', async () => {
    expect(refusal(await post('{}', {}))).toBe('415 unsupported_media_type');
    for (const encoding of ['gzip', 'identity', 'br']) {
      expect(refusal(await post('{}', { ...json, 'Content-Encoding': encoding }))).toBe('415 unsupported_media_type');
    }
  });

  it('an empty body equals an empty object', async () => {
    const answer = await api.call('POST', login);
    expect(refusal(answer)).toMatch(/^422/);
    expect(fieldsOf(answer)).toContain('password: required');
  });
});

describe('the body', () => {
  const padded = (bytes: number) => `{"password":"${'x'.repeat(bytes - 15)}"}`;

  it('may have 16384 bytes and not one more', async () => {
    expect(Buffer.byteLength(padded(16_384))).toBe(16_384);
    expect(refusal(await post(padded(16_384)))).toMatch(/^422/);
    expect(refusal(await post(padded(16_385)))).toBe('413 body_too_large');
  });

  it('is refused while it is still being sent', async () => {
    const answer = await new Promise<string>((resolve, reject) => {
      const socket = connect(api.port, '127.0.0.1', () => {
        socket.write(`POST ${login} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`);
        socket.write(`5000\r\n${'x'.repeat(0x5000)}\r\n`);
      });
      socket.on('data', (chunk) => {
        resolve(chunk.toString());
        socket.destroy();
      });
      socket.on('error', reject);
    });
    expect(answer).toContain('413 Payload Too Large');
    expect(answer).toContain('body_too_large');
  });

  it('cannot be streamed for ever after the refusal', async () => {
    const sent = await new Promise<number>((resolve) => {
      let bytes = 0;
      const socket = connect(api.port, '127.0.0.1', () => {
        socket.write(`POST ${login} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`);
        const more = () => {
          if (socket.destroyed || bytes > 64_000_000) return resolve(bytes);
          bytes += 0x10000;
          socket.write(`10000\r\n${'x'.repeat(0x10000)}\r\n`, () => setImmediate(more));
        };
        more();
      });
      socket.on('error', () => resolve(bytes));
      socket.resume();
    });
    expect(sent).toBeLessThan(64_000_000);
  });

  it.each([
    ['broken', '{"a"'],
    ['duplicate keys', '{"password":"a","password":"b"}'],
    ['a byte order mark', '\ufeff{}'],
    ['an array', '[]'],
    ['a number', '7'],
    ['21 levels', `${'{"a":'.repeat(21)}1${'}'.repeat(21)}`],
  ])('%s is malformed_json', async (_, raw) => {
    expect(refusal(await post(raw))).toBe('400 malformed_json');
  });

  it('refuses unknown fields by name, __proto__ among them', async () => {
    expect(fieldsOf(await post('{"email":"a@example.com","password":"x","isAdmin":true}'))).toEqual(['isAdmin: unknown_field']);
    expect(fieldsOf(await post('{"email":"a@example.com","password":"x","__proto__":{"a":1}}'))).toEqual(['__proto__: unknown_field']);
    expect(fieldsOf(await post('{"email":"a@example.com","password":"x","constructor":1}'))).toEqual(['constructor: unknown_field']);
  });

  it('refuses wrong JSON types and control characters', async () => {
    expect(fieldsOf(await post('{"email":"a@example.com","password":7}'))).toEqual(['password: invalid_type']);
    expect(fieldsOf(await post('{"email":["a@example.com"],"password":"x"}'))).toEqual(['email: invalid_type']);
    expect(fieldsOf(await post('{"email":"a\\u0000@example.com","password":"x"}'))).toEqual(['email: invalid_value']);
    expect(fieldsOf(await post('{"email":"a@example.com\\n","password":"x"}'))).toEqual(['email: invalid_value']);
    expect(fieldsOf(await post('{"email":"\\ud800@example.com","password":"x"}'))).toEqual(['email: invalid_value']);
  });

  it('reports several fields as validation_failed', async () => {
    const answer = await post('{"email":7,"password":7}');
    expect(refusal(answer)).toBe('422 validation_failed');
    expect(fieldsOf(answer)).toEqual(['email: invalid_type', 'password: invalid_type']);
  });
});

describe('the query', () => {
  it('refuses what the route does not know, and values given twice', async () => {
    expect(fieldsOf(await api.get('/health/live?x=1'))).toEqual(['x: unknown_field']);
    expect(fieldsOf(await api.get('/api/v1/reference/countries?page=1&page=2'))).toEqual(['page: invalid_value']);
    expect(fieldsOf(await api.get('/health/live?__proto__=1'))).toEqual(['__proto__: unknown_field']);
    expect(fieldsOf(await api.get('/api/v1/reference/countries?q=%00'))).toEqual(['q: invalid_value']);
  });

  it('never carries a secret: the call is unauthenticated', async () => {
    expect(refusal(await api.get('/api/v1/account?access_token=abc'))).toBe('401 token_missing');
  });
});

describe('the order of checks', () => {
  const oversize = 'x'.repeat(20_000);
  const browser = { 'X-Client-Id': 'browser' };

  it('path and method come before content type, content type before size, size before origin', async () => {
    expect(refusal(await api.call('PUT', login, { raw: oversize, headers: { 'Content-Type': 'text/plain' } }))).toBe(
      '405 method_not_allowed',
    );
    expect(refusal(await post(oversize, { 'Content-Type': 'text/plain', ...browser }))).toBe('415 unsupported_media_type');
    expect(refusal(await post(oversize, { ...json, ...browser }))).toBe('413 body_too_large');
    expect(refusal(await post('{', { ...json, ...browser }))).toBe('403 origin_not_allowed');
  });

  it('the client comes before the token, the token before query and body', async () => {
    expect(refusal(await api.get('/api/v1/account?x=1', { 'X-Client-Id': 'nobody' }))).toBe('401 client_invalid');
    expect(refusal(await api.get('/api/v1/account?x=1'))).toBe('401 token_missing');
    expect(refusal(await api.call('PATCH', '/api/v1/account', { raw: '{', headers: json }))).toBe('401 token_missing');
  });
});
