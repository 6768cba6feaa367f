import { queries } from '../../modules/identity/index.ts';
import { defineEndpoint, noBody, noQuery } from '../define-endpoint.ts';
import { userIdOf } from '../execute.ts';
import { mfaState } from '../shapes.ts';

/** GET /account/mfa: which second factors are enrolled. */
export const readMfa = defineEndpoint({
  summary: 'Read the own second factors',
  query: noQuery,
  body: noBody,
  replies: { 200: { description: 'Second factors', schema: mfaState } },
  async handle(call) {
    return { status: 200, body: await queries.readMfa(call.deps, userIdOf(call)) };
  },
});
