import { z } from 'zod';
import { commands } from '../../modules/identity/index.ts';
import { defineEndpoint, noQuery } from '../define-endpoint.ts';
import { callerOf, execute } from '../execute.ts';
import { opaqueToken } from '../fields.ts';
import { whereGoogleIs } from '../google/provider-guard.ts';
import { providerReply } from '../google/provider-reply.ts';
import { linkRequired, mfaRequired, tokenSet } from '../shapes.ts';

/** POST /auth/handoff: the client that started changes the code of the redirect into a session. */
export const redeemHandoff = whereGoogleIs(
  defineEndpoint({
    summary: 'Finish signing in with Google',
    query: noQuery,
    body: z.strictObject({ handoff: opaqueToken, codeVerifier: opaqueToken }),
    replies: {
      200: {
        description: 'Signed in, or a second factor or the proof of an existing account is needed',
        schema: z.union([tokenSet, mfaRequired, linkRequired]),
      },
    },
    errors: ['handoff_invalid', 'account_suspended'],
    async handle(call, { body }) {
      const { output } = await execute(call, commands.signInWithHandoff, { input: { ...body, ...callerOf(call) } });
      return providerReply(call, output);
    },
  }),
);
