import { z } from 'zod';
import { clientSize } from '../modules/identity/index.ts';

/** Shapes that several endpoints answer with (auth-api.md sections 1.2 and 1.8). Used for openapi.json and by the contract tests. */

const instant = z.iso.datetime().meta({ description: 'ISO 8601, UTC' });
const seconds = z.int().nonnegative();
const id = z.uuid();
const opaque = z.string().max(512);

export const problem = z
  .object({
    type: z.string().meta({ example: 'urn:fashionistar:problem:rate_limited' }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().meta({ description: 'Permanent, snake_case; the contract' }),
    requestId: z.string(),
    errors: z.array(z.object({ path: z.string(), code: z.string(), message: z.string() })).optional(),
    flowId: z.string().optional(),
    retryAfter: seconds.optional(),
    methods: z.array(z.string()).optional(),
    alternatives: z.array(z.string()).optional(),
  })
  .meta({ id: 'Problem' });

export const pending = z
  .strictObject({
    message: z.string(),
    flowId: opaque,
    channel: z.enum(['email', 'sms']),
    destination: z.string().meta({ description: 'Masked from what the caller typed' }),
    expiresIn: seconds,
    resendIn: seconds,
  })
  .meta({ id: 'Pending' });

const acr = z.enum(['aal1', 'aal2']);

export const session = z
  .strictObject({ id, acr, amr: z.array(z.string()), authTime: instant, createdAt: instant, expiresAt: instant })
  .meta({ id: 'Session' });

const role = z.enum(['client', 'vendor']);
const vendorStatus = z.enum(['draft', 'submitted', 'in_review', 'changes_requested', 'approved', 'rejected', 'suspended', 'closed']);

export const signedInUser = z
  .strictObject({
    id,
    memberId: z.string(),
    role,
    authMethod: z.enum(['email', 'phone', 'google']),
    firstName: z.string().nullable(),
    lastName: z.string().nullable(),
    identifier: z.string().meta({ description: 'Masked' }),
    vendorStatus: vendorStatus.nullable(),
    dashboardEntrypoint: z.enum(['/dashboard/client', '/dashboard/vendor', '/onboarding']),
  })
  .meta({ id: 'SignedInUser' });

export const tokenSet = z
  .strictObject({
    message: z.string(),
    tokenType: z.literal('Bearer'),
    accessToken: z.string(),
    expiresIn: seconds,
    refreshToken: opaque.optional().meta({ description: 'Body mode only' }),
    refreshExpiresAt: instant,
    deviceToken: opaque.optional().meta({ description: 'Body mode only, when newly issued' }),
    created: z.boolean().optional().meta({ description: 'Google endpoints only: whether the account is new' }),
    session,
    user: signedInUser,
  })
  .meta({ id: 'TokenSet' });

/** What /auth/login adds for the client `public` while the legacy aliases are on (auth-api.md section 2.5). */
export const loginTokenSet = tokenSet
  .extend({ access: z.string().optional(), refresh: z.string().optional(), role: role.optional() })
  .meta({ id: 'LoginTokenSet' });

export const factorMethod = z.enum(['totp', 'passkey', 'recovery_code']);

export const mfaRequired = z
  .strictObject({
    message: z.string(),
    mfaRequired: z.literal(true),
    challengeId: opaque,
    methods: z.array(factorMethod),
    expiresIn: seconds,
  })
  .meta({ id: 'MfaRequired' });

export const account = z
  .strictObject({
    id,
    memberId: z.string(),
    role,
    authMethod: z.enum(['email', 'phone', 'google']),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    emailVerified: z.boolean(),
    phoneVerified: z.boolean(),
    firstName: z.string().nullable(),
    lastName: z.string().nullable(),
    avatarUrl: z.string().nullable(),
    bio: z.string().nullable(),
    countryCode: z.string().nullable(),
    state: z.string().nullable(),
    city: z.string().nullable(),
    address: z.string().nullable(),
    language: z.string(),
    timezone: z.string().nullable(),
    marketingConsent: z.boolean(),
    hasPassword: z.boolean(),
    mfa: z.strictObject({ totp: z.boolean(), passkeys: z.int(), recoveryCodesLeft: z.int() }),
    status: z.string(),
    frozenUntil: instant.nullable(),
    termsVersion: z.string().nullable(),
    createdAt: instant,
    lastSignInAt: instant.nullable(),
    version: z.int(),
  })
  .meta({ id: 'Account' });

export const accountSession = z
  .strictObject({
    id,
    current: z.boolean(),
    clientId: z.string().nullable(),
    deviceLabel: z.string().nullable(),
    browser: z.string().nullable(),
    os: z.string().nullable(),
    place: z.string().nullable(),
    ip: z.string().nullable().meta({ description: 'Masked' }),
    acr,
    createdAt: instant,
    lastSeenAt: instant,
    expiresAt: instant,
  })
  .meta({ id: 'AccountSession' });

export const mfaState = z
  .strictObject({
    totp: z.strictObject({ enabled: z.boolean(), enabledAt: instant.nullable() }),
    passkeys: z.int(),
    recoveryCodesLeft: z.int(),
    methods: z.array(factorMethod),
  })
  .meta({ id: 'MfaState' });

export const country = z
  .strictObject({
    id,
    iso2: z.string(),
    iso3: z.string(),
    name: z.string(),
    capital: z.string().nullable(),
    region: z.string().nullable(),
    currency: z.string().nullable(),
    callingCode: z.string().nullable(),
    flag: z.string().nullable(),
  })
  .meta({ id: 'Country' });

export const countryPage = z
  .strictObject({ items: z.array(country), page: z.int(), pageSize: z.int(), total: z.int() })
  .meta({ id: 'CountryPage' });

export const openedCase = z
  .strictObject({ message: z.string(), caseId: id.meta({ description: 'Our team has it under this id' }) })
  .meta({ id: 'OpenedCase' });

const contactChangeStatus = z.enum(['requested', 'awaiting_proof', 'denied', 'cancelled', 'expired', 'executed', 'undone']);
const maskedContact = z.string().meta({ description: 'Masked' });

export const contactChangeAsked = z
  .strictObject({ message: z.string(), requestId: id, status: z.literal('requested'), newContact: maskedContact, expiresAt: instant })
  .meta({ id: 'ContactChangeAsked' });

export const contactChange = z
  .strictObject({
    requestId: id,
    status: contactChangeStatus,
    newContact: maskedContact,
    flowId: opaque.nullable().meta({ description: 'Only while the code is waited for' }),
    expiresAt: instant,
  })
  .meta({ id: 'ContactChange' });

export const contactChangeDone = z
  .strictObject({ message: z.string(), requestId: id, status: z.literal('executed') })
  .meta({ id: 'ContactChangeDone' });

export const linkRequired = z
  .strictObject({
    message: z.string(),
    linkRequired: z.literal(true),
    flowId: opaque,
    methods: z.array(z.enum(['password', 'otp', 'passkey'])).meta({ description: 'How the owner of the account can prove it' }),
    destination: z.string().meta({ description: 'Masked from what Google said' }),
    expiresIn: seconds,
  })
  .meta({ id: 'LinkRequired' });

export const identity = z
  .strictObject({
    id,
    provider: z.enum(['google', 'facebook']),
    email: z.string().meta({ description: 'Address at linking, masked' }),
    linkedAt: instant,
    lastUsedAt: instant.nullable(),
  })
  .meta({ id: 'Identity' });

export const clientProfile = z
  .strictObject({
    id,
    preferredSize: clientSize.nullable(),
    bodyType: z.string().nullable(),
    stylePreferences: z.array(z.string()),
    favouriteColours: z.array(z.string()),
    occasionPreferences: z.array(z.string()),
    emailNotificationsEnabled: z.boolean(),
    smsNotificationsEnabled: z.boolean(),
    defaultShippingAddress: z.string().nullable(),
    loyaltyTier: z.enum(['standard', 'silver', 'gold', 'platinum']),
    version: z.int(),
  })
  .meta({ id: 'Client' });

const openingTimes = z.strictObject({ open: z.string(), close: z.string() }).nullable().optional();

/** Each day `HH:MM` to `HH:MM`; null and absent mean closed. */
export const businessHours = z
  .strictObject({
    mon: openingTimes,
    tue: openingTimes,
    wed: openingTimes,
    thu: openingTimes,
    fri: openingTimes,
    sat: openingTimes,
    sun: openingTimes,
  })
  .meta({ id: 'BusinessHours' });

export const businessType = z.enum(['sole_trader', 'registered_business', 'fashion_house', 'tailor', 'designer']);

export const vendorProfile = z
  .strictObject({
    id,
    storeSlug: z.string().nullable(),
    status: vendorStatus,
    storeName: z.string().nullable(),
    tagline: z.string().nullable(),
    description: z.string().nullable(),
    businessType: businessType.nullable(),
    countryCode: z.string().nullable(),
    state: z.string().nullable(),
    city: z.string().nullable(),
    address: z.string().nullable(),
    taxId: z.string().nullable().meta({ description: 'Masked' }),
    collections: z.array(z.string()),
    websiteUrl: z.string().nullable(),
    instagramUrl: z.string().nullable(),
    tiktokUrl: z.string().nullable(),
    businessHours: businessHours.nullable(),
    completeness: z.strictObject({ percent: z.int(), missing: z.array(z.string()) }),
    review: z
      .strictObject({
        reasonCode: z.string().nullable(),
        reasonText: z.string().nullable(),
        notes: z.array(z.strictObject({ field: z.string(), note: z.string() })),
      })
      .nullable(),
    submittedAt: instant.nullable(),
    reviewedAt: instant.nullable(),
    version: z.int(),
  })
  .meta({ id: 'Vendor' });

const date = z.iso.date().nullable();

export const vendorSettings = z
  .strictObject({
    orderMode: z.enum(['auto', 'manual']),
    notifyOrders: z.boolean(),
    notifyReviews: z.boolean(),
    holidayFrom: date,
    holidayTo: date,
    returnDays: z.int(),
    version: z.int(),
  })
  .meta({ id: 'VendorSettings' });

const bankAccount = z
  .strictObject({
    id,
    bankName: z.string(),
    accountLast4: z.string(),
    accountName: z.string(),
    isDefault: z.boolean(),
    verificationStatus: z.enum(['pending', 'verified', 'failed']),
  })
  .meta({ id: 'BankAccount' });

export const bankAccountPage = z
  .strictObject({ items: z.array(bankAccount), nextCursor: z.string().nullable() })
  .meta({ id: 'BankAccountPage' });

export const bankAccountAsked = z
  .strictObject({ message: z.string(), requestId: id, status: z.literal('requested') })
  .meta({ id: 'BankAccountRequested' });

export const storedFile = z
  .strictObject({
    fileId: id,
    contentType: z.enum(['image/jpeg', 'image/png', 'image/webp', 'application/pdf']),
    bytes: z.int(),
    sha256: z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .meta({ description: 'Of the file as it is kept, hexadecimal' }),
  })
  .meta({ id: 'StoredFile' });

export const kyc = z
  .strictObject({
    id: id.nullable().meta({ description: 'Null while nothing was ever handed in' }),
    status: z.enum(['draft', 'submitted', 'in_review', 'approved', 'resubmit', 'rejected']),
    reviewNotes: z.string().nullable(),
    documents: z.array(
      z.strictObject({
        id,
        type: z.enum(['nin_card', 'bvn_slip', 'passport', 'drivers_licence', 'voters_card', 'selfie', 'cac_certificate', 'utility_bill']),
        last4: z.string().nullable(),
        status: z.enum(['uploaded', 'accepted', 'refused']),
      }),
    ),
    version: z.int(),
  })
  .meta({ id: 'Kyc' });

export const consentPurpose = z.enum(['terms', 'marketing', 'analytics']);

export const consent = z
  .strictObject({ purpose: consentPurpose, version: z.string(), granted: z.boolean(), at: instant })
  .meta({ id: 'Consent' });

export const securityEvent = z
  .strictObject({
    id,
    type: z.string().meta({ example: 'sign_in' }),
    at: instant,
    outcome: z.enum(['success', 'failed']),
    deviceLabel: z.string().nullable(),
    place: z.string().nullable(),
    ip: z.string().nullable().meta({ description: 'Masked' }),
    sessionId: id.nullable(),
    sealed: z.boolean(),
  })
  .meta({ id: 'SecurityEvent' });

export const securityEventPage = z
  .strictObject({ items: z.array(securityEvent), nextCursor: z.string().nullable() })
  .meta({ id: 'SecurityEventPage' });

const sha256Hex = z.string().regex(/^[0-9a-f]{64}$/);

export const securityEventProof = z
  .strictObject({
    leafHash: sha256Hex.meta({ description: 'SHA-256 of the sealed row, hexadecimal' }),
    index: z.int(),
    treeSize: z.int(),
    path: z.array(sha256Hex).meta({ description: 'Inclusion path of RFC 9162, from the leaf upwards' }),
    checkpoint: z.strictObject({
      root: sha256Hex,
      signedAt: z.string().meta({ description: 'ISO 8601, UTC, to the microsecond as it was signed' }),
      kid: z.string(),
      signature: z.string().meta({ description: 'Ed25519, base64, over the text of the checkpoint as it is anchored' }),
    }),
  })
  .meta({ id: 'SecurityEventProof' });

export const exportStatus = z
  .strictObject({
    exportId: id,
    status: z.enum(['pending', 'ready', 'downloaded', 'expired', 'failed']),
    createdAt: instant,
    expiresAt: instant.nullable(),
  })
  .meta({ id: 'Export' });

export const erasure = z
  .strictObject({ requestId: id, status: z.enum(['scheduled', 'awaiting_approval']), effectiveAt: instant })
  .meta({ id: 'Erasure' });

const ticketCategory = z.enum([
  ...(['account_access', 'order_dispute', 'payment_issue', 'product_complaint', 'vendor_conduct'] as const),
  ...(['delivery_problem', 'refund_request', 'measurement_issue', 'privacy', 'general'] as const),
]);

export const newTicket = z
  .strictObject({
    category: ticketCategory,
    title: z.string().min(3).max(300),
    body: z.string().min(1).max(5000),
    orderId: z.uuid().nullish(),
  })
  .meta({ id: 'NewTicket' });

export const ticketText = z.string().min(1).max(5000);

const ticketLine = z.strictObject({
  id,
  number: z.string().meta({ example: 'T-100042' }),
  status: z.enum(['open', 'in_progress', 'awaiting_customer', 'awaiting_vendor', 'resolved', 'closed']),
  priority: z.enum(['low', 'medium', 'high', 'urgent']),
  category: ticketCategory,
  title: z.string(),
  createdAt: instant,
});

export const ticketPage = z.strictObject({ items: z.array(ticketLine), nextCursor: z.string().nullable() }).meta({ id: 'TicketPage' });

export const ticket = ticketLine
  .extend({
    messages: z.array(z.strictObject({ id, from: z.enum(['customer', 'support']), body: z.string(), sentAt: instant })),
  })
  .meta({ id: 'Ticket' });
