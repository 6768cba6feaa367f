import { join } from 'node:path';
import { defineResource, type ResourceActor, type Row } from '../../admin/index.ts';
import { grantFor } from '../../foundation/access/evaluate.ts';
import { dailyQuotaLeft } from '../../foundation/command/daily-quota.ts';
import { actorNames } from '../../modules/identity/index.ts';
import { casesOfKyc, kycForReview, kycReach } from '../../modules/review/index.ts';
import { kycActions } from './kyc-actions.ts';
import { kycStates } from './kyc-words.ts';

/** Proofs of identity: where each stands. What is on a document is opened one by one, for the case somebody holds. */
export const kycResource = defineResource({
  id: 'KycSubmission',
  noun: 'kyc_submission',
  title: 'KYC',
  singular: 'KYC submission',
  icon: 'shield',
  navigationGroup: 'Marketplace',
  model: 'KycSubmission',
  columns: {
    vendorId: { type: 'reference', label: 'Store', reference: 'Vendor', isKey: true },
    status: { type: 'enum', label: 'Status', states: kycStates, isKey: true },
    legalNameMasked: { type: 'masked', label: 'Legal name', isKey: true },
    ownerUserId: { type: 'reference', label: 'Owner', reference: 'User' },
    submittedAt: { type: 'datetime', label: 'Handed in' },
    reviewedAt: { type: 'datetime', label: 'Decided' },
    createdAt: { type: 'datetime', label: 'Since' },
    reviewedBy: { type: 'reference', label: 'Decided by', reference: 'Staff', in: ['show'], section: 'Review' },
    secondReviewedBy: { type: 'reference', label: 'Second person', reference: 'Staff', in: ['show'], section: 'Review' },
    notesToVendor: { type: 'text', label: 'Words to the owner', in: ['show'], section: 'Review' },
    retentionUntil: { type: 'datetime', label: 'Kept until', in: ['show'], section: 'Review' },
    id: { type: 'id', label: 'Id', in: ['show'] },
  },
  filters: {
    status: { type: 'enum', label: 'Status', operators: ['equals', 'in'] },
    vendorId: { type: 'uuid', label: 'Store (id)', operators: ['equals', 'in'] },
    ownerUserId: { type: 'uuid', label: 'Owner (id)', operators: ['equals', 'in'] },
    submittedAt: { type: 'datetime', label: 'Handed in', operators: ['between', 'isEmpty'] },
    createdAt: { type: 'datetime', label: 'Since', operators: ['between'] },
    id: { type: 'uuid', label: 'Id', operators: ['equals', 'in'] },
  },
  sorts: { createdAt: { index: 'kyc_submission_created_at_id_idx' } },
  defaultSort: { field: 'createdAt', direction: 'desc' },
  scope: null,
  permissions: { list: 'kyc_submission.show_status', show: 'kyc_submission.show_status', search: 'kyc_submission.show_status' },
  recordTitle: {
    from: ['legalNameMasked'],
    of: (row) => (typeof row.legalNameMasked === 'string' ? `KYC of ${row.legalNameMasked}` : 'KYC submission'),
  },
  names: (ids, { deps }) => actorNames(deps, ids),
  enrich: withReach,
  subject: (row) => ({ userId: String(row.ownerUserId), kind: 'vendor', rank: 0, isOwn: row.isMine === true }),
  hidden: ['version'],
  actions: kycActions,
  components: { show: join(import.meta.dirname, 'kyc-page.component.tsx') },
  extra: kycExtra,
  historyTable: 'review.kyc_submission',
  isPersonalData: true,
});

/** Whether the reader holds the case, or gives its second answer: only then are the documents theirs to open. */
async function withReach(rows: readonly Row[], { staff, deps }: ResourceActor): Promise<readonly Row[]> {
  if (!grantFor(staff, 'kyc_document.open', { now: deps.clock.now() })?.own) return rows;
  const mine = await kycReach(
    deps,
    staff,
    rows.map(({ id }) => String(id)),
  );
  return rows.map((row) => ({ ...row, isMine: mine.has(String(row.id)) }));
}

/** Whoever reads the status alone sees which documents there are and how each stands; the rest is for those who may open them. */
async function kycExtra(row: Row, { staff, deps }: ResourceActor): Promise<Readonly<Record<string, unknown>>> {
  const evidence = await kycForReview(deps.database.prisma, String(row.id));
  const now = deps.clock.now();
  const mayOpen = grantFor(staff, 'kyc_document.open', { now }) !== null;
  const documents = (evidence?.documents ?? []).map((document) =>
    mayOpen ? document : { ...document, note: null, numberLast4: null, sameNumberAt: [], contentType: null, bytes: null },
  );
  const cases = await casesOfKyc(deps, String(row.id));
  return {
    documents,
    required: evidence?.required ?? [],
    cases,
    mayOpen,
    quotaLeft: mayOpen ? await dailyQuotaLeft(deps, staff, 'reveals') : null,
    now,
  };
}
