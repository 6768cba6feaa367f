import { z } from 'zod';
import { defineNotice } from './notice.ts';

const payload = z.object({ userId: z.uuid(), approvalId: z.uuid() });
const changed = 'identity.contact.changed';
const undone = 'identity.contact.undone';

/** Tells the contact that the account has now that it came, or that it is back. */
export const onContactChanged = defineNotice({
  queue: 'notifications.on-contact-changed',
  events: [changed, undone],
  payload,
  plan: ({ name, payload: { userId, approvalId } }) => ({
    template: name === changed ? 'contact_changed_new' : 'contact_change_undone',
    facts: { recipient: { userId }, approvalId },
  }),
});

/** Tells the contact that the account lost; after a change with the link that takes it back. */
export const onContactLeft = defineNotice({
  queue: 'notifications.on-contact-left',
  events: [changed, undone],
  payload,
  plan: ({ name, payload: { approvalId } }) => ({
    template: name === changed ? 'contact_changed_old' : 'contact_change_undone',
    facts: { recipient: { approvalId, leftBy: name === changed ? 'change' : 'undo' }, approvalId },
  }),
});
