/** What receivers may subscribe to: the events marked W in product.md section 8. Their payloads hold ids, codes and times only. */
export const webhookEvents = [
  'identity.user.registered',
  'identity.user.profile_changed',
  'identity.user.suspended',
  'identity.user.reactivated',
  'identity.user.closed',
  'identity.user.reopened',
  'identity.user.erased',
  'identity.session.revoked',
  'identity.contact.changed',
  'identity.contact.undone',
  'identity.vendor.changes_requested',
  'identity.vendor.approved',
  'identity.vendor.rejected',
  'identity.vendor.appealed',
  'identity.vendor.suspended',
  'identity.vendor.reactivated',
  'identity.vendor.closed',
  'catalog.product.published',
  'catalog.product.changes_requested',
  'catalog.product.rejected',
  'catalog.product.suspended',
  'catalog.product.archived',
  'catalog.product.withdrawn',
  'catalog.product.deleted',
] as const;

/** Staff asked for a trial call of one endpoint; receivers know it as `webhook.test`. Payload: endpointId. */
export const webhookTested = 'notifications.webhook.tested';

/** Staff asked for another call. Payload: attemptId. */
export const webhookRequested = 'notifications.webhook.requested';

/** Calls failed for a day, or the receiver said that it is gone. Payload: endpointId, because. */
export const webhookPaused = 'notifications.webhook.paused';

/** The `type` in the body. */
export function typeOf(eventName: string): string {
  return eventName === webhookTested ? 'webhook.test' : eventName;
}
