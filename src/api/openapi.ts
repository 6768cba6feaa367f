import { OpenAPIRegistry, OpenApiGeneratorV31, type RouteConfig } from '@asteasolutions/zod-to-openapi';
import { z } from 'zod';
import type { AuthKind, Method, ReplySpec, Route } from './endpoint.ts';
import { problem } from './shapes.ts';

/** The whole API as an OpenAPI 3.1 document, from the same table and schemas that serve it. */
export function createOpenApiDocument(routes: readonly Route[], about: { isProduction: boolean }) {
  const registry = new OpenAPIRegistry();
  registry.registerComponent('securitySchemes', 'bearer', { type: 'http', scheme: 'bearer', bearerFormat: 'JWT' });
  registry.registerComponent('securitySchemes', 'client', { type: 'http', scheme: 'basic', description: 'A confidential client' });
  for (const route of routes) {
    if (route.isDevelopmentOnly && about.isProduction) continue;
    registry.registerPath(pathOf(route));
  }
  return new OpenApiGeneratorV31(registry.definitions).generateDocument({
    openapi: '3.1.0',
    info: {
      title: 'Fashionistar auth API',
      version: '1',
      description:
        'Registration, sign-in, sessions and the own account of customers. Success bodies are plain resources; every failure is a Problem (RFC 9457) whose `code` is permanent.',
    },
    // Relative to where the document was read, whatever name the caller used for this host.
    servers: [{ url: '/' }],
  });
}

const tags: readonly (readonly [string, string])[] = [
  ['/api/v1/auth', 'Sign-in'],
  ['/api/v1/account', 'Account'],
  ['/api/v1/reference', 'Reference'],
  ['/api/v1/catalog', 'Storefront'],
  ['/.well-known', 'Discovery'],
  ['/health', 'Health'],
];

/** Name of a route: its method and path as one word, such as `postAuthLogin`; the operationId of the document. */
export function routeName({ method, path }: Pick<Route, 'method' | 'path'>): string {
  const words = path.replace(/^\/api\/v1/, '').replace(/[^A-Za-z0-9]+(.)?/g, (_, next: string | undefined) => (next ?? '').toUpperCase());
  return `${methodNames[method]}${words}`;
}

function pathOf(route: Route): RouteConfig {
  const { endpoint } = route;
  const method = methodNames[route.method];
  return {
    method,
    path: route.path,
    operationId: routeName(route),
    summary: endpoint.summary,
    ...(route.successor === undefined ? {} : { deprecated: true }),
    tags: [tags.find(([prefix]) => route.path.startsWith(prefix))?.[1] ?? 'Service'],
    security: security[route.auth],
    request: {
      params: paramsOf(route.path),
      ...(endpoint.query instanceof z.ZodObject ? { query: endpoint.query } : {}),
      ...(method === 'get' || method === 'delete' ? {} : { body: { content: bodyContent(route) } }),
      ...headersOf(route),
    },
    responses: {
      ...Object.fromEntries(Object.entries(endpoint.replies).map(([status, reply]) => [status, responseOf(reply)])),
      default: { description: 'Problem', content: { 'application/problem+json': { schema: problem } } },
    },
    ...(endpoint.errors.length > 0 ? { 'x-error-codes': endpoint.errors } : {}),
    ...(route.limits.length > 0
      ? { 'x-rate-limits': route.limits.map(({ name, count, windowSeconds, by }) => ({ name, count, windowSeconds, by })) }
      : {}),
  };
}

const idempotencyHeader = z.object({
  'Idempotency-Key': z
    .string()
    .regex(/^[A-Za-z0-9_-]{8,128}$/)
    .optional(),
});
const version = z.string().meta({ example: '"3"', description: 'The ETag of what is changed' });

/** Codes of the endpoint say where a version has to be named; where they name its conflict only, it may be. */
function headersOf({ isIdempotent, endpoint: { errors } }: Route) {
  const isRequired = errors.includes('if_match_required');
  const headers = [
    ...(isIdempotent ? [idempotencyHeader] : []),
    ...(errors.includes('version_conflict') ? [z.object({ 'If-Match': isRequired ? version : version.optional() })] : []),
  ];
  return headers.length > 0 ? { headers } : {};
}

const methodNames = { GET: 'get', POST: 'post', PATCH: 'patch', PUT: 'put', DELETE: 'delete' } as const satisfies Record<Method, string>;

const security: Readonly<Record<AuthKind, Record<string, string[]>[]>> = {
  none: [],
  confidential: [{ client: [] }],
  token: [{ bearer: [] }],
  session: [{ bearer: [] }],
  optional: [{ bearer: [] }, {}],
};

function bodyContent(route: Route) {
  const schema = route.endpoint.body;
  if (route.takesFile !== undefined) return { 'multipart/form-data': { schema } };
  const json = { 'application/json': { schema } };
  return route.takesForm ? { ...json, 'application/x-www-form-urlencoded': { schema } } : json;
}

function paramsOf(path: string) {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => name);
  return z.object(Object.fromEntries(names.map((name) => [name, z.string()])));
}

function responseOf(reply: ReplySpec) {
  const { description, schema, contentType = 'application/json', headers = [] } = reply;
  return {
    description,
    ...(headers.length > 0 ? { headers: z.object(Object.fromEntries(headers.map((name) => [name, z.string()]))) } : {}),
    ...(schema ? { content: { [contentType]: { schema } } } : {}),
  };
}
