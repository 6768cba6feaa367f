import { z } from 'zod';
import { storeNotice } from '../identity/index.ts';
import { defineNotice } from './notice.ts';
import type { TemplateId } from './templates/variables.ts';

const templates: Readonly<Record<string, TemplateId>> = {
  'review.kyc.submitted': 'kyc_received',
  'review.kyc.approved': 'kyc_approved',
  'review.kyc.resubmit_requested': 'kyc_resubmit',
  'review.kyc.rejected': 'kyc_rejected',
};

/** Tells the owner of a store how it stands with the proofs of identity. */
export const onKycChanged = defineNotice({
  queue: 'notifications.on-kyc-changed',
  events: Object.keys(templates),
  payload: z.object({ vendorId: z.uuid(), caseId: z.uuid().nullish() }),
  async plan({ name, payload: { vendorId, caseId } }, deps) {
    const template = templates[name];
    const vendor = template && (await storeNotice(deps, vendorId));
    if (!template || !vendor) return null;
    return { template, facts: { recipient: { userId: vendor.userId }, vendorId, ...(caseId ? { caseId } : {}) } };
  },
});
