import type { CommandScope } from '../../../foundation/command/command.ts';
import { type FieldError, fail, validationError } from '../../../foundation/errors/app-error.ts';
import { claimFile, type FileMime, fileMimes, imageMimes, type VendorFacts } from '../../identity/index.ts';
import { type DocumentType, missingDocuments } from '../case-rules.ts';
import { documentNumber, legalNameOf } from './kyc-fields.ts';
import type { KycInput } from './kyc-input.ts';

export type GivenDocument = { type: DocumentType; number: string | null; fileId: string };
export type GivenKyc = { legalName: string; documents: readonly GivenDocument[] };

/**
 * What the owner sent, canonical. A store that has not said what kind of business it is needs what one person needs.
 * @throws AppError 422 with one entry per fault; a missing document at `documents.<type>`
 */
export function readGiven(body: KycInput, businessType: VendorFacts['businessType']): GivenKyc {
  const faults: FieldError[] = [];
  const legalName = legalNameOf(body.legalName);
  if (legalName === null) faults.push({ path: 'legalName', code: 'name_invalid' });
  const types = new Set<DocumentType>();
  const files = new Set<string>();
  const documents = body.documents.map(({ type, documentNumber: typed, fileId }, index): GivenDocument => {
    const at = `documents.${index}`;
    const number = typed ? documentNumber(type, typed) : null;
    if (typed && number === null) faults.push({ path: `${at}.documentNumber`, code: 'document_number_invalid' });
    if (types.has(type)) faults.push({ path: `${at}.type`, code: 'invalid_value' });
    if (files.has(fileId)) faults.push({ path: `${at}.fileId`, code: 'invalid_value' });
    types.add(type);
    files.add(fileId);
    return { type, number, fileId };
  });
  for (const [first] of missingDocuments(businessType ?? 'sole_trader', types)) {
    if (first) faults.push({ path: `documents.${first}`, code: 'required' });
  }
  if (legalName === null || faults.length > 0) throw validationError(faults);
  return { legalName, documents };
}

const typesOf = (type: DocumentType): readonly FileMime[] => (type === 'selfie' ? imageMimes : fileMimes);

/**
 * Makes the files proofs of this submission. One that is not the caller's is not there, whoever's it is.
 * @throws AppError 404 `not_found`, 422 `invalid_value` at the file that serves something else or is of the wrong type
 */
export async function claimFiles(
  scope: CommandScope,
  documents: readonly GivenDocument[],
  { ownerUserId, submissionId }: { ownerUserId: string; submissionId: string | null },
): Promise<void> {
  const named = await scope.tx.kycDocument.findMany({ where: { fileId: { in: documents.map(({ fileId }) => fileId) } } });
  const elsewhere = new Set(named.filter((document) => document.submissionId !== submissionId).map(({ fileId }) => fileId));
  for (const [index, { type, fileId }] of documents.entries()) {
    const claimed = await claimFile(scope, { fileId, ownerUserId, purpose: 'kyc', allow: typesOf(type) });
    if (claimed === 'unknown') fail('not_found');
    if (claimed !== 'claimed' || elsewhere.has(fileId)) {
      throw validationError([{ path: `documents.${index}.fileId`, code: 'invalid_value' }]);
    }
  }
}
