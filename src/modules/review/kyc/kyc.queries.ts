import type { KycDocument, KycSubmission } from '@prisma/client';
import type { CommandDeps } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import type { Tx } from '../../../foundation/runtime/database.ts';
import { type PrivateFileFacts, privateFileFacts, type VendorFacts, vendorFacts, vendorOfUser } from '../../identity/index.ts';
import { type DocumentType, requiredDocuments } from '../case-rules.ts';
import { documentLabels } from './document-words.ts';
import { type KycView, kycView, nothingSent } from './kyc-view.ts';

/** One document, without what is on it: its file and number are opened one by one, each time recorded. */
export type KycDocumentEvidence = {
  id: string;
  type: DocumentType;
  label: string;
  status: KycDocument['status'];
  note: string | null;
  hasNumber: boolean;
  numberLast4: string | null;
  /** Null once its bytes are gone. */
  contentType: string | null;
  bytes: number | null;
  isPdf: boolean;
  handedInAt: Date;
  /** Handed in since the last decision. */
  isNew: boolean;
  /** Other stores that showed a document of this number, whatever its type. */
  sameNumberAt: readonly { vendorId: string; storeName: string | null; status: VendorFacts['status'] | null }[];
};

export type KycEvidence = {
  id: string;
  version: number;
  status: KycSubmission['status'];
  vendorId: string;
  ownerUserId: string;
  storeName: string | null;
  businessType: VendorFacts['businessType'];
  legalNameMasked: string | null;
  notesToVendor: string | null;
  submittedAt: Date | null;
  reviewedAt: Date | null;
  reviewedBy: string | null;
  secondReviewedBy: string | null;
  retentionUntil: Date | null;
  /** Each group needs one of its documents. */
  required: readonly { oneOf: readonly DocumentType[]; label: string; isGiven: boolean }[];
  documents: readonly KycDocumentEvidence[];
};

type Reader = Pick<Tx, 'kycSubmission' | 'kycDocument' | 'privateFile' | 'vendor'>;

/** What a reviewer is shown of the proofs of a store; nothing in clear. Null when there is no such submission. */
export async function kycForReview(db: Reader, submissionId: string): Promise<KycEvidence | null> {
  const row = await db.kycSubmission.findUnique({ where: { id: submissionId }, include: { documents: { orderBy: { type: 'asc' } } } });
  if (!row) return null;
  const store = (await vendorFacts(db, [row.vendorId])).get(row.vendorId);
  const files = await privateFileFacts(
    db,
    row.documents.map(({ fileId }) => fileId),
  );
  const shared = await sameNumbers(db, row);
  const given = new Set(row.documents.map(({ type }) => type));
  const { id, version, status, vendorId, ownerUserId, legalNameMasked, notesToVendor, submittedAt } = row;
  return {
    ...{ id, version, status, vendorId, ownerUserId, legalNameMasked, notesToVendor, submittedAt },
    ...{ reviewedAt: row.reviewedAt, reviewedBy: row.reviewedBy, secondReviewedBy: row.secondReviewedBy },
    retentionUntil: row.retentionUntil,
    storeName: store?.storeName ?? null,
    businessType: store?.businessType ?? null,
    required: requiredDocuments(store?.businessType ?? 'sole_trader').map((oneOf) => ({
      oneOf,
      label: oneOf.map((type) => documentLabels[type]).join(' or '),
      isGiven: oneOf.some((type) => given.has(type)),
    })),
    documents: row.documents.map((document) => evidenceOf(document, { submission: row, file: files.get(document.fileId), shared })),
  };
}

type Shared = ReadonlyMap<string, KycDocumentEvidence['sameNumberAt']>;

function evidenceOf(
  document: KycDocument,
  { submission, file, shared }: { submission: KycSubmission; file: PrivateFileFacts | undefined; shared: Shared },
): KycDocumentEvidence {
  const { id, type, status, note, numberLast4, numberBidx, createdAt } = document;
  const isThere = file !== undefined && !file.isDeleted;
  return {
    ...{ id, type, status, note },
    label: documentLabels[type],
    hasNumber: numberBidx !== null,
    numberLast4: numberLast4?.trim() ?? null,
    contentType: isThere ? file.mime : null,
    bytes: isThere ? file.bytes : null,
    isPdf: isThere && file.mime === 'application/pdf',
    handedInAt: createdAt,
    isNew: submission.reviewedAt !== null && createdAt > submission.reviewedAt,
    sameNumberAt: shared.get(id) ?? [],
  };
}

/** By document: the stores of others that showed the same number. */
async function sameNumbers(db: Reader, { id, documents }: KycSubmission & { documents: KycDocument[] }): Promise<Shared> {
  const numbers = documents.flatMap(({ numberBidx }) => (numberBidx ? [numberBidx] : []));
  if (numbers.length === 0) return new Map();
  const twins = await db.kycDocument.findMany({
    where: { numberBidx: { in: numbers }, submissionId: { not: id } },
    select: { numberBidx: true, submission: { select: { vendorId: true } } },
    take: 50,
  });
  const stores = await vendorFacts(
    db,
    twins.map(({ submission }) => submission.vendorId),
  );
  return new Map(
    documents.map(({ id: documentId, numberBidx }) => {
      const same = twins.filter((twin) => numberBidx && twin.numberBidx && Buffer.from(numberBidx).equals(twin.numberBidx));
      const vendorIds = [...new Set(same.map(({ submission }) => submission.vendorId))];
      return [
        documentId,
        vendorIds.map((vendorId) => {
          const store = stores.get(vendorId);
          return { vendorId, storeName: store?.storeName ?? null, status: store?.status ?? null };
        }),
      ];
    }),
  );
}

/** GET /account/vendor/kyc. @throws AppError 403 `role_required` for a shopper */
export async function readOwnKyc({ database }: Pick<CommandDeps, 'database'>, userId: string): Promise<KycView> {
  const vendorId = (await vendorOfUser(database.prisma, userId)) ?? fail('role_required');
  const row = await database.prisma.kycSubmission.findUnique({ where: { vendorId }, include: { documents: { orderBy: { type: 'asc' } } } });
  return row ? kycView(row) : nothingSent;
}

/** The rounds of a submission for its record page, newest first: when, how it ended, and who decided. Quality samples are not among them. */
export async function casesOfKyc({ database }: Pick<CommandDeps, 'database'>, submissionId: string) {
  const rows = await database.prisma.reviewCase.findMany({
    where: { kind: 'kyc', subjectId: submissionId, sampleOfId: null },
    orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
    take: 20,
    select: { id: true, round: true, status: true, createdAt: true, decidedAt: true, claimedBy: true },
  });
  return rows;
}
