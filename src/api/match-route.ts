import { AppError, fail } from '../foundation/errors/app-error.ts';
import type { Route } from './endpoint.ts';

export type Match = { route: Route; params: Readonly<Record<string, string>> };

export type RouteMap = {
  /** Methods that the path answers, for `Allow` and preflights; null when there is no such path. */
  methodsOf(path: string): string | null;
  /** @throws AppError `not_found`, `method_not_allowed` (with `allow` in its extra) */
  match(method: string, path: string): Match;
};

const noParams: Readonly<Record<string, string>> = Object.freeze({});
type Pattern = { segments: readonly string[]; byMethod: Map<string, Route> };

/** Looks paths up in the table: literal ones by map, the few with parameters segment by segment. */
export function createRouteMap(routes: readonly Route[]): RouteMap {
  const literal = new Map<string, Map<string, Route>>();
  const patterns = new Map<string, Pattern>();
  for (const route of routes) {
    if (route.path.includes('{')) {
      const pattern = patterns.get(route.path) ?? { segments: route.path.split('/'), byMethod: new Map() };
      patterns.set(route.path, pattern);
      pattern.byMethod.set(route.method, route);
    } else {
      const byMethod = literal.get(route.path) ?? new Map<string, Route>();
      literal.set(route.path, byMethod);
      byMethod.set(route.method, route);
    }
  }
  const find = (path: string) => {
    const clean = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
    const byMethod = literal.get(clean);
    return byMethod ? { byMethod, params: noParams } : findPattern(patterns, clean);
  };
  return {
    methodsOf: (path) => allowOf(find(path)?.byMethod),
    match(method, path) {
      const found = find(path);
      if (!found) fail('not_found');
      const route = found.byMethod.get(method === 'HEAD' ? 'GET' : method);
      if (!route) throw new AppError('method_not_allowed');
      return { route, params: found.params };
    },
  };
}

function allowOf(byMethod: Map<string, Route> | undefined): string | null {
  if (!byMethod) return null;
  const methods = [...byMethod.keys()];
  return [...methods, ...(byMethod.has('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
}

function findPattern(patterns: ReadonlyMap<string, Pattern>, path: string) {
  const given = path.split('/');
  for (const { segments, byMethod } of patterns.values()) {
    const params = paramsOf(segments, given);
    if (params) return { byMethod, params };
  }
  return null;
}

const plainSegment = /^[A-Za-z0-9_.~-]{1,128}$/;

function paramsOf(segments: readonly string[], given: readonly string[]): Record<string, string> | null {
  if (segments.length !== given.length) return null;
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    const value = given[index] ?? '';
    if (segment.startsWith('{')) {
      if (!plainSegment.test(value)) return null;
      params[segment.slice(1, -1)] = value;
    } else if (segment !== value) return null;
  }
  return params;
}
