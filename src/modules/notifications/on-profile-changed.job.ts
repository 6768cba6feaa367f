import { z } from 'zod';
import { defineNotice } from './notice.ts';

/** Tells the owner which fields staff changed; what people change themselves they know. */
export const onProfileChanged = defineNotice({
  queue: 'notifications.on-profile-changed',
  events: ['identity.user.profile_changed'],
  payload: z.object({ userId: z.uuid(), fields: z.array(z.string().max(60)).max(40), actorType: z.string() }),
  plan({ payload: { userId, fields, actorType } }) {
    if (actorType !== 'staff' || fields.length === 0) return null;
    return { template: 'profile_edited_by_staff', facts: { recipient: { userId }, fields } };
  },
});
