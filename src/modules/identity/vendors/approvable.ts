import type { Vendor } from '@prisma/client';
import { fail } from '../../../foundation/errors/app-error.ts';
import type { Tx } from '../../../foundation/runtime/database.ts';

/** What still keeps a store from being approved (product.md 4.2). */
export type ApprovalObstacle = 'kyc' | 'collections';

/** KYC that two people approved, and 1 to 15 collections. */
export async function obstaclesOf(
  reader: Pick<Tx, 'vendorSetup'>,
  { id, collections }: Pick<Vendor, 'id' | 'collections'>,
): Promise<ApprovalObstacle[]> {
  const setup = await reader.vendorSetup.findUnique({ where: { vendorId: id }, select: { kycDoneAt: true } });
  const hasCollections = collections.length >= 1 && collections.length <= 15;
  return [...(setup?.kycDoneAt ? [] : (['kyc'] as const)), ...(hasCollections ? [] : (['collections'] as const))];
}

/** @throws AppError 409 `vendor_incomplete` that names what is missing */
export async function requireApprovable(reader: Pick<Tx, 'vendorSetup'>, vendor: Pick<Vendor, 'id' | 'collections'>): Promise<void> {
  const missing = await obstaclesOf(reader, vendor);
  if (missing.length > 0) fail('vendor_incomplete', { errors: missing.map((path) => ({ path, code: 'required' as const })) });
}
