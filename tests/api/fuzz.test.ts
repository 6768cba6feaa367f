import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTarget } from '../../scripts/attack/target.ts';
import { type ApiDocument, readDocument } from '../../scripts/fuzz/document.ts';
import { faultsOf } from '../../scripts/fuzz/judge.ts';
import { play } from '../../scripts/fuzz/play.ts';
import { type Api, newClient, startApi } from './support/api.ts';

let api: Api;
let document: ApiDocument;
beforeAll(async () => {
  api = await startApi({ RATE_LIMIT_SCALE: '100000' });
  document = readDocument((await api.get('/openapi.json')).text);
});
afterAll(() => api.stop());

describe('every operation of openapi.json', () => {
  it('P23 answers mutated bodies, queries, paths and headers as it is documented, and never with a 5xx', async () => {
    const target = openTarget(`http://127.0.0.1:${api.port}`);
    const { sent, faults, statuses } = await play({
      document,
      seed: 20_261_122,
      perOperation: 10,
      ask: target.ask,
      newToken: async () => (await newClient(api)).tokens.accessToken,
    });
    expect(faults).toEqual([]);
    expect(sent).toBe(document.operations.length * 10);
    // It reaches beyond the door: successes and field errors are among the answers.
    expect(statuses[200]).toBeGreaterThan(0);
    expect(statuses[422]).toBeGreaterThan(document.operations.length);
  }, 240_000);
});

describe('the judge', () => {
  const answer = {
    status: 200,
    headers: { 'x-request-id': 'r', 'x-content-type-options': 'nosniff', 'content-type': 'application/json', 'cache-control': 'no-store' },
    text: '{}',
    json: {},
    ms: 1,
  };
  const account = () => {
    const found = document.operations.find(({ method, path }) => method === 'GET' && path === '/api/v1/account');
    if (!found) throw new Error('No such operation');
    return found;
  };
  const problem = { type: 'urn:fashionistar:problem:not_found', title: '', status: 404, detail: '', code: 'not_found', requestId: 'r' };
  const failing = (change: object, status = 404) => {
    const json = { ...problem, ...change };
    return {
      ...answer,
      status,
      headers: { ...answer.headers, 'content-type': 'application/problem+json' },
      json,
      text: JSON.stringify(json),
    };
  };

  it.each<[string, () => Parameters<typeof faultsOf>[2], RegExp]>([
    ['a 5xx', () => ({ ...answer, status: 500 }), /status 500/],
    ['a body of another shape', () => answer, /not the documented body/],
    ['an undocumented status', () => ({ ...answer, status: 299 }), /not documented/],
    ['missing headers', () => ({ ...answer, status: 299, headers: {} }), /no X-Request-Id/],
    ['a cacheable account', () => ({ ...answer, headers: { ...answer.headers, 'cache-control': 'public' } }), /may be cached/],
    ['a failure that is no problem', () => ({ ...answer, status: 404 }), /no problem document/],
    ['an invented code', () => failing({ code: 'invented' }), /not in the catalogue/],
    ['a code of another operation', () => failing({ code: 'otp_invalid', status: 401 }, 401), /not documented here/],
    ['another status inside', () => failing({ status: 400 }), /status in the body/],
    ['another request id inside', () => failing({ requestId: 'q' }), /request id/],
    ['422 without errors', () => failing({ code: 'invalid_value', status: 422 }, 422), /422 without errors/],
    ['429 without a wait', () => failing({ code: 'rate_limited', status: 429 }, 429), /429 without/],
    ['an inner name', () => failing({ detail: 'PrismaClientKnownRequestError' }), /inner names/],
  ])('sees %s', (_, make, expected) => {
    expect(faultsOf(document, account(), make()).join('\n')).toMatch(expected);
  });

  it('is content with a problem of the contract', () => {
    expect(faultsOf(document, account(), failing({}))).toEqual([]);
  });
});

describe('a target', () => {
  it.each([
    'http://example.com',
    'https://127.0.0.1:3000',
    'http://127.0.0.1.example.com',
    'http://10.0.0.1',
    'nonsense',
    'file:///etc/passwd',
  ])('is never %s', (url) => {
    expect(() => openTarget(url)).toThrow(/not this machine|no address/);
  });

  it.each(['http://127.0.0.1:3000', 'http://localhost:3000', 'http://[::1]:3000', 'http://127.8.9.1'])('may be %s', (url) => {
    expect(openTarget(url).asked()).toBe(0);
  });
});
