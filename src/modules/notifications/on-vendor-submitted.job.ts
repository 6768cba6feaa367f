import { z } from 'zod';
import { defineNotice } from './notice.ts';

/** Tells the owner that the store is with the reviewers. */
export const onVendorSubmitted = defineNotice({
  queue: 'notifications.on-vendor-submitted',
  events: ['identity.vendor.submitted'],
  payload: z.object({ userId: z.uuid() }),
  plan: ({ payload: { userId } }) => ({ template: 'vendor_submitted', facts: { recipient: { userId } } }),
});
