import { z } from 'zod';
import { translate } from '../../foundation/i18n/translate.ts';
import { customerCommands } from '../../modules/support/index.ts';
import { defineEndpoint, noQuery } from '../define-endpoint.ts';
import { execute } from '../execute.ts';
import { opaqueToken } from '../fields.ts';
import { openedCase } from '../shapes.ts';

/** POST /auth/contact-change/undo: with the token of the message to the old contact, 72 hours, once. */
export const undoContactChange = defineEndpoint({
  summary: 'Take a contact change back',
  query: noQuery,
  body: z.strictObject({ token: opaqueToken }),
  replies: { 200: { description: 'The old contact is back and a case is open', schema: openedCase } },
  errors: ['token_expired'],
  async handle(call, { body }) {
    const { output } = await execute(call, customerCommands.undoContactChange, { input: body });
    return { status: 200, body: { message: translate(call.locale, 'message.contact_change_undone'), caseId: output.caseId } };
  },
});
