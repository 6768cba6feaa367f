import { z } from 'zod';
import { defineNotice } from './notice.ts';

/** Tells the owner which session made room for a new one; other ways to end a session have their own notices or none. */
export const onSessionRevoked = defineNotice({
  queue: 'notifications.on-session-revoked',
  events: ['identity.session.revoked'],
  payload: z.object({ userId: z.uuid(), sessionIds: z.array(z.uuid()).default([]), reason: z.string() }),
  plan({ payload: { userId, sessionIds, reason } }) {
    const [sessionId] = sessionIds;
    if (reason !== 'evicted' || !sessionId) return null;
    return { template: 'session_evicted', facts: { recipient: { userId }, sessionId } };
  },
});
