import { Prisma } from '@prisma/client';

/** Fields that stay, each with the reason that the receipt gives. */
type Kept = Readonly<Record<string, string>>;

const randomId = 'a random number that says nothing once the rest is gone; the sealed history refers to it';
const bookkeeping = 'says when and how often the row was written, nothing about the person';
const row = { id: randomId, createdAt: bookkeeping, updatedAt: bookkeeping, version: bookkeeping };

const user = {
  emptied: {
    emailEnc: null,
    emailBidx: null,
    emailMasked: null,
    phoneEnc: null,
    phoneBidx: null,
    phoneMasked: null,
    identifierVerifiedAt: null,
    verifiedHow: null,
    firstName: null,
    lastName: null,
    displayName: null,
    avatarFileId: null,
    bio: null,
    gender: null,
    countryCode: null,
    state: null,
    city: null,
    addressEnc: null,
    language: 'en',
    timezone: 'Africa/Lagos',
    statusReason: null,
    failedLogins: 0,
    failedConsecutive: 0,
    lockedUntil: null,
    lockLevel: 0,
    passwordDisabled: true,
    riskScore: 0,
    lastLoginAt: null,
    loginCount: 0,
    processingRestricted: false,
    objectedPurposes: [],
    payoutHoldUntil: null,
    frozenUntil: null,
    referredById: null,
  } satisfies Prisma.UserUncheckedUpdateManyInput,
  kept: {
    ...row,
    memberId: 'the member id is never reused (product.md section 3.2)',
    kind: 'a member id belongs to a client, vendor or colleague for good',
    authMethod: 'the kind of contact, not the contact',
    bidxKid: 'the name of a key',
    status: 'says that the person is erased, since when and by which decision',
    statusReasonCode: 'says that the person is erased, since when and by which decision',
    statusChangedAt: 'says that the person is erased, since when and by which decision',
    statusChangedBy: 'says that the person is erased, since when and by which decision',
    legalHold: 'always off: a hold refuses the erasure',
  } satisfies Kept,
};

const client = {
  emptied: {
    preferredSize: null,
    stylePreferences: [],
    favouriteColours: [],
    bodyType: null,
    occasionPreferences: [],
    defaultAddressEnc: null,
    emailNotifications: false,
    smsNotifications: false,
    lastActiveAt: null,
  } satisfies Prisma.ClientUncheckedUpdateManyInput,
  kept: { ...row, userId: randomId, loyaltyTier: 'a figure of the business', totalOrders: 'a figure of the business' } satisfies Kept,
};

const vendor = {
  emptied: {
    storeName: null,
    storeNameFolded: null,
    storeSlug: null,
    tagline: null,
    description: null,
    businessType: null,
    collections: [],
    taxIdEnc: null,
    taxIdBidx: null,
    taxIdMasked: null,
    logoFileId: null,
    coverFileId: null,
    countryCode: null,
    state: null,
    city: null,
    address: null,
    businessHours: Prisma.DbNull,
    instagramUrl: null,
    tiktokUrl: null,
    websiteUrl: null,
    status: 'closed',
    decisionReason: null,
    decisionNotes: [],
    suspendedReason: null,
    isFeatured: false,
    riskScore: 0,
    trustScore: 0,
  } satisfies Prisma.VendorUncheckedUpdateManyInput,
  kept: {
    ...row,
    userId: randomId,
    bidxKid: 'the name of a key',
    submittedAt: 'who decided what about a store, and when: the review has to be explained later',
    reviewedAt: 'who decided what about a store, and when: the review has to be explained later',
    reviewedBy: 'who decided what about a store, and when: the review has to be explained later',
    secondReviewedBy: 'who decided what about a store, and when: the review has to be explained later',
    verifiedAt: 'who decided what about a store, and when: the review has to be explained later',
    decisionCode: 'who decided what about a store, and when: the review has to be explained later',
    suspendedAt: 'who decided what about a store, and when: the review has to be explained later',
    suspendedBy: 'who decided what about a store, and when: the review has to be explained later',
    rejectedAt: 'who decided what about a store, and when: the review has to be explained later',
    subscriptionTier: 'terms of the contract, needed for the accounts',
    commissionBps: 'terms of the contract, needed for the accounts',
    maxProducts: 'terms of the contract, needed for the accounts',
  } satisfies Kept,
};

const settings = 'switches of a store, nothing about the person';

const consent = {
  /** By identity.forget_person: the table is append-only. */
  emptied: ['ip', 'userAgent'],
  kept: {
    id: randomId,
    userId: randomId,
    purpose: 'proof that consent was given and withdrawn',
    textVersion: 'proof that consent was given and withdrawn',
    granted: 'proof that consent was given and withdrawn',
    at: 'proof that consent was given and withdrawn',
  } satisfies Kept,
};

const security = 'the security record of sign-ins, without contact, address, place and device, until its 13 months are over';

const loginEvent = {
  /** By identity.forget_person: the table is append-only. */
  emptied: ['identifierBidx', 'ip', 'countryCode', 'city', 'deviceId', 'deviceName', 'ruleTrace'],
  kept: {
    id: randomId,
    userId: randomId,
    at: security,
    surface: security,
    method: security,
    outcome: security,
    reasonCode: security,
    isNewDevice: security,
    isNewCountry: security,
    riskScore: security,
    sessionId: security,
  } satisfies Kept,
};

/**
 * What execute-erasure does with every column of every table of this module. A test compares it with the data model: a new column
 * has to be listed here, as emptied or as kept with a reason, before anything else passes.
 */
export const erasurePlan = {
  emptied: { User: user, Client: client, Vendor: vendor, Consent: consent, LoginEvent: loginEvent },
  /** All rows of the person go. RefreshToken goes with its Session. */
  deleted: [
    'CallerCheck',
    'ClientAddress',
    'Credential',
    'ExternalIdentity',
    'KnownDevice',
    'MfaChallenge',
    'OtpFlow',
    'Passkey',
    'PendingRegistration',
    'PrivateFile',
    'RecoveryCode',
    'RefreshToken',
    'Session',
    'SingleUse',
    'Totp',
    'VendorBankAccount',
  ],
  /** Stay as they are; the row of UserKey stays without its key. */
  untouched: {
    UserKey: 'says when the key was destroyed; the key itself is gone',
    FileRemoval: 'random names of bytes on their way out, which are sealed under the destroyed key; gone within the hour',
    VendorSetup: settings,
    VendorSettings: settings,
    StaffProfile: 'of colleagues only, who are not customers',
    StaffRoleGrant: 'of colleagues only, who are not customers',
    StaffInvite: 'of colleagues only, who are not customers',
    AccessReview: 'of colleagues only, who are not customers',
    AccessReviewLine: 'of colleagues only, who are not customers',
  },
} as const;

/** What stays of an erased person, for the receipt: each table's kept fields under their reasons. */
export function keptOfErased(): { what: string; why: string }[] {
  const fields = Object.entries(erasurePlan.emptied).flatMap(([model, { kept }]) => {
    const byReason = Map.groupBy(Object.entries(kept), ([, why]) => why);
    return [...byReason].map(([why, names]) => ({ what: `${model}: ${names.map(([name]) => name).join(', ')}`, why }));
  });
  const staff = new Set(['StaffProfile', 'StaffRoleGrant', 'StaffInvite', 'AccessReview', 'AccessReviewLine']);
  const tables = Object.entries(erasurePlan.untouched).filter(([model]) => !staff.has(model));
  return [...fields, ...tables.map(([what, why]) => ({ what, why })), ...keptElsewhere];
}

const keptElsewhere = [
  {
    what: 'history: who did what to which record, when, with which outcome',
    why: 'the proof that nothing else was changed; names, values and addresses are deleted from it',
  },
  { what: 'messages sent: template, time and outcome', why: 'proof that the person was told; recipient and words are gone' },
];
