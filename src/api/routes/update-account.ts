import { z } from 'zod';
import { commands } from '../../modules/identity/index.ts';
import { defineEndpoint, noQuery } from '../define-endpoint.ts';
import { execute } from '../execute.ts';
import { ifMatchVersion } from '../if-match.ts';
import { account } from '../shapes.ts';
import { accountReply } from './read-account.ts';

const text = (most: number) => z.string().max(most).nullable().optional();

/** PATCH /account: any of the profile fields; contact, role and sign-in method have their own ways. */
export const updateAccount = defineEndpoint({
  summary: 'Change the own profile',
  query: noQuery,
  body: z.strictObject({
    firstName: z.string().nullable().optional(),
    lastName: z.string().nullable().optional(),
    bio: text(500),
    countryCode: z.string().nullable().optional(),
    state: text(100),
    city: text(100),
    address: text(255),
    language: z.string().optional(),
    timezone: z.string().nullable().optional(),
    marketingConsent: z.boolean().optional(),
  }),
  replies: { 200: { description: 'The account as it is now', schema: account, headers: ['ETag'] } },
  errors: ['if_match_required', 'version_conflict', 'name_invalid', 'country_unknown'],
  async handle(call, { body }) {
    await execute(call, commands.updateAccount, { input: body, expectedVersion: ifMatchVersion(call.req) });
    return accountReply(call);
  },
});
