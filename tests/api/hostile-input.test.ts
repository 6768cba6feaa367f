import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiRoutes } from '../../src/api/routes/index.ts';
import { type Api, bearer, newClient, problemOf, startApi } from './support/api.ts';

let api: Api;
let token: string;
beforeAll(async () => {
  api = await startApi({ RATE_LIMIT_SCALE: '100000' });
  token = (await newClient(api)).tokens.accessToken;
});
afterAll(() => api.stop());

const json = { 'Content-Type': 'application/json' };
const homoglyph = 'ada＠example.com';
const bodies: readonly string[] = [
  '{"email":"ada@example.com\\r\\nBcc: x@example.com","password":"x"}',
  '{"email":"ada@example.com,eve@example.com","password":"x"}',
  `{"email":"${homoglyph}","password":"x"}`,
  '{"email":"<ada@example.com>","password":"x"}',
  '{"email":{"$ne":null},"password":{"$ne":null}}',
  '{"phone":"+234;ext=1","password":"x"}',
  '{"flowId":"\' OR 1=1 --","code":"123456"}',
  '{"flowId":"00000000-0000-0000-0000-000000000000","code":"１２３４５６"}',
  '{"challengeId":"../../etc/passwd","method":"totp","code":"123456"}',
  `{"refreshToken":"${'A'.repeat(15_000)}"}`,
  '{"refreshToken":"\\u0000"}',
  '{"token":"eyJhbGciOiJub25lIn0.e30."}',
  '{"enrolId":"x","code":"\\ud83d"}',
  '{"constructor":{"prototype":{"a":1}}}',
  '[]',
  'nonsense',
  '1e999',
];
const writes = apiRoutes.filter((route) => route.method !== 'GET');
const pathOf = (path: string, value: string) => path.replace(/\{\w+\}/, value);

/** 4xx, or the success that a harmless reading of the input is; never a failure of ours, never an inner name. */
function isHarmless(answer: { status: number; text: string }): boolean {
  return answer.status < 500 && !/prisma|\bat .*\.ts|identity\.|stack|SELECT /i.test(answer.text);
}

describe('hostile input', () => {
  it.each(writes.map((route) => [`${route.method} ${route.path}`, route] as const))(
    '%s answers every hostile body with 4xx',
    async (_, route) => {
      for (const raw of bodies) {
        const answer = await api.call(route.method, pathOf(route.path, 'x'), { raw, headers: { ...json, ...bearer(token) } });
        expect(isHarmless(answer), `${raw.slice(0, 60)} gave ${answer.status} ${answer.text.slice(0, 200)}`).toBe(true);
      }
    },
  );

  it('in queries, parameters and headers is 4xx as well', async () => {
    const targets = [
      '/api/v1/reference/countries?q=%25%5F%5C&sort=name;drop',
      '/api/v1/reference/countries?page=99999999999999999999',
      `/api/v1/reference/countries?q=${'%F0%9F%92%A9'.repeat(40)}`,
      '/api/v1/reference/countries/%00',
      '/dev/inbox?to=%27%20OR%201%3D1',
      '/dev/inbox?to=%ff%fe',
      '/docs/%2e%2e',
      '//evil.example/api',
    ];
    for (const target of targets) expect(isHarmless(await api.get(target)), target).toBe(true);
    const headers = [
      'Authorization',
      'X-Client-Id',
      'X-Device-Token',
      'X-Fsh-Client',
      'X-Forwarded-For',
      'If-Match',
      'Accept-Language',
      'Cookie',
      'Origin',
    ];
    for (const name of headers) {
      for (const value of ['é'.repeat(10), `${'x'.repeat(3_000)}`, ';,=', 'Bearer null', '"']) {
        const answer = await api.get('/api/v1/account', { [name]: Buffer.from(value).toString('latin1') });
        expect(isHarmless(answer), `${name}: ${value.slice(0, 20)} gave ${answer.status}`).toBe(true);
      }
    }
  });

  it('made by chance never breaks a route', async () => {
    const routes = ['/auth/register', '/auth/login', '/auth/otp/verify', '/auth/mfa/verify', '/auth/token/refresh', '/account/reauth'];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...routes),
        fc.dictionary(
          fc.constantFrom('email', 'phone', 'password', 'flowId', 'code', 'method', 'refreshToken', 'x'),
          fc.jsonValue({ maxDepth: 2 }),
        ),
        async (path, body) => {
          const answer = await api.post(path, body, bearer(token));
          expect(isHarmless(answer), `${path} ${JSON.stringify(body)} gave ${answer.status}`).toBe(true);
          if (answer.status >= 400) expect(problemOf(answer).status).toBe(answer.status);
        },
      ),
      { numRuns: 120, interruptAfterTimeLimit: 12_000 },
    );
  });
});
