import { fail } from '../../foundation/errors/app-error.ts';
import { uuidPattern } from '../../foundation/runtime/new-id.ts';
import { commands } from '../../modules/identity/index.ts';
import { defineEndpoint, noBody, noQuery } from '../define-endpoint.ts';
import { execute } from '../execute.ts';

/** DELETE /account/sessions/{id}: one of the caller's own; another person's is 404. */
export const revokeSession = defineEndpoint({
  summary: 'End one of the own sessions',
  query: noQuery,
  body: noBody,
  replies: { 204: { description: 'Ended' } },
  errors: ['not_found'],
  async handle(call) {
    const sessionId = (call.params.id ?? '').toLowerCase();
    if (!uuidPattern.test(sessionId)) fail('not_found');
    await execute(call, commands.revokeSession, { input: { sessionId } });
    return { status: 204 };
  },
});
