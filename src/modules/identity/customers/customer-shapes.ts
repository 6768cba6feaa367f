import { z } from 'zod';

const at = z.coerce.date();
const maybeAt = at.nullable();
const maybe = z.string().nullable();

/** The person's own row, contacts masked; times come as text from the statement that gathers the page. */
const person = z.object({
  id: z.uuid(),
  memberId: z.string(),
  kind: z.enum(['client', 'vendor', 'staff']),
  displayName: maybe,
  firstName: maybe,
  lastName: maybe,
  status: z.enum(['active', 'suspended', 'closed', 'erased']),
  statusReasonCode: maybe,
  statusReason: maybe,
  statusChangedAt: maybeAt,
  authMethod: z.enum(['email', 'phone', 'google']),
  emailMasked: maybe,
  phoneMasked: maybe,
  verifiedAt: maybeAt,
  verifiedHow: z.enum(['otp', 'google', 'manual', 'invite']).nullable(),
  bio: maybe,
  countryCode: maybe,
  state: maybe,
  city: maybe,
  hasAddress: z.boolean(),
  language: z.string(),
  timezone: z.string(),
  createdAt: at,
  lastLoginAt: maybeAt,
  loginCount: z.number(),
  version: z.number(),
  riskScore: z.number(),
});

/** What stands between the person and the account. */
const lock = z.object({
  hasPassword: z.boolean(),
  hasTotp: z.boolean(),
  recoveryCodesLeft: z.number(),
  isPasswordDisabled: z.boolean(),
  lockedUntil: maybeAt,
  lockLevel: z.number(),
  failedConsecutive: z.number(),
  frozenUntil: maybeAt,
});

const holds = z.object({ isOnLegalHold: z.boolean(), isProcessingRestricted: z.boolean(), payoutHoldUntil: maybeAt });

const client = z.object({
  id: z.uuid(),
  version: z.number(),
  preferredSize: maybe,
  loyaltyTier: z.string(),
  totalOrders: z.number(),
  lastActiveAt: maybeAt,
  emailNotifications: z.boolean(),
  smsNotifications: z.boolean(),
  hasShippingAddress: z.boolean(),
});

const address = z.object({
  id: z.uuid(),
  version: z.number(),
  label: z.string(),
  phoneMasked: maybe,
  city: z.string(),
  state: maybe,
  countryCode: z.string(),
  postalCode: maybe,
  isDefault: z.boolean(),
});

const vendor = z.object({
  id: z.uuid(),
  storeName: maybe,
  storeSlug: maybe,
  status: z.enum(['draft', 'submitted', 'in_review', 'changes_requested', 'approved', 'rejected', 'suspended', 'closed']),
  businessType: maybe,
  subscriptionTier: z.string(),
  submittedAt: maybeAt,
  verifiedAt: maybeAt,
  orderMode: maybe,
  notifyOrders: z.boolean().nullable(),
  notifyReviews: z.boolean().nullable(),
});

/** What one statement gathers about a customer. */
export const customerRow = z.object({
  person,
  lock,
  holds,
  objectedPurposes: z.array(z.string()),
  client: client.nullable(),
  addresses: z.array(address),
  vendor: vendor.nullable(),
  consents: z.array(z.object({ purpose: z.string(), version: z.string(), granted: z.boolean(), at })),
  passkeys: z.array(z.object({ id: z.uuid(), name: z.string(), aaguid: maybe, createdAt: at, lastUsedAt: maybeAt })),
  devices: z.array(z.object({ id: z.uuid(), label: maybe, country: maybe, lastSeenAt: at, trustedUntil: maybeAt })),
  tries: z.object({ failed: z.number(), strangers: z.number(), networks: z.number(), firstAt: maybeAt, lastAt: maybeAt }),
  check: z.object({ items: z.array(z.string()), until: at }).nullable(),
});

export type CustomerRow = z.infer<typeof customerRow>;
