import { z } from 'zod';
import { commands } from '../../modules/identity/index.ts';
import { defineEndpoint, noQuery } from '../define-endpoint.ts';
import { callerOf, execute } from '../execute.ts';
import { identifierFields, locale, password } from '../fields.ts';
import { pendingReplies, pendingReply } from '../pending.ts';

/** POST /auth/register: a pending registration and its code, or the same answer and a letter to the owner. */
export const register = defineEndpoint({
  summary: 'Start a registration',
  query: noQuery,
  body: z.strictObject({
    ...identifierFields,
    password,
    role: z.string().optional().meta({ description: 'client (default) or vendor, any case' }),
    firstName: z.string().optional(),
    lastName: z.string().optional(),
    locale: locale.optional(),
    termsVersion: z.string().max(20).optional(),
    marketingConsent: z.boolean().optional(),
  }),
  replies: pendingReplies,
  errors: [
    'identifier_exactly_one',
    'email_invalid',
    'phone_invalid',
    'phone_unsupported',
    'password_too_short',
    'terms_version_unknown',
    'overloaded',
  ],
  async handle(call, { body }) {
    const result = await execute(call, commands.startRegistration, {
      input: { ...body, locale: body.locale ?? call.locale, ...callerOf(call) },
    });
    return pendingReply(call, result);
  },
});
