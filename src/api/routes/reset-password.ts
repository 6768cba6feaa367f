import { z } from 'zod';
import { commands } from '../../modules/identity/index.ts';
import { defineEndpoint, noQuery } from '../define-endpoint.ts';
import { execute } from '../execute.ts';
import { opaqueToken, password } from '../fields.ts';

/** POST /auth/password/reset: the new password. Ends every session and makes none. */
export const resetPassword = defineEndpoint({
  summary: 'Set a new password',
  query: noQuery,
  body: z.strictObject({ resetToken: opaqueToken, password }),
  replies: { 204: { description: 'Set; sign in with it' } },
  errors: ['token_expired', 'password_too_short', 'password_too_long', 'password_too_similar', 'password_breached', 'overloaded'],
  async handle(call, { body }) {
    await execute(call, commands.resetPassword, { input: body });
    return { status: 204 };
  },
});
