import { z } from 'zod';
import { translate } from '../../foundation/i18n/translate.ts';
import { customerCommands } from '../../modules/support/index.ts';
import { defineEndpoint, noQuery } from '../define-endpoint.ts';
import { execute, replayHeaders } from '../execute.ts';
import { identifierFields } from '../fields.ts';
import { contactChangeAsked } from '../shapes.ts';

/** POST /account/contact-change: the same answer for a free and for a taken contact (auth-api.md 2.6, P1). */
export const requestContactChange = defineEndpoint({
  summary: 'Ask for another email or phone number',
  query: noQuery,
  body: z.strictObject({ ...identifierFields, reason: z.string().min(10).max(500) }),
  replies: { 202: { description: 'Asked; a member of our team decides', schema: contactChangeAsked } },
  errors: [
    ...['reauth_required', 'account_frozen', 'contact_change_open', 'identifier_exactly_one'],
    ...['email_invalid', 'phone_invalid', 'phone_unsupported'],
  ],
  async handle(call, { body }) {
    const result = await execute(call, customerCommands.requestOwnContactChange, { input: body });
    const { requestId, status, newContact, expiresAt } = result.output;
    const message = translate(call.locale, 'message.contact_change_requested');
    return { status: 202, headers: replayHeaders(result), body: { message, requestId, status, newContact, expiresAt } };
  },
});
