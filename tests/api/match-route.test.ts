import { describe, expect, it } from 'vitest';
import { createRouteMap, matchMethod } from '../../src/api/match-route.ts';
import { apiRoutes } from '../../src/api/routes/index.ts';

const map = createRouteMap(apiRoutes);
const match = (method: string, path: string) => {
  const place = map.find(path);
  return place && matchMethod(place, method);
};

describe('the table of routes', () => {
  it('holds no path and method twice', () => {
    const keys = apiRoutes.map((route) => `${route.method} ${route.path}`);
    expect(new Set(keys).size).toBe(keys.length);
  });

  it('finds literal paths, with a slash at the end too, and hands out parameters', () => {
    expect(match('GET', '/api/v1/account')?.route.path).toBe('/api/v1/account');
    expect(match('GET', '/api/v1/account/')?.route.path).toBe('/api/v1/account');
    expect(match('DELETE', '/api/v1/account/sessions/abc')?.params).toEqual({ id: 'abc' });
    expect(match('HEAD', '/api/v1/account')?.route.method).toBe('GET');
  });

  it.each(['/', '/api/v1', '/api/v1/accounts', '/api/v1/account//', '/api/v1/account/sessions/a%2fb', '/API/v1/account'])(
    'knows no %s',
    (path) => {
      expect(map.find(path)).toBeNull();
    },
  );

  it('says which methods a path takes', () => {
    expect(match('PUT', '/api/v1/account')).toBeNull();
    expect(map.find('/api/v1/account')?.allow).toBe('GET, PATCH, HEAD, OPTIONS');
    expect(map.find('/api/v1/auth/login')?.allow).toBe('POST, OPTIONS');
  });

  it('marks every sensitive account route as needing a live session', () => {
    const open = apiRoutes.filter((route) => route.path.startsWith('/api/v1/account') && route.auth !== 'session');
    expect(open).toEqual([]);
  });
});
