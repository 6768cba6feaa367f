import { z } from 'zod';
import { defineNotice } from './notice.ts';

/** Sends what a forgotten password needs: link and code by mail, code by SMS, or the hint that Google is the way in. */
export const onPasswordResetRequested = defineNotice({
  queue: 'notifications.on-password-reset-requested',
  events: ['identity.password.reset_requested'],
  payload: z.object({
    flowId: z.uuid(),
    channel: z.enum(['email', 'sms']),
    sendNo: z.number().int().positive().default(1),
    /** Set instead of a live flow when the account has no password. */
    googleUserId: z.uuid().nullish(),
  }),
  plan({ payload: { flowId, channel, sendNo, googleUserId } }) {
    if (googleUserId) return { template: 'reset_use_google', facts: { recipient: { userId: googleUserId } } };
    return { template: channel === 'email' ? 'reset_link' : 'otp_reset', facts: { recipient: { flowId }, flowId, sendNo } };
  },
});
