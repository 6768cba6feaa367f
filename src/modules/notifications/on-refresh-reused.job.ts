import { z } from 'zod';
import { defineNotice } from './notice.ts';

/** Tells the owner that a used refresh token came again and its session was ended. */
export const onRefreshReused = defineNotice({
  queue: 'notifications.on-refresh-reused',
  events: ['identity.refresh.reused'],
  payload: z.object({ userId: z.uuid(), sessionId: z.uuid() }),
  plan: ({ payload: { userId, sessionId } }) => ({ template: 'session_family_revoked', facts: { recipient: { userId }, sessionId } }),
});
