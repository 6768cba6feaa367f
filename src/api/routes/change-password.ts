import { z } from 'zod';
import { commands } from '../../modules/identity/index.ts';
import { defineEndpoint, noQuery } from '../define-endpoint.ts';
import { callerOf, execute } from '../execute.ts';
import { password } from '../fields.ts';

/** PUT /account/password: replaces the own password; every other session ends. */
export const changePassword = defineEndpoint({
  summary: 'Change the password',
  query: noQuery,
  body: z.strictObject({ currentPassword: password, newPassword: password }),
  rawFields: ['currentPassword'],
  replies: { 204: { description: 'Changed' } },
  errors: [
    'invalid_credentials',
    'reauth_required',
    'account_frozen',
    'password_disabled',
    'no_password',
    'password_too_short',
    'password_too_long',
    'password_too_similar',
    'password_breached',
    'password_unchanged',
    'rate_limited',
    'overloaded',
  ],
  async handle(call, { body }) {
    await execute(call, commands.changePassword, { input: { ...body, ...callerOf(call) } });
    return { status: 204 };
  },
});
