import { z } from 'zod';
import type { Mode } from '../../foundation/config/config.ts';
import { defineEndpoint, noBody, noQuery } from '../define-endpoint.ts';

/** Rendered once per process and mode, on first use: the generator is not needed to serve anything else. */
const rendered = new Map<Mode, Promise<string>>();

/** GET /openapi.json: OpenAPI 3.1 from the schemas that validate. */
export const readOpenApi = defineEndpoint({
  summary: 'This API as OpenAPI 3.1',
  query: noQuery,
  body: noBody,
  replies: { 200: { description: 'The document', schema: z.looseObject({ openapi: z.string() }) } },
  async handle({ deps: { config } }) {
    const document = rendered.get(config.mode) ?? render(config.mode);
    rendered.set(config.mode, document);
    const headers = { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'public, max-age=300' };
    return { status: 200, headers, body: await document };
  },
});

async function render(mode: Mode): Promise<string> {
  // Imported here: the document is made from the table that holds this very endpoint.
  const [{ createOpenApiDocument }, { apiRoutes }] = await Promise.all([import('../openapi.ts'), import('./index.ts')]);
  return JSON.stringify(createOpenApiDocument(apiRoutes, { isProduction: mode === 'production' }));
}
