/** What customer-extra.ts sends, as JSON: times are ISO 8601 text. */
export type Session = {
  id: string;
  surface: 'api' | 'admin';
  device: string;
  place: string;
  network: string | null;
  acr: string;
  isLive: boolean;
  createdAt: string;
  lastUsedAt: string;
  revokedAt: string | null;
  revokedReason: string | null;
};

export type Attempt = {
  id: string;
  at: string;
  method: string;
  outcome: 'success' | 'failed' | 'blocked' | 'challenged';
  place: string;
  device: string;
  network: string | null;
  riskScore: number;
  isNewDevice: boolean;
  isNewCountry: boolean;
};

export type Trace = {
  obstacles: readonly { text: string; until: string | null }[];
  attempts: readonly (Attempt & {
    headline: string;
    steps: readonly { text: string; isPassed: boolean; until: string | null; points: number | null }[];
  })[];
};

export type Note = { id: string; author: string; isOwn: boolean; body: string; createdAt: string; editableUntil: string | null };

export type Profile = {
  id: string;
  memberId: string;
  firstName: string | null;
  kind: 'client' | 'vendor';
  status: string;
  statusReasonCode: string | null;
  statusReason: string | null;
  statusChangedAt: string | null;
  authMethod: string;
  emailMasked: string | null;
  phoneMasked: string | null;
  verifiedAt: string | null;
  verifiedHow: string | null;
  bio: string | null;
  countryCode: string | null;
  state: string | null;
  city: string | null;
  language: string;
  timezone: string;
  createdAt: string;
  lastLoginAt: string | null;
  loginCount: number;
  riskScore: number;
  security: {
    hasPassword: boolean;
    isPasswordDisabled: boolean;
    factors: readonly string[];
    recoveryCodesLeft: number;
    passkeys: number;
    lockedUntil: string | null;
    lockLevel: number;
    failedConsecutive: number;
    frozenUntil: string | null;
  };
  holds: { isOnLegalHold: boolean; isProcessingRestricted: boolean; payoutHoldUntil: string | null };
  client: { id: string; preferredSize: string | null; loyaltyTier: string; totalOrders: number; lastActiveAt: string | null } | null;
  vendor: {
    id: string;
    storeName: string | null;
    storeSlug: string | null;
    status: string;
    businessType: string | null;
    subscriptionTier: string;
    submittedAt: string | null;
    verifiedAt: string | null;
  } | null;
};

export type CustomerExtra = {
  profile: Profile;
  sessions: readonly Session[] | null;
  logins: readonly Attempt[] | null;
  trace: Trace | null;
  consents: readonly { purpose: string; version: string; granted: boolean; at: string }[] | null;
  notes: readonly Note[] | null;
  revealsLeft: number | null;
  hasDeliveries: boolean;
  hasHistory: boolean;
  hasVendor: boolean;
  hasClient: boolean;
  now: string;
};
