import { z } from 'zod';

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
