import { z } from 'zod';
import { defineNotice } from './notice.ts';

/** Tells the owner that strangers' devices must wait. */
export const onAccountLocked = defineNotice({
  queue: 'notifications.on-account-locked',
  events: ['identity.account.locked'],
  payload: z.object({ userId: z.uuid(), until: z.iso.datetime().nullish() }),
  plan: ({ payload: { userId, until } }) => ({ template: 'account_locked', facts: { recipient: { userId }, ...(until ? { until } : {}) } }),
});
