import { z } from 'zod';
import { defineNotice } from './notice.ts';

/** Tells the owner that an account of a provider came or went as a way to sign in. */
export const onIdentityChanged = defineNotice({
  queue: 'notifications.on-identity-changed',
  events: ['identity.identity.linked', 'identity.identity.unlinked'],
  payload: z.object({ userId: z.uuid(), provider: z.enum(['google', 'facebook']) }),
  plan: ({ name, payload: { userId, provider } }) => ({
    template: name === 'identity.identity.linked' ? 'provider_linked' : 'provider_unlinked',
    facts: { recipient: { userId }, provider },
  }),
});
