import { z } from 'zod';
import { commands } from '../../modules/identity/index.ts';
import { defineEndpoint, noQuery } from '../define-endpoint.ts';
import { callerOf, execute } from '../execute.ts';
import { legacyTokenReply } from '../token-set.ts';
import { presentedRefreshToken } from './refresh-session.ts';

/** POST /auth/refresh, an alias of /auth/token/refresh with the earlier names. */
export const refreshAlias = defineEndpoint({
  summary: 'Rotate the refresh token (earlier storefront)',
  query: noQuery,
  body: z.strictObject({ refresh: z.string().optional() }),
  replies: {
    200: {
      description: 'New tokens of the same session',
      schema: z.strictObject({ access: z.string(), refresh: z.string().optional().meta({ description: 'Body mode only' }) }),
    },
  },
  errors: ['refresh_token_invalid', 'refresh_token_expired', 'refresh_token_reused', 'session_revoked', 'account_suspended'],
  async handle(call, { body }) {
    const input = { refreshToken: presentedRefreshToken(call, body.refresh), ...callerOf(call) };
    const { output } = await execute(call, commands.refreshSession, { input });
    return legacyTokenReply(call, output.tokens);
  },
});
