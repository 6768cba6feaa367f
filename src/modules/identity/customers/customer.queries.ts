import type { Client, User, Vendor } from '@prisma/client';
import { shownIp } from '../../../foundation/command/action-row.ts';
import type { CommandDeps } from '../../../foundation/command/command.ts';
import { AppError, fail } from '../../../foundation/errors/app-error.ts';
import { type AccountRow, factorsOf, findAccount } from '../account.ts';
import { readContact } from '../contact.ts';
import { itemOf, type LoginEventItem, newest, type SignInTrace, traceOf } from '../history/login-event.queries.ts';
import { placeName } from '../history/place.ts';
import type { QueryDeps } from '../query-deps.ts';
import type { FactorMethod, VendorStatus } from '../sign-in-shapes.ts';

/** Sessions of one person as staff see them: live and lately ended, last used first. Never a token. */
export type StaffSessionItem = {
  id: string;
  surface: 'api' | 'admin';
  clientId: string;
  device: string;
  place: string;
  network: string | null;
  acr: string;
  isLive: boolean;
  createdAt: Date;
  lastUsedAt: Date;
  endsAt: Date;
  revokedAt: Date | null;
  revokedReason: string | null;
};

export async function sessionsOf(deps: QueryDeps, userId: string, limit = 50): Promise<StaffSessionItem[]> {
  const now = deps.clock.now();
  const rows = await deps.database.prisma.session.findMany({
    where: { userId },
    orderBy: [{ lastUsedAt: 'desc' }, { id: 'desc' }],
    take: Math.min(Math.max(1, limit), 100),
  });
  return rows.map((row) => ({
    id: row.id,
    surface: row.surface,
    clientId: row.clientId,
    device: row.deviceName ?? 'Unknown device',
    place: placeName(row.countryCode),
    network: shownIp(row.lastIp ?? row.ip, 'truncated'),
    acr: row.acr,
    isLive: row.revokedAt === null && row.idleExpiresAt > now && row.absoluteExpiresAt > now,
    createdAt: row.createdAt,
    lastUsedAt: row.lastUsedAt,
    endsAt: row.idleExpiresAt,
    revokedAt: row.revokedAt,
    revokedReason: row.revokedReason,
  }));
}

/** Everything of one customer that a page of the back office shows, contacts masked. */
export type CustomerPage = {
  id: string;
  memberId: string;
  displayName: string | null;
  firstName: string | null;
  lastName: string | null;
  kind: 'client' | 'vendor';
  status: User['status'];
  statusReasonCode: string | null;
  statusReason: string | null;
  statusChangedAt: Date | null;
  authMethod: User['authMethod'];
  emailMasked: string | null;
  phoneMasked: string | null;
  verifiedAt: Date | null;
  verifiedHow: User['verifiedHow'];
  bio: string | null;
  countryCode: string | null;
  state: string | null;
  city: string | null;
  hasAddress: boolean;
  language: string;
  timezone: string;
  createdAt: Date;
  lastLoginAt: Date | null;
  loginCount: number;
  version: number;
  riskScore: number;
  security: {
    hasPassword: boolean;
    isPasswordDisabled: boolean;
    factors: readonly FactorMethod[];
    recoveryCodesLeft: number;
    passkeys: number;
    lockedUntil: Date | null;
    lockLevel: number;
    failedConsecutive: number;
    frozenUntil: Date | null;
  };
  holds: { isOnLegalHold: boolean; isProcessingRestricted: boolean; payoutHoldUntil: Date | null };
  client: Pick<Client, 'id' | 'preferredSize' | 'loyaltyTier' | 'totalOrders' | 'lastActiveAt'> | null;
  vendor:
    | (Pick<Vendor, 'id' | 'storeName' | 'storeSlug' | 'businessType' | 'subscriptionTier' | 'submittedAt' | 'verifiedAt'> & {
        status: VendorStatus;
      })
    | null;
  sessions: readonly StaffSessionItem[];
  logins: readonly LoginEventItem[];
  trace: SignInTrace;
  consents: readonly { purpose: string; version: string; granted: boolean; at: Date }[];
};

/** Six statements. Staff accounts are not customers. @throws AppError 404 `not_found` */
export async function customerPage(deps: QueryDeps, userId: string): Promise<CustomerPage> {
  const { prisma } = deps.database;
  const [account, user, sessions, logins, consents] = await Promise.all([
    findAccount(prisma, { userId }),
    prisma.user.findUnique({ where: { id: userId }, include: { client: true, vendor: true } }),
    sessionsOf(deps, userId, 20),
    newest(deps, userId, 10),
    prisma.consent.findMany({ where: { userId }, orderBy: [{ at: 'desc' }, { id: 'desc' }], take: 50 }),
  ]);
  if (!account || !user || account.kind === 'staff') return fail('not_found');
  return {
    ...profileOf(account.kind, user),
    security: securityOf(account, user),
    holds: { isOnLegalHold: user.legalHold, isProcessingRestricted: user.processingRestricted, payoutHoldUntil: user.payoutHoldUntil },
    client: user.client && clientOf(user.client),
    vendor: user.vendor && vendorOf(user.vendor),
    sessions,
    logins: logins.map(itemOf),
    trace: traceOf(user, logins, deps.clock.now()),
    consents: consents.map(({ purpose, textVersion, granted, at }) => ({ purpose, version: textVersion, granted, at })),
  };
}

function profileOf(kind: 'client' | 'vendor', user: User) {
  const { id, memberId, displayName, firstName, lastName, status, statusReasonCode, statusReason, statusChangedAt, authMethod } = user;
  const { emailMasked, phoneMasked, verifiedHow, bio, countryCode, state, city, language, timezone, createdAt, lastLoginAt } = user;
  const { loginCount, version, riskScore } = user;
  return {
    ...{ id, memberId, displayName, firstName, lastName, kind, status, statusReasonCode, statusReason, statusChangedAt, authMethod },
    ...{ emailMasked, phoneMasked, verifiedAt: user.identifierVerifiedAt, verifiedHow, bio, countryCode, state, city },
    ...{ hasAddress: user.addressEnc !== null, language, timezone, createdAt, lastLoginAt, loginCount, version, riskScore },
  };
}

function securityOf(account: AccountRow, user: User): CustomerPage['security'] {
  return {
    hasPassword: account.passwordHash !== null,
    isPasswordDisabled: user.passwordDisabled,
    factors: factorsOf(account),
    recoveryCodesLeft: account.recoveryCodesLeft,
    passkeys: account.passkeys,
    lockedUntil: user.lockedUntil,
    lockLevel: user.lockLevel,
    failedConsecutive: user.failedConsecutive,
    frozenUntil: user.frozenUntil,
  };
}

function clientOf({ id, preferredSize, loyaltyTier, totalOrders, lastActiveAt }: Client) {
  return { id, preferredSize, loyaltyTier, totalOrders, lastActiveAt };
}

function vendorOf({ id, storeName, storeSlug, businessType, subscriptionTier, submittedAt, verifiedAt, status }: Vendor) {
  return { id, storeName, storeSlug, businessType, subscriptionTier, submittedAt, verifiedAt, status };
}

/**
 * The customer behind a whole email or number as people say it (0803… too), by blind index. Null for anything that is not one,
 * for nobody, and for staff.
 */
export async function findUserByContact(deps: CommandDeps, text: string): Promise<{ id: string; kind: 'client' | 'vendor' } | null> {
  const typed = text.trim();
  const contact = contactOrNull(deps, typed.includes('@') ? { email: typed } : { phone: typed });
  const account = contact ? await findAccount(deps.database.prisma, { kind: contact.kind, bidx: contact.bidx }) : null;
  return account && account.kind !== 'staff' ? { id: account.id, kind: account.kind } : null;
}

function contactOrNull(deps: CommandDeps, typed: { email: string } | { phone: string }) {
  try {
    return readContact(deps, typed);
  } catch (error) {
    if (error instanceof AppError) return null;
    throw error;
  }
}
