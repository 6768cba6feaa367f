import { fail } from '../../foundation/errors/app-error.ts';
import { queries } from '../../modules/support/index.ts';
import { defineEndpoint, noBody, noQuery } from '../define-endpoint.ts';
import { userIdOf } from '../execute.ts';
import { contactChange } from '../shapes.ts';

/** GET /account/contact-change: the last one, whatever became of it. */
export const readContactChange = defineEndpoint({
  summary: 'Read the own contact change',
  query: noQuery,
  body: noBody,
  replies: { 200: { description: 'The last contact change', schema: contactChange } },
  errors: ['not_found'],
  async handle(call) {
    const change = (await queries.readContactChange(call.deps, userIdOf(call))) ?? fail('not_found');
    const { requestId, status, newContact, flowId, expiresAt } = change;
    return { status: 200, body: { requestId, status, newContact, flowId, expiresAt } };
  },
});
