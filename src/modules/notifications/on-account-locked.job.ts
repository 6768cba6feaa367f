import { z } from 'zod';
import { defineNotice } from './notice.ts';

const quietSeconds = 3600;

/** Tells the owner that strangers' devices must wait; once an hour however long someone keeps trying. */
export const onAccountLocked = defineNotice({
  queue: 'notifications.on-account-locked',
  events: ['identity.account.locked'],
  payload: z.object({ userId: z.uuid(), until: z.iso.datetime().nullish() }),
  plan: ({ payload: { userId, until } }) => ({
    template: 'account_locked',
    facts: { recipient: { userId }, ...(until ? { until } : {}) },
    quietSeconds,
  }),
});
