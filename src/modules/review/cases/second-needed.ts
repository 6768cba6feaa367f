import type { ReviewCase } from '@prisma/client';
import type { Tx } from '../../../foundation/runtime/database.ts';
import { vendorFacts } from '../../identity/index.ts';
import { needsSecond } from '../case-rules.ts';

type Asked = Pick<ReviewCase, 'kind' | 'vendorId'> & Partial<Pick<ReviewCase, 'needsSecond' | 'sampleOfId'>>;

/**
 * Whether two people decide, as things stand now: a risk or a tier that rose since the case was opened counts, and what once asked for a
 * second person goes on doing so. Proofs of identity always do, quality samples never.
 */
export async function isSecondNeeded(tx: Tx, { kind, vendorId, sampleOfId, needsSecond: before = false }: Asked): Promise<boolean> {
  if (sampleOfId) return false;
  if (before || kind === 'kyc') return true;
  if (kind !== 'vendor') return false;
  const store = (await vendorFacts(tx, [vendorId])).get(vendorId);
  // A store that does not say what kind of business it is cannot have been handed in: read as the plainest.
  return store !== undefined && needsSecond({ ...store, businessType: store.businessType ?? 'sole_trader' });
}
