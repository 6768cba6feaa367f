import { commands } from '../../modules/identity/index.ts';
import { defineEndpoint, noBody, noQuery } from '../define-endpoint.ts';
import { execute } from '../execute.ts';

/** DELETE /account/identities/{id}: takes a linked account away, unless it is the last way in. */
export const unlinkIdentity = defineEndpoint({
  summary: 'Unlink an account',
  query: noQuery,
  body: noBody,
  replies: { 204: { description: 'Unlinked' } },
  errors: ['reauth_required', 'account_frozen', 'not_found', 'last_credential'],
  async handle(call) {
    await execute(call, commands.unlinkIdentity, { input: { id: call.params.id } });
    return { status: 204 };
  },
});
