import type { Vendor } from '@prisma/client';
import type { Tx } from '../../../foundation/runtime/database.ts';
import type { AccountRow } from '../account.ts';

/** What other modules ask of a store: never a contact, a number or a text of its owner but the name and address of the shop. */
export type VendorFacts = {
  id: string;
  version: number;
  status: Vendor['status'];
  storeName: string | null;
  slug: string | null;
  ownerUserId: string;
  userStatus: AccountRow['status'];
  tier: Vendor['subscriptionTier'];
  /** Null while the owner has not said. */
  businessType: Vendor['businessType'];
  countryCode: string | null;
  riskScore: number;
  trustScore: number;
  wasRejected: boolean;
  collections: readonly string[];
  maxProducts: number;
  isFeatured: boolean;
  submittedAt: Date | null;
  verifiedAt: Date | null;
  isKycDone: boolean;
  /** Approved, and its owner active: its published products are sold (product.md 4.2). */
  isSelling: boolean;
};

/** By id; ids that are no store's are absent. One statement. */
export async function vendorFacts(reader: Pick<Tx, 'vendor'>, vendorIds: readonly string[]): Promise<ReadonlyMap<string, VendorFacts>> {
  const rows = await reader.vendor.findMany({
    where: { id: { in: [...vendorIds] } },
    include: { user: { select: { status: true } }, setup: { select: { kycDoneAt: true } } },
  });
  return new Map(
    rows.map((row) => [
      row.id,
      {
        id: row.id,
        version: row.version,
        status: row.status,
        storeName: row.storeName,
        slug: row.storeSlug,
        ownerUserId: row.userId,
        userStatus: row.user.status,
        tier: row.subscriptionTier,
        businessType: row.businessType,
        countryCode: row.countryCode,
        riskScore: row.riskScore,
        trustScore: row.trustScore,
        wasRejected: row.rejectedAt !== null,
        collections: row.collections,
        maxProducts: row.maxProducts,
        isFeatured: row.isFeatured,
        submittedAt: row.submittedAt,
        verifiedAt: row.verifiedAt,
        isKycDone: Boolean(row.setup?.kycDoneAt),
        isSelling: row.status === 'approved' && row.user.status === 'active',
      },
    ]),
  );
}
