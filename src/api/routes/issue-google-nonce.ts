import { z } from 'zod';
import { commands } from '../../modules/identity/index.ts';
import { defineEndpoint, noBody, noQuery } from '../define-endpoint.ts';
import { callerOf, execute } from '../execute.ts';
import { whereGoogleIs } from '../google/provider-guard.ts';

/** POST /auth/google/nonce: for the ID token that the client is about to ask Google for. */
export const issueGoogleNonce = whereGoogleIs(
  defineEndpoint({
    summary: 'Get a nonce for a Google ID token',
    query: noQuery,
    body: noBody,
    replies: { 200: { description: 'A nonce that serves once', schema: z.strictObject({ nonce: z.string(), expiresIn: z.int() }) } },
    async handle(call) {
      const { output } = await execute(call, commands.issueProviderNonce, { input: callerOf(call) });
      return { status: 200, body: output };
    },
  }),
);
