import { z } from 'zod';
import { defineNotice } from './notice.ts';

/** Tells staff that their access ended. */
export const onStaffDisabled = defineNotice({
  queue: 'notifications.on-staff-disabled',
  events: ['identity.staff.disabled'],
  payload: z.object({ userId: z.uuid() }),
  plan: ({ payload: { userId } }) => ({ template: 'staff_disabled', facts: { recipient: { userId } } }),
});
