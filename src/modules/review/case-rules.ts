import type { KycDocument, ReviewCase } from '@prisma/client';
import type { CaseKind } from './checklists.ts';

const hour = 3600;

/** Seconds to the decision (product.md 4.4). */
export const slaSeconds: Readonly<Record<CaseKind, number>> = {
  vendor: 24 * hour,
  kyc: 48 * hour,
  product: 24 * hour,
  product_revision: 24 * hour,
};

/** A claim is a lease; any activity of its holder renews it. */
export const leaseSeconds = 1800;
export const claimsAtMost = 3;

/** From this round on a case goes to a lead (back-office.md section 8). */
export const leadRound = 4;

export type StoreFacts = Readonly<{
  riskScore: number;
  tier: 'free' | 'pro' | 'elite';
  businessType: 'sole_trader' | 'registered_business' | 'fashion_house' | 'tailor' | 'designer';
  wasRejected: boolean;
}>;

/** Whether a store needs two people: risk of 70 and more, the highest tier, a registered business, or a rejection before (product.md 4.2). */
export function needsSecond({ riskScore, tier, businessType, wasRejected }: StoreFacts): boolean {
  return riskScore >= 70 || tier === 'elite' || businessType === 'registered_business' || wasRejected;
}

export type DocumentType = KycDocument['type'];

/** Each group needs one of its documents (product.md 4.5). */
export function requiredDocuments(businessType: StoreFacts['businessType']): readonly (readonly DocumentType[])[] {
  const person: readonly (readonly DocumentType[])[] = [['nin_card', 'passport'], ['selfie'], ['utility_bill']];
  return businessType === 'registered_business' || businessType === 'fashion_house' ? [...person, ['cac_certificate']] : person;
}

/** The groups of which nothing was handed in. */
export function missingDocuments(
  businessType: StoreFacts['businessType'],
  given: ReadonlySet<DocumentType>,
): readonly (readonly DocumentType[])[] {
  return requiredDocuments(businessType).filter((group) => !group.some((type) => given.has(type)));
}

/** Codes of a rejection, by what is rejected (product.md 4.2, 4.3). */
export const rejectionCodes = {
  vendor: ['incomplete', 'prohibited', 'duplicate', 'identity_mismatch', 'fraud', 'quality', 'other'],
  kyc: ['incomplete', 'duplicate', 'identity_mismatch', 'fraud', 'quality', 'other'],
  product: ['prohibited', 'counterfeit', 'duplicate', 'misleading', 'quality', 'other'],
  product_revision: ['prohibited', 'counterfeit', 'duplicate', 'misleading', 'quality', 'other'],
} as const satisfies Record<CaseKind, readonly string[]>;

export type SlaState = 'on_track' | 'at_risk' | 'breached';

/** Where a case stands against its clock; at risk from 80 % of the time on. Time that was paused has moved `dueAt` already. */
export function slaState(
  { createdAt, slaDueAt, slaPausedS }: Pick<ReviewCase, 'createdAt' | 'slaDueAt' | 'slaPausedS'>,
  now: Date,
): SlaState {
  if (now >= slaDueAt) return 'breached';
  const total = slaDueAt.getTime() - createdAt.getTime() - slaPausedS * 1000;
  return slaDueAt.getTime() - now.getTime() <= total * 0.2 ? 'at_risk' : 'on_track';
}

/** What a reviewer and the owner of a case may have in common; any of it keeps the reviewer away (F88). */
export type Traces = Readonly<{
  contacts: ReadonlySet<string>;
  bankAccounts: ReadonlySet<string>;
  devices: ReadonlySet<string>;
  referredBy: string | null;
  userId: string;
}>;

/** The first thing the two have in common; null where there is none. The sets hold blind indexes and ids, never clear values. */
export function conflictOf(reviewer: Traces, owner: Traces): 'same_person' | 'referral' | 'contact' | 'bank' | 'device' | null {
  if (reviewer.userId === owner.userId) return 'same_person';
  if (owner.referredBy === reviewer.userId || reviewer.referredBy === owner.userId) return 'referral';
  if (share(reviewer.contacts, owner.contacts)) return 'contact';
  if (share(reviewer.bankAccounts, owner.bankAccounts)) return 'bank';
  return share(reviewer.devices, owner.devices) ? 'device' : null;
}

function share(one: ReadonlySet<string>, other: ReadonlySet<string>): boolean {
  return [...one].some((value) => other.has(value));
}
