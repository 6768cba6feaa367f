import { z } from 'zod';
import { commands } from '../../modules/identity/index.ts';
import { defineEndpoint, noQuery } from '../define-endpoint.ts';
import { execute } from '../execute.ts';
import { password } from '../fields.ts';

/** POST /account/password: the first password of an account that was made with Google. */
export const setFirstPassword = defineEndpoint({
  summary: 'Set the first password',
  query: noQuery,
  body: z.strictObject({ password }),
  replies: { 204: { description: 'Set' } },
  errors: [
    'reauth_required',
    'account_frozen',
    'password_exists',
    'password_too_short',
    'password_too_long',
    'password_too_similar',
    'password_breached',
    'overloaded',
  ],
  async handle(call, { body }) {
    await execute(call, commands.setFirstPassword, { input: body });
    return { status: 204 };
  },
});
