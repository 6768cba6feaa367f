import { z } from 'zod';
import type { Config } from '../../foundation/config/config.ts';
import { defineEndpoint, noBody, noQuery } from '../define-endpoint.ts';
import { isServed } from '../legacy.ts';

/** Rendered once per process and configuration, on first use: the generator is not needed to serve anything else. */
const rendered = new WeakMap<Config, Promise<string>>();

/** GET /openapi.json: OpenAPI 3.1 from the schemas that validate. */
export const readOpenApi = defineEndpoint({
  summary: 'This API as OpenAPI 3.1',
  query: noQuery,
  body: noBody,
  replies: { 200: { description: 'The document', schema: z.looseObject({ openapi: z.string() }) } },
  async handle({ deps: { config } }) {
    const document = rendered.get(config) ?? render(config);
    rendered.set(config, document);
    const headers = { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'public, max-age=300' };
    return { status: 200, headers, body: await document };
  },
});

async function render(config: Config): Promise<string> {
  // Imported here: the document is made from the table that holds this very endpoint.
  const [{ createOpenApiDocument }, { apiRoutes }] = await Promise.all([import('../openapi.ts'), import('./index.ts')]);
  return JSON.stringify(
    createOpenApiDocument(
      apiRoutes.filter((route) => isServed(route, config)),
      { isProduction: config.mode === 'production' },
    ),
  );
}
