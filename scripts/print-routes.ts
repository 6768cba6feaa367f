import type { Route } from '../src/api/endpoint.ts';
import { routeName } from '../src/api/openapi.ts';
import { apiRoutes } from '../src/api/routes/index.ts';

const heads = ['METHOD', 'PATH', 'VERSION', 'AUTH', 'NAME', 'NOTE'] as const;

/**
 * The table of routes that is served and described by openapi.json, as text: a head, then one line per route, columns at least two spaces
 * apart. AUTH is one of AuthKind (src/api/endpoint.ts), NAME the operationId; VERSION is `-` for paths that promise none, such as health.
 */
export function routesText(): string {
  const rows = [heads, ...apiRoutes.map(rowOf)];
  const widths = heads.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

function rowOf(route: Route): string[] {
  const version = /^\/api\/(v\d+)\//.exec(route.path)?.[1] ?? '-';
  return [route.method, route.path, version, route.auth, routeName(route), noteOf(route)];
}

function noteOf({ successor, isDevelopmentOnly }: Route): string {
  if (successor !== undefined) return `deprecated, use ${successor}`;
  return isDevelopmentOnly ? 'development only' : '';
}

if (import.meta.main) process.stdout.write(routesText());
