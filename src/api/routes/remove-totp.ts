import { commands } from '../../modules/identity/index.ts';
import { defineEndpoint, noBody, noQuery } from '../define-endpoint.ts';
import { execute } from '../execute.ts';

/** DELETE /account/mfa/totp. */
export const removeTotp = defineEndpoint({
  summary: 'Remove the authenticator',
  query: noQuery,
  body: noBody,
  replies: { 204: { description: 'Removed' } },
  errors: ['reauth_required', 'not_found'],
  async handle(call) {
    await execute(call, commands.removeTotp, { input: {} });
    return { status: 204 };
  },
});
