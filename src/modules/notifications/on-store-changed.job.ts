import { z } from 'zod';
import { storeNotice } from '../identity/index.ts';
import { defineNotice } from './notice.ts';
import type { TemplateId } from './templates/variables.ts';

const templates: Readonly<Record<string, TemplateId>> = {
  'identity.vendor.changes_requested': 'vendor_changes_requested',
  'identity.vendor.approved': 'vendor_approved',
  'identity.vendor.rejected': 'vendor_rejected',
  // An accepted appeal puts the store back to the reviewers, which is what this message says.
  'identity.vendor.appealed': 'vendor_submitted',
  'identity.vendor.suspended': 'vendor_suspended',
  'identity.vendor.reactivated': 'vendor_reactivated',
  'identity.vendor.closed': 'vendor_closed',
};

/** Tells the owner of a store of each decision about it, in the words of the reviewer. */
export const onStoreChanged = defineNotice({
  queue: 'notifications.on-store-changed',
  events: Object.keys(templates),
  payload: z.object({ vendorId: z.uuid(), caseId: z.uuid().nullish() }),
  async plan({ name, payload: { vendorId, caseId } }, deps) {
    const template = templates[name];
    const vendor = template && (await storeNotice(deps, vendorId));
    if (!template || !vendor) return null;
    return { template, facts: { recipient: { userId: vendor.userId }, vendorId, ...(caseId ? { caseId } : {}) } };
  },
});
