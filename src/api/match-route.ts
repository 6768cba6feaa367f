import type { Route } from './endpoint.ts';

export type Match = { route: Route; params: Readonly<Record<string, string>> };

/** Everything under one path. */
export type Place = { byMethod: ReadonlyMap<string, Route>; params: Readonly<Record<string, string>>; allow: string };

export type RouteMap = {
  /** Null when there is no such path. */
  find(path: string): Place | null;
};

const noParams: Readonly<Record<string, string>> = Object.freeze({});
type Entry = { segments: readonly string[]; byMethod: ReadonlyMap<string, Route>; allow: string };

/** Looks paths up in the table: literal ones by map, the few with parameters segment by segment. */
export function createRouteMap(routes: readonly Route[]): RouteMap {
  const entries = new Map([...new Set(routes.map((route) => route.path))].map((path) => [path, entryOf(path, routes)]));
  const patterns = [...entries.values()].filter((entry) => entry.segments.some((segment) => segment.startsWith('{')));
  for (const { segments } of patterns) entries.delete(segments.join('/'));
  return {
    find(path) {
      const clean = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
      const entry = entries.get(clean);
      return entry ? { byMethod: entry.byMethod, params: noParams, allow: entry.allow } : findPattern(patterns, clean);
    },
  };
}

/** The route of a method, GET standing in for HEAD; null when the path does not take it. */
export function matchMethod(place: Place, method: string): Match | null {
  const route = place.byMethod.get(method === 'HEAD' ? 'GET' : method);
  return route ? { route, params: place.params } : null;
}

function entryOf(path: string, routes: readonly Route[]): Entry {
  const byMethod = new Map<string, Route>(routes.filter((route) => route.path === path).map((route) => [route.method, route]));
  const allow = [...byMethod.keys(), ...(byMethod.has('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
  return { segments: path.split('/'), byMethod, allow };
}

function findPattern(patterns: readonly Entry[], path: string): Place | null {
  const given = path.split('/');
  for (const { segments, byMethod, allow } of patterns) {
    const params = paramsOf(segments, given);
    if (params) return { byMethod, params, allow };
  }
  return null;
}

const isParameter = (segment: string): boolean => segment.startsWith('{');
const plainSegment = /^[A-Za-z0-9_.~-]{1,280}$/;

function paramsOf(segments: readonly string[], given: readonly string[]): Record<string, string> | null {
  // Most patterns are of another length or differ in a literal: nothing is made before one fits.
  if (segments.length !== given.length || !segments.every((segment, index) => isParameter(segment) || segment === given[index]))
    return null;
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    if (!isParameter(segment)) continue;
    const value = given[index] ?? '';
    if (!plainSegment.test(value)) return null;
    params[segment.slice(1, -1)] = value;
  }
  return params;
}
