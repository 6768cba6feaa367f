import { z } from 'zod';
import { commands } from '../../modules/identity/index.ts';
import { defineEndpoint, noQuery } from '../define-endpoint.ts';
import { callerOf, execute } from '../execute.ts';
import { providerProofFields } from '../fields.ts';
import { whereGoogleIs } from '../google/provider-guard.ts';
import { identity } from '../shapes.ts';

/** POST /account/identities/google: links a Google account to the own account. */
export const linkGoogle = whereGoogleIs(
  defineEndpoint({
    summary: 'Link a Google account',
    query: noQuery,
    body: z.strictObject(providerProofFields),
    replies: { 201: { description: 'Linked', schema: identity } },
    errors: [
      'reauth_required',
      'account_frozen',
      'handoff_invalid',
      'idtoken_invalid',
      'idtoken_replayed',
      'provider_email_unverified',
      'identity_in_use',
      'identity_exists',
    ],
    async handle(call, { body }) {
      const { output } = await execute(call, commands.linkIdentity, { input: { ...body, ...callerOf(call) } });
      return { status: 201, body: output };
    },
  }),
);
