import type { ReviewCase } from '@prisma/client';
import type { CommandDeps } from '../../../foundation/command/command.ts';
import { type ProductEvidence, productForReview, type RevisionEvidence, revisionForReview } from '../../catalog/index.ts';
import { type VendorEvidence, vendorForReview } from '../../identity/index.ts';
import { type KycEvidence, kycForReview } from '../kyc/kyc.queries.ts';
import type { ChangedValue, Signal } from './case-shapes.ts';

/** What is under review, as its module shows it; `null` where it is gone (erased, deleted). */
export type CaseEvidence =
  | { kind: 'vendor'; vendor: VendorEvidence | null; kyc: KycEvidence | null }
  | { kind: 'kyc'; kyc: KycEvidence | null; vendor: VendorEvidence | null }
  | { kind: 'product'; product: ProductEvidence | null; vendor: VendorEvidence | null }
  | { kind: 'product_revision'; revision: RevisionEvidence | null; product: ProductEvidence | null };

export type Gathered = {
  evidence: CaseEvidence;
  signals: Signal[];
  /** What was handed in besides the record itself since a moment, such as other documents. */
  changed: (since: Date | null) => ChangedValue[];
};

/** The evidence of a case. Of a blind one, what the first answer left on the subject is left out as well. */
export async function evidenceOf(
  deps: CommandDeps,
  { kind, subjectId, vendorId }: ReviewCase,
  { isBlind }: { isBlind: boolean },
): Promise<Gathered> {
  const { prisma } = deps.database;
  switch (kind) {
    case 'vendor': {
      const proofs = await prisma.kycSubmission.findUnique({ where: { vendorId: subjectId }, select: { id: true } });
      const vendor = unjudged(await vendorForReview(prisma, subjectId), isBlind);
      const kyc = proofs && (await kycForReview(prisma, proofs.id));
      return { evidence: { kind, vendor, kyc }, signals: storeSignals(vendor), changed: (since) => newAccounts(vendor, since) };
    }
    case 'kyc': {
      const [kyc, vendor] = [await kycForReview(prisma, subjectId), await vendorForReview(prisma, vendorId)];
      return {
        evidence: { kind, kyc, vendor },
        signals: [...proofSignals(kyc), ...storeSignals(vendor)],
        changed: () => newDocuments(kyc),
      };
    }
    case 'product': {
      const [product, vendor] = [unjudged(await productForReview(prisma, subjectId), isBlind), await vendorForReview(prisma, vendorId)];
      return { evidence: { kind, product, vendor }, signals: [...listingSignals(product), ...storeSignals(vendor)], changed: () => [] };
    }
    case 'product_revision': {
      const revision = await revisionForReview(prisma, subjectId);
      const product = revision && unjudged(await productForReview(prisma, revision.product.id), isBlind);
      return { evidence: { kind, revision, product }, signals: [...checkSignals(revision), ...listingSignals(product)], changed: () => [] };
    }
    default:
      return kind satisfies never;
  }
}

function unjudged<Judged extends { lastDecision: unknown }>(evidence: Judged | null, isBlind: boolean): Judged | null {
  return evidence && isBlind ? { ...evidence, lastDecision: null } : evidence;
}

const shared = {
  bank: 'payout account',
  contact: 'contact',
  tax_id: 'tax id',
  device: 'device',
} as const;

const grave: ReadonlySet<string> = new Set(['suspended', 'rejected', 'closed']);

function storeSignals(vendor: VendorEvidence | null): Signal[] {
  return (vendor?.signals ?? []).map(({ kind, vendorId, storeName, status }) => ({
    key: `shared_${kind}`,
    level: grave.has(status) ? 'danger' : 'warn',
    text: `Same ${shared[kind]} as ${storeName ?? 'another store'}, which is ${status.replaceAll('_', ' ')}.`,
    link: { resource: 'Vendor', id: vendorId },
  }));
}

function proofSignals(kyc: KycEvidence | null): Signal[] {
  return (kyc?.documents ?? []).flatMap(({ label, sameNumberAt }) =>
    sameNumberAt.map(({ vendorId, storeName, status }) => ({
      key: 'same_document',
      level: 'danger' as const,
      text: `${label}: the same number was shown by ${storeName ?? 'another store'}${status ? `, which is ${status.replaceAll('_', ' ')}` : ''}.`,
      link: { resource: 'Vendor', id: vendorId },
    })),
  );
}

function listingSignals(product: ProductEvidence | null): Signal[] {
  if (!product) return [];
  const price: Signal[] = product.price.isOutlier
    ? [{ key: 'price', level: 'warn', text: 'The price is far from the median of its category.', link: null }]
    : [];
  const twins = product.duplicates.map(({ id, title, score, isSameStore }): Signal => {
    const whose = isSameStore ? 'of the same store' : 'of another store';
    return {
      key: 'duplicate',
      level: score >= 80 ? 'danger' : 'warn',
      text: `${score} % like “${title}” ${whose}.`,
      link: { resource: 'Product', id },
    };
  });
  return [...price, ...twins, ...noticedIn(product)];
}

const noticedLevels = { banned_word: 'danger', watched_word: 'warn', store_risk: 'warn' } as const;

/** What was noticed when it was handed in and is worked out nowhere else: words of the list, and the risk of its store. */
function noticedIn({ signals }: ProductEvidence): Signal[] {
  return signals.flatMap(({ rule, evidence }): Signal[] =>
    rule === 'duplicate' || rule === 'price_outlier' ? [] : [{ key: rule, level: noticedLevels[rule], text: `${evidence}.`, link: null }],
  );
}

function checkSignals(revision: RevisionEvidence | null): Signal[] {
  return (revision?.checks ?? [])
    .filter(({ ok }) => !ok)
    .map(({ rule, note }) => ({ key: rule, level: 'warn', text: note ?? rule.replaceAll('_', ' '), link: null }));
}

function newAccounts(vendor: VendorEvidence | null, since: Date | null): ChangedValue[] {
  return (vendor?.bankAccounts ?? [])
    .filter(({ createdAt }) => since !== null && createdAt > since)
    .map(({ bankName, accountLast4 }) => ({
      ...{ field: 'bank_account', label: 'Bank account', before: null, isEncrypted: false },
      after: `${bankName} ••${accountLast4.trim()}`,
    }));
}

function newDocuments(kyc: KycEvidence | null): ChangedValue[] {
  return (kyc?.documents ?? [])
    .filter(({ isNew }) => isNew)
    .map(({ type, label }) => ({ field: type, label, before: null, after: 'Handed in anew', isEncrypted: false }));
}
