import { z } from 'zod';
import { recipientOf } from '../identity/index.ts';
import { defineNotice } from './notice.ts';

/** Tells a person, customer or staff, of a sign-in from a device that had not signed in to the account before. */
export const onLoginSucceeded = defineNotice({
  queue: 'notifications.on-login-succeeded',
  events: ['identity.login.succeeded'],
  payload: z.object({ userId: z.uuid().nullable(), sessionId: z.uuid().nullish(), isNewDevice: z.boolean().default(false) }),
  async plan({ payload: { userId, sessionId, isNewDevice } }, deps) {
    if (!userId || !isNewDevice) return null;
    const recipient = await recipientOf(deps, { userId });
    if (!recipient) return null;
    const facts = { recipient: { userId }, ...(sessionId ? { sessionId } : {}) };
    return { template: recipient.kind === 'staff' ? 'staff_new_device' : 'new_device', facts };
  },
});
