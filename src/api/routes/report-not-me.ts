import { z } from 'zod';
import { translate } from '../../foundation/i18n/translate.ts';
import { commands } from '../../modules/identity/index.ts';
import { defineEndpoint, noQuery } from '../define-endpoint.ts';
import { execute } from '../execute.ts';
import { opaqueToken } from '../fields.ts';
import { openedCase } from '../shapes.ts';

/** POST /auth/not-me: the owner disowns what a notice told of. */
export const reportNotMe = defineEndpoint({
  summary: 'Say that it was not you',
  query: noQuery,
  body: z.strictObject({ token: opaqueToken }),
  replies: { 200: { description: 'The account is closed to strangers; a case is open', schema: openedCase } },
  errors: ['token_expired'],
  async handle(call, { body }) {
    const { output } = await execute(call, commands.reportNotMe, { input: body });
    return { status: 200, body: { message: translate(call.locale, 'message.not_me_done'), caseId: output.caseId } };
  },
});
