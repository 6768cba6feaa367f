import { z } from 'zod';
import { defineNotice } from './notice.ts';
import type { TemplateId } from './templates/variables.ts';

const payload = z.object({ userId: z.uuid(), kind: z.string(), effectiveAt: z.iso.datetime().nullish() });

/** Tells a person how their request about their data goes on; the receipt of an erasure goes out before the contact is destroyed. */
export const onPrivacyChanged = defineNotice({
  queue: 'notifications.on-privacy-changed',
  events: ['support.privacy.*'],
  payload,
  plan({ name, payload: { userId, kind, effectiveAt } }) {
    const template = templateOf(`${kind} ${name}`);
    return template && { template, facts: { recipient: { userId }, ...(effectiveAt ? { until: effectiveAt } : {}) } };
  },
});

function templateOf(step: string): TemplateId | null {
  switch (step) {
    case 'export support.privacy.completed':
      return 'privacy_export_ready';
    case 'erase support.privacy.received':
      return 'privacy_erase_scheduled';
    case 'erase support.privacy.withdrawn':
      return 'erase_cancelled';
    case 'erase support.privacy.processing':
      return 'privacy_completed';
    case 'erase support.privacy.refused':
      return 'privacy_refused';
    default:
      return null;
  }
}
