import { z } from 'zod';
import { commands } from '../../modules/identity/index.ts';
import { cookieOf, refreshCookie } from '../cookies.ts';
import { defineEndpoint, noQuery } from '../define-endpoint.ts';
import type { Call } from '../endpoint.ts';
import { callerOf, execute } from '../execute.ts';
import { tokenSet } from '../shapes.ts';
import { tokenSetReply } from '../token-set.ts';

/** POST /auth/token/refresh: rotates a refresh token; a repeat within the grace gives the same successor (P8). */
export const refreshSession = defineEndpoint({
  summary: 'Rotate the refresh token',
  query: noQuery,
  body: z.strictObject({ refreshToken: z.string().optional() }),
  replies: { 200: { description: 'New tokens of the same session', schema: tokenSet } },
  errors: ['refresh_token_invalid', 'refresh_token_expired', 'refresh_token_reused', 'session_revoked', 'account_suspended'],
  async handle(call, { body }) {
    const { output } = await execute(call, commands.refreshSession, {
      input: { refreshToken: presentedRefreshToken(call, body.refreshToken), ...callerOf(call) },
    });
    return tokenSetReply(call, output.tokens, { status: 200, message: 'message.refreshed' });
  },
});

/** The cookie in cookie mode, the body otherwise, never one in place of the other. "" stands for none, which is refused. */
export function presentedRefreshToken(call: Call, fromBody: string | undefined): string {
  return (call.client.mode === 'cookie' ? cookieOf(call.req, refreshCookie) : fromBody) ?? '';
}
