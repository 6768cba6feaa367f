import { z } from 'zod';
import { clientSize, commands, queries } from '../../modules/identity/index.ts';
import { defineEndpoint, noBody, noQuery } from '../define-endpoint.ts';
import type { Call, Reply } from '../endpoint.ts';
import { execute, userIdOf } from '../execute.ts';
import { etagOf, ifMatchOf } from '../if-match.ts';
import { clientProfile } from '../shapes.ts';

/** GET /account/client: what the storefront keeps about the caller as a shopper. */
export const readClient = defineEndpoint({
  summary: 'Read the own shopper profile',
  query: noQuery,
  body: noBody,
  replies: { 200: { description: 'The profile', schema: clientProfile, headers: ['ETag'] } },
  errors: ['role_required'],
  handle: (call) => clientReply(call),
});

const words = z.array(z.string()).optional();

/** PATCH /account/client: any of the fields; tier, id and version are ours. */
export const updateClient = defineEndpoint({
  summary: 'Change the own shopper profile',
  query: noQuery,
  body: z.strictObject({
    preferredSize: clientSize.nullable().optional(),
    bodyType: z.string().nullable().optional(),
    stylePreferences: words,
    favouriteColours: words,
    occasionPreferences: words,
    emailNotificationsEnabled: z.boolean().optional(),
    smsNotificationsEnabled: z.boolean().optional(),
    defaultShippingAddress: z.string().nullable().optional(),
  }),
  replies: { 200: { description: 'The profile as it is now', schema: clientProfile, headers: ['ETag'] } },
  errors: ['role_required', 'if_match_required', 'version_conflict'],
  async handle(call, { body }) {
    await execute(call, commands.updateClient, { input: body, ...ifMatchOf(call.req) });
    return clientReply(call);
  },
});

async function clientReply(call: Call): Promise<Reply> {
  const body = await queries.readClientProfile(call.deps, userIdOf(call));
  return { status: 200, body, headers: { ETag: etagOf(body.version) } };
}
