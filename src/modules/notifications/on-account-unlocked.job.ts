import { z } from 'zod';
import { defineNotice } from './notice.ts';

/** Tells the owner that staff lifted the pause. */
export const onAccountUnlocked = defineNotice({
  queue: 'notifications.on-account-unlocked',
  events: ['identity.account.unlocked'],
  payload: z.object({ userId: z.uuid() }),
  plan: ({ payload: { userId } }) => ({ template: 'account_unlocked', facts: { recipient: { userId } } }),
});
