import { z } from 'zod';
import { defineNotice } from './notice.ts';
import type { TemplateId } from './templates/variables.ts';

const payload = z.object({
  requestId: z.uuid().optional(),
  userId: z.uuid().optional(),
  kind: z.string(),
  effectiveAt: z.iso.datetime().nullish(),
});

/** Tells a person how their request about their data goes on; the receipt of an erasure goes out before the contact is destroyed. */
export const onPrivacyChanged = defineNotice({
  queue: 'notifications.on-privacy-changed',
  events: ['support.privacy.*'],
  payload,
  plan({ name, payload: { userId, kind, effectiveAt, requestId } }) {
    const template = templateOf(kind, name);
    // The alert of the clock is for staff and names no person.
    if (!template || !userId) return null;
    const facts = { recipient: { userId }, ...(effectiveAt ? { until: effectiveAt } : {}), ...(requestId ? { privacyId: requestId } : {}) };
    return { template, facts };
  },
});

function templateOf(kind: string, name: string): TemplateId | null {
  if (name === 'support.privacy.refused') return 'privacy_refused';
  if (name === 'support.privacy.extended') return 'privacy_extended';
  return kind === 'export' || kind === 'erase' ? ownTemplateOf(`${kind} ${name}`) : answerOf(name);
}

/** Requests that people make in their own account have messages of their own. */
function ownTemplateOf(step: string): TemplateId | null {
  switch (step) {
    case 'export support.privacy.completed':
      return 'privacy_export_ready';
    case 'erase support.privacy.received':
      return 'privacy_erase_scheduled';
    case 'erase support.privacy.withdrawn':
      return 'erase_cancelled';
    case 'erase support.privacy.processing':
      return 'privacy_completed';
    default:
      return null;
  }
}

function answerOf(name: string): TemplateId | null {
  if (name === 'support.privacy.received') return 'privacy_received';
  return name === 'support.privacy.completed' ? 'privacy_answered' : null;
}
