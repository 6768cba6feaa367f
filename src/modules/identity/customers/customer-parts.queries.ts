import type { QueryDeps } from '../query-deps.ts';
import { type CustomerRow, customerRow } from './customer-shapes.ts';

/** Wrong tries of the last 24 hours are counted up to here; more are "1,000 or more". */
export const mostTries = 1_000;

/**
 * The person and the small lists around them in one statement, so that the page stays within its twelve: what stands in the way of
 * signing in, store or shopper, address book without what is encrypted, consents, passkeys, devices, recent wrong tries, and the caller
 * check of the colleague who looks. Null for an id that nobody has.
 */
export async function customerParts({ database, clock }: QueryDeps, userId: string, staffId: string | null): Promise<CustomerRow | null> {
  const now = clock.now();
  const [row] = await database.prisma.$queryRaw<{ parts: unknown }[]>`
    SELECT jsonb_build_object(
      'person', jsonb_build_object('id', u.id, 'memberId', u.member_id, 'kind', u.kind, 'displayName', u.display_name,
        'firstName', u.first_name, 'lastName', u.last_name, 'status', u.status, 'statusReasonCode', u.status_reason_code,
        'statusReason', u.status_reason, 'statusChangedAt', u.status_changed_at, 'authMethod', u.auth_method,
        'emailMasked', u.email_masked, 'phoneMasked', u.phone_masked, 'verifiedAt', u.identifier_verified_at,
        'verifiedHow', u.verified_how, 'bio', u.bio, 'countryCode', u.country_code, 'state', u.state, 'city', u.city,
        'hasAddress', u.address_enc IS NOT NULL, 'language', u.language, 'timezone', u.timezone, 'createdAt', u.created_at,
        'lastLoginAt', u.last_login_at, 'loginCount', u.login_count, 'version', u.version, 'riskScore', u.risk_score),
      'lock', jsonb_build_object(
        'hasPassword', EXISTS (SELECT 1 FROM identity.credential c WHERE c.user_id = u.id AND c.password_hash IS NOT NULL),
        'hasTotp', EXISTS (SELECT 1 FROM identity.totp t WHERE t.user_id = u.id AND t.confirmed_at IS NOT NULL),
        'recoveryCodesLeft', (SELECT count(*) FROM identity.recovery_code r WHERE r.user_id = u.id AND r.used_at IS NULL),
        'isPasswordDisabled', u.password_disabled, 'lockedUntil', u.locked_until, 'lockLevel', u.lock_level,
        'failedConsecutive', u.failed_consecutive, 'frozenUntil', u.frozen_until),
      'holds', jsonb_build_object('isOnLegalHold', u.legal_hold, 'isProcessingRestricted', u.processing_restricted,
        'payoutHoldUntil', u.payout_hold_until),
      'objectedPurposes', to_jsonb(u.objected_purposes),
      'client', (SELECT jsonb_build_object('id', c.id, 'version', c.version, 'preferredSize', c.preferred_size, 'loyaltyTier', c.loyalty_tier,
        'totalOrders', c.total_orders, 'lastActiveAt', c.last_active_at, 'emailNotifications', c.email_notifications,
        'smsNotifications', c.sms_notifications, 'hasShippingAddress', c.default_address_enc IS NOT NULL)
         FROM identity.client c WHERE c.user_id = u.id),
      'addresses', (SELECT COALESCE(jsonb_agg(jsonb_build_object('id', a.id, 'version', a.version, 'label', a.label, 'phoneMasked', a.phone_masked,
        'city', a.city, 'state', a.state, 'countryCode', a.country_code, 'postalCode', a.postal_code, 'isDefault', a.is_default)
        ORDER BY a.is_default DESC, a.created_at), '[]')
         FROM identity.client_address a JOIN identity.client c ON c.id = a.client_id WHERE c.user_id = u.id),
      'vendor', (SELECT jsonb_build_object('id', v.id, 'storeName', v.store_name, 'storeSlug', v.store_slug, 'status', v.status,
        'businessType', v.business_type, 'subscriptionTier', v.subscription_tier, 'submittedAt', v.submitted_at,
        'verifiedAt', v.verified_at, 'orderMode', s.order_mode, 'notifyOrders', s.notify_orders, 'notifyReviews', s.notify_reviews)
         FROM identity.vendor v LEFT JOIN identity.vendor_settings s ON s.vendor_id = v.id WHERE v.user_id = u.id),
      'consents', (SELECT COALESCE(jsonb_agg(to_jsonb(k) ORDER BY k.at DESC), '[]') FROM (
        SELECT purpose, version, granted, at FROM identity.consent WHERE user_id = u.id ORDER BY at DESC, id DESC LIMIT 50) k),
      'passkeys', (SELECT COALESCE(jsonb_agg(jsonb_build_object('id', p.id, 'name', p.name, 'aaguid', p.aaguid, 'createdAt', p.created_at,
        'lastUsedAt', p.last_used_at) ORDER BY p.created_at DESC), '[]') FROM identity.passkey p WHERE p.user_id = u.id),
      'devices', (SELECT COALESCE(jsonb_agg(jsonb_build_object('id', d.id, 'label', d.device_name, 'country', d.country_code,
        'lastSeenAt', d.last_seen_at, 'trustedUntil', CASE WHEN d.mfa_trusted_until > ${now}::timestamptz THEN d.mfa_trusted_until END)
        ORDER BY d.last_seen_at DESC), '[]') FROM (
        SELECT * FROM identity.known_device WHERE user_id = u.id ORDER BY last_seen_at DESC LIMIT 10) d),
      'tries', (SELECT jsonb_build_object('failed', count(*), 'strangers', count(*) FILTER (WHERE NOT t.is_known),
        'networks', count(DISTINCT t.ip), 'firstAt', min(t.at), 'lastAt', max(t.at)) FROM (
        SELECT at, ip, COALESCE(rule_trace @> '[{"rule": "known_device"}]', false) AS is_known FROM identity.login_event
         WHERE user_id = u.id AND at > ${now}::timestamptz - interval '24 hours' AND outcome IN ('failed', 'blocked')
         ORDER BY at DESC LIMIT ${mostTries}) t),
      'check', (SELECT jsonb_build_object('items', k.items, 'until', k.expires_at) FROM identity.caller_check k
        WHERE k.user_id = u.id AND k.staff_user_id = ${staffId}::uuid AND k.expires_at > ${now}::timestamptz
        ORDER BY k.created_at DESC, k.id DESC LIMIT 1)) AS parts
      FROM identity."user" u WHERE u.id = ${userId}::uuid`;
  return row ? customerRow.parse(row.parts) : null;
}
