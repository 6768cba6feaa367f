import { z } from 'zod';
import { translate } from '../../foundation/i18n/translate.ts';
import { customerCommands, queries } from '../../modules/support/index.ts';
import { defineEndpoint, noBody, noQuery } from '../define-endpoint.ts';
import { execute, replayHeaders, userIdOf } from '../execute.ts';
import { erasure } from '../shapes.ts';

/** POST /account/erase: asks for the own account to be erased after the grace, if two members of staff agree. */
export const requestErasure = defineEndpoint({
  summary: 'Ask for the own account to be erased',
  query: noQuery,
  body: z.strictObject({ confirm: z.literal('ERASE') }),
  replies: {
    202: {
      description: 'Scheduled',
      schema: z.strictObject({
        message: z.string(),
        requestId: z.uuid(),
        status: z.literal('scheduled'),
        effectiveAt: z.iso.datetime(),
      }),
    },
  },
  errors: ['reauth_required', 'erase_in_progress', 'erase_blocked'],
  async handle(call) {
    const result = await execute(call, customerCommands.requestErasure, { input: {} });
    const { requestId, effectiveAt } = result.output;
    const body = { message: translate(call.locale, 'message.erase_scheduled'), requestId, status: 'scheduled', effectiveAt };
    return { status: 202, headers: replayHeaders(result), body };
  },
});

/** GET /account/erase: the open request, if there is one. */
export const readErasure = defineEndpoint({
  summary: 'Read the open erasure of the own account',
  query: noQuery,
  body: noBody,
  replies: { 200: { description: 'The open request', schema: erasure } },
  errors: ['not_found'],
  handle: async (call) => ({ status: 200, body: await queries.readErasure(call.deps, userIdOf(call)) }),
});

/** DELETE /account/erase: calls it off, until it is carried out. */
export const withdrawErasure = defineEndpoint({
  summary: 'Call off the erasure of the own account',
  query: noQuery,
  body: noBody,
  replies: { 204: { description: 'Called off' } },
  errors: ['not_found'],
  async handle(call) {
    await execute(call, customerCommands.withdrawErasure, { input: {} });
    return { status: 204 };
  },
});
