import { describe, expect, it } from 'vitest';
import { createRouteMap } from '../../src/api/match-route.ts';
import { apiRoutes } from '../../src/api/routes/index.ts';

const map = createRouteMap(apiRoutes);

describe('the table of routes', () => {
  it('holds no path and method twice', () => {
    const keys = apiRoutes.map((route) => `${route.method} ${route.path}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('finds literal paths, with a slash at the end too, and hands out parameters', () => {
    expect(map.match('GET', '/api/v1/account').route.path).toBe('/api/v1/account');
    expect(map.match('GET', '/api/v1/account/').route.path).toBe('/api/v1/account');
    expect(map.match('DELETE', '/api/v1/account/sessions/abc').params).toEqual({ id: 'abc' });
    expect(map.match('HEAD', '/api/v1/account').route.method).toBe('GET');
  });

  it.each(['/', '/api/v1', '/api/v1/accounts', '/api/v1/account//', '/api/v1/account/sessions/a%2fb', '/API/v1/account'])('knows no %s', (path) => {
    expect(() => map.match('GET', path)).toThrow(expect.objectContaining({ code: 'not_found' }));
    expect(map.methodsOf(path)).toBeNull();
  });

  it('says which methods a path takes', () => {
    expect(() => map.match('PUT', '/api/v1/account')).toThrow(expect.objectContaining({ code: 'method_not_allowed' }));
    expect(map.methodsOf('/api/v1/account')).toBe('GET, PATCH, HEAD, OPTIONS');
    expect(map.methodsOf('/api/v1/auth/login')).toBe('POST, OPTIONS');
  });

  it('marks every sensitive account route as needing a live session', () => {
    const open = apiRoutes.filter((route) => route.path.startsWith('/api/v1/account') && route.auth !== 'session');
    expect(open).toEqual([]);
  });
});
