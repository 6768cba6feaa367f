import type { Vendor } from '@prisma/client';
import type { z } from 'zod';
import type { Tx } from '../../../foundation/runtime/database.ts';
import { businessHours } from './vendor-input.ts';

/** `Vendor` of auth-api.md 2.6; times as ISO 8601, so that a kept answer is the same answer. */
export type VendorView = {
  id: string;
  storeSlug: string | null;
  status: Vendor['status'];
  storeName: string | null;
  tagline: string | null;
  description: string | null;
  businessType: Vendor['businessType'];
  countryCode: string | null;
  state: string | null;
  city: string | null;
  address: string | null;
  taxId: string | null;
  collections: string[];
  websiteUrl: string | null;
  instagramUrl: string | null;
  tiktokUrl: string | null;
  businessHours: z.infer<typeof businessHours> | null;
  completeness: { percent: number; missing: string[] };
  review: { reasonCode: string | null; reasonText: string | null; notes: { field: string; note: string }[] } | null;
  submittedAt: string | null;
  reviewedAt: string | null;
  version: number;
};

/** Where the tax id of a store belongs, encrypted under its owner's data key. */
export const taxIdBox = (vendorId: string): string => `vendor.tax_id_enc:${vendorId}`;

/** What a submission needs (auth-api.md 2.6), in the order in which a form asks for it. */
const needed = ['storeName', 'description', 'businessType', 'state', 'city', 'collections', 'terms', 'kyc'] as const;
export type NeededField = (typeof needed)[number];

/** A store with what its completeness depends on beside its own row. */
export type OwnVendor = { vendor: Vendor; hasTerms: boolean; isKycSent: boolean };

type Reader = Pick<Tx, 'consent' | 'vendorSetup'>;

/** The last word on the terms counts: they can be withdrawn. */
export async function ownVendor(reader: Reader, vendor: Vendor): Promise<OwnVendor> {
  const terms = await reader.consent.findFirst({
    where: { userId: vendor.userId, purpose: 'terms' },
    orderBy: [{ at: 'desc' }, { id: 'desc' }],
  });
  const setup = await reader.vendorSetup.findUnique({ where: { vendorId: vendor.id }, select: { kycSentAt: true } });
  return { vendor, hasTerms: terms?.granted ?? false, isKycSent: Boolean(setup?.kycSentAt) };
}

/** What is missing for a submission. */
export function missingOf({ vendor, hasTerms, isKycSent }: OwnVendor): NeededField[] {
  return needed.filter((field) => {
    if (field === 'terms') return !hasTerms;
    if (field === 'kyc') return !isKycSent;
    return field === 'collections' ? vendor.collections.length === 0 : !vendor[field];
  });
}

export function vendorView(own: OwnVendor): VendorView {
  const { vendor } = own;
  const missing = missingOf(own);
  return {
    id: vendor.id,
    storeSlug: vendor.storeSlug,
    status: vendor.status,
    storeName: vendor.storeName,
    tagline: vendor.tagline,
    description: vendor.description,
    businessType: vendor.businessType,
    countryCode: vendor.countryCode,
    state: vendor.state,
    city: vendor.city,
    address: vendor.address,
    taxId: vendor.taxIdMasked,
    collections: vendor.collections,
    websiteUrl: vendor.websiteUrl,
    instagramUrl: vendor.instagramUrl,
    tiktokUrl: vendor.tiktokUrl,
    businessHours: businessHours.nullable().parse(vendor.businessHours),
    completeness: { percent: Math.round((100 * (needed.length - missing.length)) / needed.length), missing },
    review: reviewOf(vendor),
    submittedAt: vendor.submittedAt?.toISOString() ?? null,
    reviewedAt: vendor.reviewedAt?.toISOString() ?? null,
    version: vendor.version,
  };
}

/** The last decision, in the words that the owner may read. Notes on single fields come with the review cases. */
function reviewOf({ decisionCode, decisionReason }: Vendor): VendorView['review'] {
  if (decisionCode === null && decisionReason === null) return null;
  return { reasonCode: decisionCode, reasonText: decisionReason, notes: [] };
}
