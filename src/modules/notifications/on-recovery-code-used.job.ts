import { z } from 'zod';
import { defineNotice } from './notice.ts';

/** Tells the owner that a recovery code was used and how many are left. */
export const onRecoveryCodeUsed = defineNotice({
  queue: 'notifications.on-recovery-code-used',
  events: ['identity.recovery_code.used'],
  payload: z.object({ userId: z.uuid(), sessionId: z.uuid().nullish() }),
  plan: ({ payload: { userId, sessionId } }) => ({
    template: 'recovery_code_used',
    facts: { recipient: { userId }, ...(sessionId ? { sessionId } : {}) },
  }),
});
