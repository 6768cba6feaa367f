import { fail } from '../../foundation/errors/app-error.ts';
import { findCountry } from '../../modules/reference/index.ts';
import { defineEndpoint, noBody, noQuery } from '../define-endpoint.ts';
import { country } from '../shapes.ts';

/** GET /reference/countries/{iso2}, in any case. */
export const readCountry = defineEndpoint({
  summary: 'Read a country',
  query: noQuery,
  body: noBody,
  replies: { 200: { description: 'The country', schema: country } },
  errors: ['not_found'],
  async handle(call) {
    const body = (await findCountry(call.deps, String(call.params.iso2))) ?? fail('not_found');
    return { status: 200, body, headers: { 'Cache-Control': 'public, max-age=3600' } };
  },
});
