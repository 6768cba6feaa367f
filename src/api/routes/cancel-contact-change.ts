import { customerCommands } from '../../modules/support/index.ts';
import { defineEndpoint, noBody, noQuery } from '../define-endpoint.ts';
import { execute } from '../execute.ts';

/** DELETE /account/contact-change: called off until it is effective. */
export const cancelContactChange = defineEndpoint({
  summary: 'Call the own contact change off',
  query: noQuery,
  body: noBody,
  replies: { 204: { description: 'Called off' } },
  errors: ['not_found'],
  async handle(call) {
    await execute(call, customerCommands.cancelContactChange, { input: {} });
    return { status: 204 };
  },
});
