import { z } from 'zod';
import { defineNotice } from './notice.ts';
import type { TemplateId } from './templates/variables.ts';

const templates: Record<string, TemplateId> = {
  'identity.mfa.enabled': 'mfa_enabled',
  'identity.mfa.disabled': 'mfa_disabled',
  'identity.mfa.reset': 'mfa_reset',
  'identity.recovery_codes.regenerated': 'recovery_codes_regenerated',
};

/** Tells the owner that a second factor came, went or was removed by staff, or that its recovery codes are new. */
export const onMfaChanged = defineNotice({
  queue: 'notifications.on-mfa-changed',
  events: Object.keys(templates),
  payload: z.object({ userId: z.uuid(), factor: z.string().max(60).default('totp') }),
  plan({ name, payload: { userId, factor } }) {
    const template = templates[name];
    return template ? { template, facts: { recipient: { userId }, factor } } : null;
  },
});
