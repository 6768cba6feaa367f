import { z } from 'zod';
import { commands, queries, type VendorView } from '../../modules/identity/index.ts';
import { defineEndpoint, noBody, noQuery } from '../define-endpoint.ts';
import type { Reply } from '../endpoint.ts';
import { execute, replayHeaders, userIdOf } from '../execute.ts';
import { etagOf, ifMatchOf } from '../if-match.ts';
import { businessHours, businessType, vendorProfile } from '../shapes.ts';

/** GET /account/vendor: the own store with its review and what a submission still needs. */
export const readVendor = defineEndpoint({
  summary: 'Read the own store',
  query: noQuery,
  body: noBody,
  replies: { 200: { description: 'The store', schema: vendorProfile, headers: ['ETag'] } },
  errors: ['role_required'],
  handle: async (call) => vendorReply(200, await queries.readVendorProfile(call.deps, userIdOf(call))),
});

const none = z.string().nullish();

/** PUT /account/vendor: the whole profile; what is left out is empty afterwards, but for the tax id, which nobody is shown. */
export const replaceVendor = defineEndpoint({
  summary: 'Replace the profile of the own store',
  query: noQuery,
  body: z
    .strictObject({
      storeName: z.string(),
      tagline: none,
      description: z.string(),
      businessType,
      countryCode: z.string(),
      state: z.string(),
      city: z.string(),
      address: z.string(),
      taxId: none,
      collections: z.array(z.string()).nullish(),
      websiteUrl: none,
      instagramUrl: none,
      tiktokUrl: none,
      businessHours: businessHours.nullish(),
    })
    .meta({ id: 'VendorInput' }),
  replies: { 200: { description: 'The store as it is now', schema: vendorProfile, headers: ['ETag'] } },
  errors: [
    ...['role_required', 'if_match_required', 'version_conflict', 'vendor_locked', 'store_name_taken', 'store_name_reserved'],
    ...['tax_id_invalid', 'url_invalid', 'hours_invalid', 'country_unknown'],
  ],
  async handle(call, { body }) {
    await execute(call, commands.replaceVendor, { input: body, ...ifMatchOf(call.req) });
    return vendorReply(200, await queries.readVendorProfile(call.deps, userIdOf(call)));
  },
});

/** POST /account/vendor/submit: hands the own store in for review. */
export const submitVendor = defineEndpoint({
  summary: 'Submit the own store for review',
  query: noQuery,
  body: noBody,
  replies: { 202: { description: 'The store, submitted', schema: vendorProfile, headers: ['ETag'] } },
  errors: ['reauth_required', 'role_required', 'if_match_required', 'version_conflict', 'vendor_incomplete', 'transition_not_allowed'],
  async handle(call) {
    const result = await execute(call, commands.submitVendor, { input: {}, ...ifMatchOf(call.req) });
    const reply = vendorReply(202, result.output);
    return { ...reply, headers: { ...reply.headers, ...replayHeaders(result) } };
  },
});

/** In the order of the published shape, whatever order a kept answer comes in. */
function vendorReply(status: 200 | 202, vendor: VendorView): Reply {
  return { status, body: vendorProfile.parse(vendor), headers: { ETag: etagOf(vendor.version) } };
}
