import { z } from 'zod';
import { translate } from '../../foundation/i18n/translate.ts';
import { customerCommands } from '../../modules/support/index.ts';
import { defineEndpoint, noQuery } from '../define-endpoint.ts';
import { execute } from '../execute.ts';
import { code, flowId } from '../fields.ts';
import { contactChangeDone } from '../shapes.ts';

/** POST /account/contact-change/verify: effective at once; every session ends, the caller's too. */
export const verifyContactChange = defineEndpoint({
  summary: 'Prove the new contact',
  query: noQuery,
  body: z.strictObject({ flowId, code }),
  replies: { 200: { description: 'The contact has changed', schema: contactChangeDone } },
  errors: ['reauth_required', 'account_frozen', 'otp_malformed', 'otp_invalid', 'otp_expired', 'otp_exhausted', 'flow_expired'],
  async handle(call, { body }) {
    const { output } = await execute(call, customerCommands.verifyContactChange, { input: body });
    const { requestId, status } = output;
    return { status: 200, body: { message: translate(call.locale, 'message.contact_change_executed'), requestId, status } };
  },
});
