import { createHash } from 'node:crypto';
import { countryListQuery, listCountries as list } from '../../modules/reference/index.ts';
import { defineEndpoint, noBody } from '../define-endpoint.ts';
import { isNoneMatch } from '../if-match.ts';
import { countryPage } from '../shapes.ts';

/** GET /reference/countries: a page of the countries, cacheable for an hour. */
export const listCountries = defineEndpoint({
  summary: 'List countries',
  query: countryListQuery,
  body: noBody,
  replies: { 200: { description: 'A page of countries', schema: countryPage, headers: ['ETag'] }, 304: { description: 'Unchanged' } },
  async handle(call, { query }) {
    const page = JSON.stringify(await list(call.deps, query));
    const etag = `"${createHash('sha256').update(page).digest('base64url').slice(0, 22)}"`;
    const headers = { ETag: etag, 'Cache-Control': 'public, max-age=3600' };
    if (isNoneMatch(call.req, etag)) return { status: 304, headers };
    return { status: 200, headers: { ...headers, 'Content-Type': 'application/json; charset=utf-8' }, body: page };
  },
});
