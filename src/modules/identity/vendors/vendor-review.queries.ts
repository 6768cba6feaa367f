import type { Vendor, VendorBankAccount } from '@prisma/client';
import { z } from 'zod';
import type { Tx } from '../../../foundation/runtime/database.ts';
import { businessHours } from '../profiles/vendor-input.ts';
import { obstaclesOf } from './approvable.ts';
import { setupOf, type VendorSetupView } from './setup-view.ts';
import { type VendorSignal, vendorSignals } from './vendor-signals.queries.ts';

/** What a reviewer looks at (product.md 6.2): masked, no number in clear; the caller records the read. */
export type VendorEvidence = {
  id: string;
  version: number;
  status: Vendor['status'];
  owner: {
    userId: string;
    memberId: string;
    name: string | null;
    contactMasked: string | null;
    isContactVerified: boolean;
    status: string;
    since: Date;
    referredBy: string | null;
  };
  profile: {
    storeName: string | null;
    storeSlug: string | null;
    tagline: string | null;
    description: string | null;
    businessType: Vendor['businessType'];
    taxIdMasked: string | null;
    collections: readonly string[];
    logoFileId: string | null;
    coverFileId: string | null;
    businessHours: z.infer<typeof businessHours> | null;
  };
  place: { countryCode: string | null; state: string | null; city: string | null; address: string | null };
  links: { websiteUrl: string | null; instagramUrl: string | null; tiktokUrl: string | null };
  business: { tier: Vendor['subscriptionTier']; commissionBps: number; maxProducts: number; riskScore: number; trustScore: number };
  bankAccounts: readonly BankAccountLine[];
  setup: VendorSetupView;
  lastDecision: { code: string | null; text: string | null; notes: { field: string; note: string }[]; at: Date | null } | null;
  wasRejected: boolean;
  signals: readonly VendorSignal[];
  /** What keeps it from being approved. */
  obstacles: readonly string[];
};

export type BankAccountLine = Pick<
  VendorBankAccount,
  'id' | 'bankName' | 'accountLast4' | 'accountNameMasked' | 'status' | 'isDefault' | 'nameMatched' | 'verifiedAt' | 'createdAt'
>;

const bankLine = {
  id: true,
  bankName: true,
  accountLast4: true,
  accountNameMasked: true,
  status: true,
  isDefault: true,
  nameMatched: true,
  verifiedAt: true,
  createdAt: true,
} as const;

const owner = {
  id: true,
  memberId: true,
  displayName: true,
  emailMasked: true,
  phoneMasked: true,
  identifierVerifiedAt: true,
  status: true,
  createdAt: true,
  referredById: true,
} as const;

const notesShape = z.array(z.object({ field: z.string(), note: z.string() })).catch([]);

/** Everything about one store that its review rests on; null when there is none of that id. */
export async function vendorForReview(
  reader: Pick<Tx, 'vendor' | 'vendorSetup' | '$queryRaw'>,
  vendorId: string,
): Promise<VendorEvidence | null> {
  const row = await reader.vendor.findUnique({
    where: { id: vendorId },
    include: {
      user: { select: owner },
      setup: true,
      bankAccounts: { where: { status: { not: 'removed' } }, orderBy: [{ createdAt: 'desc' }, { id: 'desc' }], select: bankLine },
    },
  });
  if (!row) return null;
  const { user, setup, bankAccounts, ...vendor } = row;
  return {
    id: vendor.id,
    version: vendor.version,
    status: vendor.status,
    owner: {
      userId: user.id,
      memberId: user.memberId,
      name: user.displayName,
      contactMasked: user.emailMasked ?? user.phoneMasked,
      isContactVerified: user.identifierVerifiedAt !== null,
      status: user.status,
      since: user.createdAt,
      referredBy: user.referredById,
    },
    ...textsOf(vendor),
    bankAccounts,
    setup: setupOf(setup),
    lastDecision: decisionOf(vendor),
    wasRejected: vendor.rejectedAt !== null,
    signals: await vendorSignals(reader, vendorId),
    obstacles: await obstaclesOf(reader, vendor),
  };
}

function textsOf(vendor: Vendor): Pick<VendorEvidence, 'profile' | 'place' | 'links' | 'business'> {
  const { storeName, storeSlug, tagline, description, businessType, taxIdMasked, collections, logoFileId, coverFileId } = vendor;
  const { countryCode, state, city, address, websiteUrl, instagramUrl, tiktokUrl } = vendor;
  const { subscriptionTier, commissionBps, maxProducts, riskScore, trustScore } = vendor;
  const hours = businessHours.nullable().safeParse(vendor.businessHours);
  return {
    profile: {
      ...{ storeName, storeSlug, tagline, description, businessType, taxIdMasked, collections, logoFileId, coverFileId },
      businessHours: hours.success ? hours.data : null,
    },
    place: { countryCode, state, city, address },
    links: { websiteUrl, instagramUrl, tiktokUrl },
    business: { tier: subscriptionTier, commissionBps, maxProducts, riskScore, trustScore },
  };
}

function decisionOf({ decisionCode, decisionReason, decisionNotes, reviewedAt }: Vendor): VendorEvidence['lastDecision'] {
  if (decisionCode === null && decisionReason === null) return null;
  return { code: decisionCode, text: decisionReason, notes: notesShape.parse(decisionNotes), at: reviewedAt };
}
