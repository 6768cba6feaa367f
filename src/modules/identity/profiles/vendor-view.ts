import type { Vendor } from '@prisma/client';
import { z } from 'zod';
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

/** What a submission needs (auth-api.md 2.6 and product.md 4.2), in the order in which a form asks for it. */
const needed = [
  ...(['storeName', 'description', 'businessType', 'taxId', 'countryCode', 'state', 'city', 'address'] as const),
  ...(['collections', 'terms', 'kyc'] as const),
] as const;
export type NeededField = (typeof needed)[number];

/** Code points of a description that says something. */
const shortestDescription = 20;

/** Companies have a tax id of their own. */
const taxedTypes: ReadonlySet<Vendor['businessType']> = new Set(['registered_business', 'fashion_house'] as const);

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

const percentOf = (all: number, missing: number): number => Math.round((100 * (all - missing)) / all);

/** What is missing for a submission. */
export function missingOf(own: OwnVendor): NeededField[] {
  return neededOf(own).filter((field) => isMissing(own, field));
}

function neededOf({ vendor }: OwnVendor): NeededField[] {
  return needed.filter((field) => field !== 'taxId' || taxedTypes.has(vendor.businessType));
}

function isMissing({ vendor, hasTerms, isKycSent }: OwnVendor, field: NeededField): boolean {
  switch (field) {
    case 'terms':
      return !hasTerms;
    case 'kyc':
      return !isKycSent;
    case 'collections':
      return vendor.collections.length === 0;
    case 'description':
      return [...(vendor.description ?? '')].length < shortestDescription;
    case 'taxId':
      return vendor.taxIdEnc === null;
    default:
      return !vendor[field];
  }
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
    completeness: { percent: percentOf(neededOf(own).length, missing.length), missing },
    review: reviewOf(vendor),
    submittedAt: vendor.submittedAt?.toISOString() ?? null,
    reviewedAt: vendor.reviewedAt?.toISOString() ?? null,
    version: vendor.version,
  };
}

const fieldNotes = z.array(z.object({ field: z.string(), note: z.string() })).catch([]);

/** The last decision, in the words that the owner may read, with what has to be changed field by field. */
function reviewOf({ decisionCode, decisionReason, decisionNotes }: Vendor): VendorView['review'] {
  if (decisionCode === null && decisionReason === null) return null;
  return { reasonCode: decisionCode, reasonText: decisionReason, notes: fieldNotes.parse(decisionNotes) };
}
