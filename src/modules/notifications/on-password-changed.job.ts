import { z } from 'zod';
import { defineNotice } from './notice.ts';

/** Tells the owner that the password was changed or reset. */
export const onPasswordChanged = defineNotice({
  queue: 'notifications.on-password-changed',
  events: ['identity.password.changed', 'identity.password.reset'],
  payload: z.object({ userId: z.uuid() }),
  plan: ({ payload: { userId } }) => ({ template: 'password_changed', facts: { recipient: { userId } } }),
});
