import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { readDocument } from '../../scripts/fuzz/document.ts';
import { routesText } from '../../scripts/print-routes.ts';
import { defineEndpoint, noBody } from '../../src/api/define-endpoint.ts';
import type { Route } from '../../src/api/endpoint.ts';
import { createOpenApiDocument } from '../../src/api/openapi.ts';
import { apiRoutes } from '../../src/api/routes/index.ts';
import { catalogue } from '../../src/foundation/errors/catalogue.ts';
import { openBrowser, whyNoBrowser } from '../support/chromium.ts';
import { type Api, startApi } from './support/api.ts';

let api: Api;
let text: string;
let document: z.infer<typeof documentForm>;
beforeAll(async () => {
  api = await startApi();
  text = (await api.get('/openapi.json')).text;
  document = documentForm.parse(JSON.parse(text));
});
afterAll(() => api.stop());

// OpenAPI 3.1.0, sections 4.8.1 to 4.8.30, as far as our document goes; strict, so that a misspelt field fails.
const schema = z.record(z.string(), z.unknown());
const content = z.record(
  z.string().regex(/^[\w.+-]+\/[\w.+*-]+$/),
  z.strictObject({ schema: schema.optional(), example: z.unknown().optional() }),
);
const header = z.strictObject({ schema, description: z.string().optional(), required: z.boolean().optional() });
const parameter = z.strictObject({
  name: z.string().min(1),
  in: z.enum(['path', 'query', 'header', 'cookie']),
  required: z.boolean().optional(),
  description: z.string().optional(),
  deprecated: z.boolean().optional(),
  schema,
});
const operation = z.strictObject({
  operationId: z.string().regex(/^[a-z][A-Za-z0-9]*$/),
  summary: z.string().min(3),
  description: z.string().optional(),
  deprecated: z.boolean().optional(),
  tags: z.array(z.string()).min(1),
  security: z.array(z.record(z.string(), z.array(z.string()))),
  parameters: z.array(parameter).optional(),
  requestBody: z.strictObject({ content, required: z.boolean().optional(), description: z.string().optional() }).optional(),
  responses: z.record(
    z.string().regex(/^(?:[1-5]\d\d|[1-5]XX|default)$/),
    z.strictObject({ description: z.string().min(1), content: content.optional(), headers: z.record(z.string(), header).optional() }),
  ),
  'x-error-codes': z.array(z.string()).optional(),
  'x-rate-limits': z
    .array(z.strictObject({ name: z.string(), count: z.int().positive(), windowSeconds: z.int().positive(), by: z.enum(['ip', 'user']) }))
    .optional(),
});
const documentForm = z.strictObject({
  openapi: z.literal('3.1.0'),
  info: z.strictObject({ title: z.string().min(1), version: z.string().min(1), description: z.string().optional() }),
  servers: z.array(z.strictObject({ url: z.string() })),
  paths: z.record(
    z.string().startsWith('/'),
    z.partialRecord(z.enum(['get', 'put', 'post', 'delete', 'patch', 'head', 'options']), operation),
  ),
  components: z.strictObject({
    schemas: z.record(z.string().regex(/^[A-Za-z0-9._-]+$/), schema),
    parameters: z.record(z.string(), z.unknown()).optional(),
    securitySchemes: z.record(
      z.string(),
      z.strictObject({
        type: z.literal('http'),
        scheme: z.enum(['basic', 'bearer']),
        bearerFormat: z.string().optional(),
        description: z.string().optional(),
      }),
    ),
  }),
  webhooks: z.record(z.string(), z.unknown()).optional(),
});

const operations = () =>
  Object.entries(document.paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, each]) => ({ path, method, ...each })));

/** What AUTH of the printed list stands for in the document. */
const securityOf: Readonly<Record<string, unknown>> = {
  none: [],
  confidential: [{ client: [] }],
  token: [{ bearer: [] }],
  session: [{ bearer: [] }],
  optional: [{ bearer: [] }, {}],
};

/** Every schema of the document, those inside others included. */
function* schemasIn(value: unknown): Generator<Record<string, unknown>> {
  if (Array.isArray(value)) for (const item of value) yield* schemasIn(item);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
  yield { ...value };
  for (const member of Object.values(value)) yield* schemasIn(member);
}

describe('openapi.json', () => {
  it('has every route of the table and nothing else', () => {
    const listed = operations().map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    expect(listed.toSorted()).toEqual(apiRoutes.map(({ method, path }) => `${method} ${path}`).toSorted());
  });

  it('declares each parameter of each path, once, and none that the path has not', () => {
    for (const { path, parameters = [], operationId } of operations()) {
      const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = parameters.filter((each) => each.in === 'path');
      expect(declared.map((each) => each.name).toSorted(), operationId).toEqual(inPath.toSorted());
      for (const each of declared) expect(each.required, operationId).toBe(true);
      const names = parameters.map((each) => `${each.in} ${each.name.toLowerCase()}`);
      expect(new Set(names).size, operationId).toBe(names.length);
      for (const name of ['accept', 'content-type', 'authorization']) expect(names).not.toContain(`header ${name}`);
    }
  });

  it('says where the version has to be named, and where it may be', () => {
    const named = (operationId: string) =>
      (operations().find((each) => each.operationId === operationId)?.parameters ?? [])
        .filter((each) => each.in === 'header')
        .map(({ name, required = false }) => [name, required]);
    expect(named('patchAccountVendorProductsId')).toEqual([['If-Match', true]]);
    expect(named('postAccountVendorKyc')).toEqual([['If-Match', false]]);
    expect(named('postAccountVendorSubmit')).toEqual([
      ['Idempotency-Key', false],
      ['If-Match', true],
    ]);
    expect(named('postAccountVendorFiles')).toEqual([]);
    for (const { operationId, parameters = [], 'x-error-codes': codes = [] } of operations()) {
      const [ifMatch] = parameters.filter((each) => each.name === 'If-Match');
      expect(ifMatch?.required ?? false, operationId).toBe(codes.includes('if_match_required'));
    }
  });

  it('has ids that name one operation each, and security schemes that exist', () => {
    const ids = operations().map(({ operationId }) => operationId);
    expect(new Set(ids).size).toBe(ids.length);
    const schemes = Object.keys(document.components.securitySchemes);
    for (const { security } of operations()) for (const way of security) expect(schemes).toEqual(expect.arrayContaining(Object.keys(way)));
  });

  it('refers to what is there, and uses no keyword of earlier versions', () => {
    const known = new Set(Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`));
    for (const each of schemasIn(JSON.parse(text))) {
      if (typeof each['$ref'] === 'string') expect(known).toContain(each['$ref']);
      expect(each).not.toHaveProperty('nullable');
      if (each['exclusiveMinimum'] !== undefined) expect(typeof each['exclusiveMinimum']).not.toBe('boolean');
      if (Array.isArray(each['required'])) expect(new Set(each['required']).size).toBe(each['required'].length);
    }
  });

  it('has schemas that an independent reader turns into checks, one for each success with a body', () => {
    const read = readDocument(text);
    expect(read.operations).toHaveLength(apiRoutes.length);
    for (const { replies } of read.operations) for (const check of replies.values()) check?.safeParse({});
    expect(read.problem.safeParse({}).success).toBe(false);
  });

  it('says of every operation how it succeeds, how it fails, and with codes of the catalogue', () => {
    for (const { operationId, responses, 'x-error-codes': codes = [] } of operations()) {
      expect(
        Object.keys(responses).some((status) => /^[23]/.test(status)),
        operationId,
      ).toBe(true);
      expect(responses['default']?.content, operationId).toHaveProperty(['application/problem+json']);
      expect(new Set(codes).size, operationId).toBe(codes.length);
      for (const code of codes) expect(Object.keys(catalogue), operationId).toContain(code);
    }
  });
});

describe('npm run routes', () => {
  it('prints the routes of openapi.json, each with its name, version, caller and whether it is deprecated', () => {
    const [head, ...lines] = routesText().trimEnd().split('\n');
    expect(head?.split(/ {2,}/)).toEqual(['METHOD', 'PATH', 'VERSION', 'AUTH', 'NAME', 'NOTE']);
    const printed = lines.map((line) => {
      const [method = '', path = '', version, auth = '', name, note = ''] = line.split(/ {2,}/);
      return { method: method.toLowerCase(), path, version, security: securityOf[auth], name, isDeprecated: note.startsWith('deprecated') };
    });
    const described = operations().map(({ method, path, operationId, security, deprecated = false }) => {
      const version = path.startsWith('/api/') ? path.split('/')[2] : '-';
      return { method, path, version, security, name: operationId, isDeprecated: deprecated };
    });
    const byName = (one: { name: string | undefined }, other: { name: string | undefined }) =>
      (one.name ?? '').localeCompare(other.name ?? '');
    expect(printed.toSorted(byName)).toEqual(described.toSorted(byName));
  });
});

describe('a route that the table does not have', () => {
  const endpoint = defineEndpoint({
    summary: 'What the token says',
    query: z.union([z.strictObject({ a: z.string() }), z.strictObject({ b: z.string() })]),
    body: noBody,
    replies: { 200: { description: 'Claims' } },
    handle: () => ({ status: 200 }),
  });

  it('is described by the same rules: a bearer token, and no parameters where the query is not one list of fields', () => {
    const route: Route = { method: 'GET', path: '/api/v1/me', auth: 'token', limits: [], endpoint };
    const { paths } = createOpenApiDocument([route], { isProduction: true });
    expect(paths?.['/api/v1/me']?.get).toMatchObject({ operationId: 'getMe', security: [{ bearer: [] }], tags: ['Service'] });
    expect(paths?.['/api/v1/me']?.get?.parameters ?? []).toEqual([]);
    expect(createOpenApiDocument([{ ...route, isDevelopmentOnly: true }], { isProduction: true }).paths).toEqual({});
  });
});

describe.runIf(whyNoBrowser() === null)('the reader at /docs', () => {
  it('shows every operation, in a browser, without a word in its console', async () => {
    const browser = await openBrowser();
    try {
      const page = await browser.newPage();
      const said: string[] = [];
      page.on('console', (message) => void (message.type() === 'error' && said.push(message.text())));
      page.on('pageerror', (error) => void said.push(error.message));
      page.on(
        'request',
        (request) =>
          void (request.url().startsWith(`http://127.0.0.1:${api.port}/`) || request.url().startsWith('data:') || said.push(request.url())),
      );
      await page.goto(`http://127.0.0.1:${api.port}/docs`);
      await page
        .locator('.opblock')
        .nth(operations().length - 1)
        .waitFor({ timeout: 30_000 });
      expect(await page.locator('.opblock').count()).toBe(operations().length);
      expect(said).toEqual([]);
    } finally {
      await browser.close();
    }
  });
});
