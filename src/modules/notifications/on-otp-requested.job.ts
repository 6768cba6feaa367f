import { z } from 'zod';
import { defineNotice } from './notice.ts';
import type { TemplateId } from './templates/variables.ts';

const codePayload = z.object({
  flowId: z.uuid(),
  purpose: z.enum(['register', 'login', 'reset', 'contact_change', 'step_up', 'link']),
  channel: z.enum(['email', 'sms']),
  sendNo: z.number().int().positive(),
});

/** Sends the code of a flow: the first of a sign-in, or the next of any flow after a resend. */
export const onOtpRequested = defineNotice({
  queue: 'notifications.on-otp-requested',
  events: ['identity.otp.requested'],
  payload: codePayload,
  plan: ({ payload }) => ({
    template: templateOf(payload),
    facts: { recipient: { flowId: payload.flowId }, flowId: payload.flowId, sendNo: payload.sendNo },
  }),
});

function templateOf({ purpose, channel }: z.infer<typeof codePayload>): TemplateId {
  switch (purpose) {
    case 'register':
      return 'otp_register';
    case 'login':
      return 'otp_login';
    case 'reset':
      return channel === 'email' ? 'reset_link' : 'otp_reset';
    case 'contact_change':
      return 'otp_contact_change';
    case 'step_up':
      return 'otp_reauth';
    case 'link':
      return 'otp_link';
    default:
      return purpose satisfies never;
  }
}
