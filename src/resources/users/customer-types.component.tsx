import type { Action, RecordJson, ShowAnswer } from '../../admin/components/admin-types.component.tsx';
import type { ActionTarget } from '../../admin/components/reason-form.component.tsx';

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

export type Tries = { failed: number; strangers: number; networks: number; firstAt: string | null; lastAt: string | null };

export type Trace = {
  obstacles: readonly { text: string; until: string | null }[];
  hints: readonly string[];
  pattern: { kind: 'attack' | 'mistyping'; advice: string } | null;
  tries: Tries | null;
  attempts: readonly (Attempt & {
    headline: string;
    steps: readonly { text: string; isPassed: boolean; until: string | null; points: number | null }[];
  })[];
};

export type Note = {
  id: string;
  version: number;
  author: string;
  isOwn: boolean;
  body: string;
  createdAt: string;
  editableUntil: string | null;
};

export type CheckItem = 'member_id' | 'name' | 'last_order_month' | 'country' | 'recent_device';

export type Address = {
  id: string;
  version: number;
  label: string;
  phoneMasked: string | null;
  city: string;
  state: string | null;
  countryCode: string;
  postalCode: string | null;
  isDefault: boolean;
};

export type Profile = {
  id: string;
  memberId: string;
  displayName: string | null;
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
  hasAddress: boolean;
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
  objectedPurposes: readonly string[];
  addresses: readonly Address[];
  passkeys: readonly { id: string; name: string; kept: string | null; createdAt: string; lastUsedAt: string | null }[];
  devices: readonly { id: string; label: string; place: string; lastSeenAt: string; trustedUntil: string | null }[];
  client: {
    id: string;
    version: number;
    preferredSize: string | null;
    loyaltyTier: string;
    totalOrders: number;
    lastActiveAt: string | null;
    emailNotifications: boolean;
    smsNotifications: boolean;
    hasShippingAddress: boolean;
  } | null;
  vendor: {
    id: string;
    storeName: string | null;
    storeSlug: string | null;
    status: string;
    businessType: string | null;
    subscriptionTier: string;
    submittedAt: string | null;
    verifiedAt: string | null;
    orderMode: string | null;
    notifyOrders: boolean | null;
    notifyReviews: boolean | null;
  } | null;
};

export type TicketRow = {
  id: string;
  number: string;
  title: string;
  status: string;
  priority: string;
  category: string;
  assigneeName: string | null;
  createdAt: string;
  isLive: boolean;
};

export type CustomerExtra = {
  profile: Profile;
  callerCheck: { items: readonly CheckItem[]; until: string } | null;
  sessions: readonly Session[] | null;
  logins: readonly Attempt[] | null;
  trace: Trace | null;
  consents: readonly { purpose: string; version: string; granted: boolean; at: string }[] | null;
  notes: readonly Note[] | null;
  tickets: readonly TicketRow[] | null;
  approvals: readonly { id: string; kind: string; status: string; createdAt: string; dueAt: string }[] | null;
  privacy: readonly { id: string; kind: string; status: string; createdAt: string; dueAt: string }[] | null;
  revealsLeft: number | null;
  hasDeliveries: boolean;
  hasHistory: boolean;
  hasVendor: boolean;
  hasClient: boolean;
  now: string;
};

/** What the tabs share: the answer of the record page, and how to load it again. */
export type TabProps = { answer: ShowAnswer; extra: CustomerExtra; reload: () => void };

export function actionOf(answer: ShowAnswer, name: string): Action | null {
  return answer.actions.find((action) => action.name === name) ?? null;
}

/** Where an action of this customer is posted, and what its form has to know. */
export function targetOf(answer: ShowAnswer, action: Action, more: Partial<ActionTarget> = {}): ActionTarget {
  const base = `/resources/User/records/${encodeURIComponent(answer.record.id)}`;
  const { record, version, subjectUserId } = answer;
  const hasCaller = Boolean(answer.extra.callerCheck);
  return { path: `${base}/${action.name}`, base, record, version, subjectUserId, hasCaller, ...more };
}

/** A part of the page as a record of its own, for forms that begin with what is stored there. */
export function partOf(id: string, title: string, params: Readonly<Record<string, unknown>>): RecordJson {
  return { id, title, params, populated: {} };
}

export function isLater(time: string | null, now: string): boolean {
  return time !== null && new Date(time) > new Date(now);
}
