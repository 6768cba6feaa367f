import type { Tx } from '../../foundation/runtime/database.ts';
import { type VendorFacts, vendorFacts } from '../identity/index.ts';

/** What identity says of one store; null when there is none. */
export async function storeFacts(db: Pick<Tx, 'vendor'>, vendorId: string): Promise<VendorFacts | null> {
  return (await vendorFacts(db, [vendorId])).get(vendorId) ?? null;
}
