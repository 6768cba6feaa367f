import { z } from 'zod';
import { translate } from '../../foundation/i18n/translate.ts';
import { commands } from '../../modules/identity/index.ts';
import { defineEndpoint, noBody, noQuery } from '../define-endpoint.ts';
import { execute } from '../execute.ts';

/** DELETE /account/sessions: all but the one that asks. */
export const revokeOtherSessions = defineEndpoint({
  summary: 'End all other sessions',
  query: noQuery,
  body: noBody,
  replies: { 200: { description: 'How many ended', schema: z.strictObject({ message: z.string(), ended: z.int() }) } },
  async handle(call) {
    const { output } = await execute(call, commands.revokeOtherSessions, { input: {} });
    return { status: 200, body: { message: translate(call.locale, 'message.sessions_ended'), ended: output.ended } };
  },
});
