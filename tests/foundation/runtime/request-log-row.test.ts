import { describe, expect, it } from 'vitest';
import { type Keeping, type LoggedRequest, requestRow } from '../../../src/foundation/runtime/request-log-row.ts';

const how: Keeping = { at: new Date('2026-03-01T12:00:00Z'), isSlow: false, isSampled: false, weight: 1, ipMode: 'full' };
const request: LoggedRequest = {
  requestId: 'request-1',
  actorId: null,
  status: 422,
  ms: 3.6,
  reqBytes: 0,
  resBytes: 10,
  method: 'POST',
  pathTemplate: '/api/v1/account',
  door: 'api',
  errorCode: 'invalid_value',
  headers: {},
};
const bodyOf = (body: unknown, loggedFields?: readonly string[], more: Partial<LoggedRequest> = {}) =>
  requestRow({ ...request, body, ...(loggedFields ? { loggedFields } : {}), ...more }, how).body;

describe('the row of a request', () => {
  it('keeps of a body the named fields and of those only scalars', () => {
    const body = { role: 'client', count: 3, isNew: false, none: null, list: [1], inner: { name: 'Ada' }, password: 'secret' };
    const named = ['role', 'count', 'isNew', 'none', 'list', 'inner', 'absent'];
    expect(bodyOf(body, named)).toEqual({ role: 'client', count: 3, isNew: false, none: null, list: null, inner: null });
    expect(bodyOf(body, ['absent'])).toBeNull();
    expect(bodyOf(body, [])).toBeNull();
    expect(bodyOf(body)).toBeNull();
  });

  it.each([['a text'], [null], [undefined], [7]])('has none where the body is no object: %j', (body) => {
    expect(bodyOf(body, ['length', 'role'])).toBeNull();
  });

  it('keeps no body of what went well, unless it is of the sample', () => {
    expect(bodyOf({ role: 'client' }, ['role'], { status: 200 })).toBeNull();
    const sampled = requestRow({ ...request, status: 200, body: { role: 'client' }, loggedFields: ['role'] }, { ...how, isSampled: true });
    expect(sampled.body).toEqual({ role: 'client' });
  });

  it('leaves out whole what is over 4 KB, counted in bytes, and what PostgreSQL would refuse', () => {
    expect(bodyOf({ role: 'ọ'.repeat(2_000) }, ['role'])).toEqual({ $truncated: true });
    expect(bodyOf({ role: 'o'.repeat(2_000) }, ['role'])).toEqual({ role: 'o'.repeat(2_000) });
    expect(bodyOf({ role: 'a\u0000b\ud800' }, ['role'])).toEqual({ role: 'ab\ufffd' });
  });

  it('has whole numbers that the columns hold', () => {
    const row = requestRow({ ...request, ms: -1, reqBytes: 3e12, resBytes: 2.5 }, how);
    expect([row.ms, row.req_bytes, row.res_bytes]).toEqual([0, 2_147_483_647, 3]);
  });

  it('keeps an address as the policy says, and nothing that is none', () => {
    const ipOf = (ip: string | null, ipMode: Keeping['ipMode'] = 'full') => requestRow({ ...request, ip }, { ...how, ipMode }).ip;
    expect(ipOf('102.89.23.17')).toBe('102.89.23.17');
    expect(ipOf('fe80::1%eth0')).toBe('fe80::1');
    expect(ipOf('102.89.23.17', 'truncated')).toBe('102.89.23.0/24');
    expect([ipOf('102.89.23.17', 'off'), ipOf(null), ipOf('unknown'), ipOf('')]).toEqual([null, null, null, null]);
    expect(requestRow(request, how).ip).toBeNull();
  });

  it('keeps four headers, cut, and of a repeated one nothing', () => {
    const headers = { 'user-agent': 'x'.repeat(500), cookie: 'a=b', 'accept-language': 'yo', 'x-client-version': ['1', '2'] };
    expect(requestRow({ ...request, headers }, how).headers).toEqual({ 'user-agent': 'x'.repeat(400), 'accept-language': 'yo' });
  });

  it('cuts what a caller can make long', () => {
    const long = requestRow({ ...request, requestId: 'r'.repeat(99), method: 'M'.repeat(20), pathTemplate: '/'.repeat(300) }, how);
    expect([long.request_id.length, long.method.length, long.path_template.length]).toEqual([64, 10, 200]);
    expect(requestRow({ ...request, errorCode: null }, how).error_code).toBeNull();
    expect(requestRow({ ...request, errorCode: 'e'.repeat(80) }, how).error_code).toHaveLength(60);
  });
});
