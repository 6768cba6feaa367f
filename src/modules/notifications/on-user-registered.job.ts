import { z } from 'zod';
import { defineNotice } from './notice.ts';

/** Welcomes a new client or vendor. Staff are welcomed by their invitation. */
export const onUserRegistered = defineNotice({
  queue: 'notifications.on-user-registered',
  events: ['identity.user.registered'],
  payload: z.object({ userId: z.uuid(), kind: z.enum(['client', 'vendor', 'staff']) }),
  plan({ payload: { userId, kind } }) {
    if (kind === 'staff') return null;
    return { template: kind === 'vendor' ? 'welcome_vendor' : 'welcome_client', facts: { recipient: { userId } } };
  },
});
