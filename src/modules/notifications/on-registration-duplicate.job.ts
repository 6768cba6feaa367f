import { z } from 'zod';
import { defineNotice } from './notice.ts';

/** Tells the owner of a contact that someone tried to register it again. */
export const onRegistrationDuplicate = defineNotice({
  queue: 'notifications.on-registration-duplicate',
  events: ['identity.registration.duplicate_attempted'],
  payload: z.object({ userId: z.uuid() }),
  plan: ({ payload: { userId } }) => ({ template: 'already_have_account', facts: { recipient: { userId } } }),
});
