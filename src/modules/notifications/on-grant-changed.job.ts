import { z } from 'zod';
import { defineNotice } from './notice.ts';

const changes: Record<string, 'added' | 'revoked' | 'expired'> = {
  'identity.grant.added': 'added',
  'identity.grant.revoked': 'revoked',
  'identity.grant.expired': 'expired',
  'identity.grant.unconfirmed': 'expired',
};

/** Tells staff that a role came or went. */
export const onGrantChanged = defineNotice({
  queue: 'notifications.on-grant-changed',
  events: Object.keys(changes),
  payload: z.object({ userId: z.uuid(), role: z.string().max(60) }),
  plan({ name, payload: { userId, role } }) {
    const change = changes[name];
    return change ? { template: 'staff_grant_changed', facts: { recipient: { userId }, role, change } } : null;
  },
});
