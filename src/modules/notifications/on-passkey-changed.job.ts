import { z } from 'zod';
import { defineNotice } from './notice.ts';

/** Tells the owner that a passkey came or went. */
export const onPasskeyChanged = defineNotice({
  queue: 'notifications.on-passkey-changed',
  events: ['identity.passkey.added', 'identity.passkey.removed'],
  payload: z.object({ userId: z.uuid() }),
  plan: ({ name, payload: { userId } }) => ({
    template: name === 'identity.passkey.added' ? 'passkey_added' : 'passkey_removed',
    facts: { recipient: { userId }, factor: 'passkey' },
  }),
});
