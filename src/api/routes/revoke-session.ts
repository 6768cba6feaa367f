import { commands } from '../../modules/identity/index.ts';
import { defineEndpoint, noBody, noQuery } from '../define-endpoint.ts';
import { execute } from '../execute.ts';
import { pathId } from '../path-id.ts';

/** DELETE /account/sessions/{id}: one of the caller's own; another person's is 404. */
export const revokeSession = defineEndpoint({
  summary: 'End one of the own sessions',
  query: noQuery,
  body: noBody,
  replies: { 204: { description: 'Ended' } },
  errors: ['not_found'],
  async handle(call) {
    await execute(call, commands.revokeSession, { input: { sessionId: pathId(call) } });
    return { status: 204 };
  },
});
