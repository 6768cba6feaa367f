import type { ReviewCase } from '@prisma/client';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import type { Tx } from '../../../foundation/runtime/database.ts';
import { productFacts, productStep, revisionFacts, revisionStep } from '../../catalog/index.ts';
import { vendorFacts, vendorStep } from '../../identity/index.ts';
import type { KycStep } from '../case-states.ts';
import type { CaseKind } from '../checklists.ts';
import { kycStep } from '../kyc/kyc-step.ts';
import type { FieldNote } from './case-shapes.ts';

/** What is under review, as its owner's module tells it. */
export type SubjectFacts = {
  vendorId: string;
  ownerUserId: string;
  title: string | null;
  version: number;
  /** `waiting` for somebody to take it, `in_review`, or neither: then a case about it is over. */
  state: 'waiting' | 'in_review' | 'elsewhere';
  riskScore: number;
  /** It was live once and was taken down: only a lead decides on it. */
  wasTakenDown: boolean;
  /** A suggestion of an enhancer; it waits behind what a vendor waits for. */
  isSuggestion: boolean;
};

type Ref = Pick<ReviewCase, 'kind' | 'subjectId'>;

/** The facts of now; null where there is no such subject. */
export async function subjectFacts(tx: Tx, { kind, subjectId }: Ref): Promise<SubjectFacts | null> {
  switch (kind) {
    case 'vendor':
      return ofVendor(tx, subjectId);
    case 'kyc':
      return ofKyc(tx, subjectId);
    case 'product':
      return ofProduct(tx, subjectId);
    case 'product_revision':
      return ofRevision(tx, subjectId);
    default:
      return kind satisfies never;
  }
}

const plain = { wasTakenDown: false, isSuggestion: false } as const;

async function ofVendor(tx: Tx, id: string): Promise<SubjectFacts | null> {
  const store = (await vendorFacts(tx, [id])).get(id);
  if (!store) return null;
  const { ownerUserId, storeName, version, status, riskScore } = store;
  return { ...plain, vendorId: id, ownerUserId, title: storeName, version, riskScore, state: stateOf(status, 'submitted') };
}

async function ofKyc(tx: Tx, id: string): Promise<SubjectFacts | null> {
  const submission = await tx.kycSubmission.findUnique({ where: { id } });
  if (!submission) return null;
  const { vendorId, ownerUserId, version, status } = submission;
  const store = (await vendorFacts(tx, [vendorId])).get(vendorId);
  const facts = { vendorId, ownerUserId, version, title: store?.storeName ?? null, riskScore: store?.riskScore ?? 0 };
  return { ...plain, ...facts, state: stateOf(status, 'submitted') };
}

async function ofProduct(tx: Tx, id: string): Promise<SubjectFacts | null> {
  const product = (await productFacts(tx, [id])).get(id);
  if (!product) return null;
  const { vendorId, ownerUserId, title, version, status, riskScore, wasTakenDown } = product;
  return { ...plain, vendorId, ownerUserId, title, version, riskScore, wasTakenDown, state: stateOf(status, 'pending') };
}

async function ofRevision(tx: Tx, id: string): Promise<SubjectFacts | null> {
  const revision = (await revisionFacts(tx, [id])).get(id);
  if (!revision) return null;
  const { vendorId, ownerUserId, title, version, status, kind, riskScore } = revision;
  const state = status === 'proposed' ? ('waiting' as const) : ('elsewhere' as const);
  return { ...plain, vendorId, ownerUserId, title, version, riskScore, state, isSuggestion: kind === 'suggestion' };
}

function stateOf(status: string, waiting: string): SubjectFacts['state'] {
  if (status === waiting) return 'waiting';
  return status === 'in_review' ? 'in_review' : 'elsewhere';
}

/** A step of the subject that follows from a step of its case. */
export type SubjectStep = 'claim' | 'release' | 'approve' | 'reject' | 'request_changes';
export type SubjectMove = {
  step: SubjectStep;
  by: string | null;
  secondBy?: string | null;
  code?: string;
  text?: string;
  notes?: readonly FieldNote[];
  /** Of a revision: what is taken over; all of it where it is left out. */
  acceptedFields?: readonly string[];
};

/**
 * Takes the step through the owner's module, in this transaction. Decisions are made on the version that was looked at; claiming and
 * releasing change nothing that a decision rests on.
 * @throws AppError 409 `transition_not_allowed`, `subject_changed`, `vendor_incomplete`
 */
export async function moveSubject(scope: CommandScope, reviewCase: ReviewCase, move: SubjectMove): Promise<void> {
  const { id: caseId, kind, subjectId, subjectVersion } = reviewCase;
  const { step, by, secondBy = null, code, text, notes, acceptedFields } = move;
  const isDecision = step !== 'claim' && step !== 'release';
  const words = { ...(code === undefined ? {} : { code }), ...(text === undefined ? {} : { text }) };
  const common = { by, ...words, caseId, ...(isDecision ? { version: subjectVersion } : {}), ...(notes ? { notes } : {}) };
  switch (kind) {
    case 'vendor':
      await vendorStep(scope, { ...common, vendorId: subjectId, step, secondBy });
      return;
    case 'kyc':
      await kycStep(scope, { ...common, submissionId: subjectId, step: kycSteps[step], secondBy });
      return;
    case 'product':
      await productStep(scope, { ...common, productId: subjectId, step });
      return;
    case 'product_revision':
      if (isDecision) await decideRevision(scope, reviewCase, { step, by, text, acceptedFields });
      return;
    default:
      kind satisfies never;
  }
}

const kycSteps = {
  claim: 'claim',
  release: 'release',
  approve: 'approve',
  reject: 'reject',
  request_changes: 'request_resubmission',
} as const satisfies Record<SubjectStep, KycStep>;

type RevisionMove = { step: SubjectStep; by: string | null; text: string | undefined; acceptedFields: readonly string[] | undefined };

/** A proposed change is accepted field by field or declined; it is never sent back. */
async function decideRevision(
  scope: CommandScope,
  { subjectId, subjectVersion }: ReviewCase,
  { step, by, text, acceptedFields }: RevisionMove,
): Promise<void> {
  if (step === 'request_changes') fail('transition_not_allowed', { extra: { rule: 'revision_is_not_sent_back' } });
  if (by === null) fail('forbidden', { extra: { rule: 'nobody_decides' } });
  const note = text === undefined || text === '' ? {} : { note: text };
  const isPart = step === 'approve' && acceptedFields !== undefined;
  await revisionStep(scope, {
    revisionId: subjectId,
    step: step === 'reject' ? 'reject' : isPart ? 'accept_partly' : 'accept',
    version: subjectVersion,
    by,
    ...(isPart ? { acceptedFields } : {}),
    ...note,
  });
}

/** Tables whose versions are kept of a subject, the first one as the version under review. */
export const subjectTables: Readonly<Record<CaseKind, string>> = {
  vendor: 'identity.vendor',
  kyc: 'review.kyc_submission',
  product: 'catalog.product',
  product_revision: 'catalog.product_revision',
};
