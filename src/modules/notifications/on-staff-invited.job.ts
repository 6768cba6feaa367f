import { z } from 'zod';
import { defineNotice } from './notice.ts';

/** Sends a staff invitation with its link. */
export const onStaffInvited = defineNotice({
  queue: 'notifications.on-staff-invited',
  events: ['identity.staff.invited'],
  payload: z.object({ inviteId: z.uuid() }),
  plan: ({ payload: { inviteId } }) => ({ template: 'staff_invite', facts: { recipient: { inviteId }, inviteId } }),
});
