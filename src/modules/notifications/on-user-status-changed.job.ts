import { z } from 'zod';
import { defineNotice } from './notice.ts';

/** Tells a person that the account was suspended or is active again. */
export const onUserStatusChanged = defineNotice({
  queue: 'notifications.on-user-status-changed',
  events: ['identity.user.suspended', 'identity.user.reactivated', 'identity.user.reopened'],
  payload: z.object({ userId: z.uuid(), reasonCode: z.string().max(60).nullish() }),
  plan({ name, payload: { userId, reasonCode } }) {
    if (name !== 'identity.user.suspended') return { template: 'account_reactivated', facts: { recipient: { userId } } };
    return { template: 'account_suspended', facts: { recipient: { userId }, ...(reasonCode ? { reasonCode } : {}) } };
  },
});
