import { z } from 'zod';
import { defineNotice } from './notice.ts';

/** Sends the code, and by mail the link, of a new registration. */
export const onRegistrationStarted = defineNotice({
  queue: 'notifications.on-registration-started',
  events: ['identity.registration.started'],
  payload: z.object({ flowId: z.uuid(), sendNo: z.number().int().positive().default(1) }),
  plan: ({ payload: { flowId, sendNo } }) => ({ template: 'otp_register', facts: { recipient: { flowId }, flowId, sendNo } }),
});
