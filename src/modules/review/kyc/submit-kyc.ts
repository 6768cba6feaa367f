import { defineCommand } from '../../../foundation/command/command.ts';
import { mayTake } from '../../../foundation/command/state-machine.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { lockOwnAccount, setKycSent, type VendorFacts, vendorFacts, vendorOfUser } from '../../identity/index.ts';
import { kycStates } from '../case-states.ts';
import { claimFiles, readGiven } from './given-documents.ts';
import { type KycInput, kycInput } from './kyc-input.ts';
import { type KycRecord, loadKyc, loadKycOfVendor } from './kyc-record.ts';
import { type KycView, kycView } from './kyc-view.ts';
import { writeKyc } from './write-kyc.ts';

type Loaded = { ownerUserId: string; store: VendorFacts; submission: KycRecord | null };

/**
 * draft, resubmit -> submitted (product.md 4.5): the proofs of a store, handed in by its owner. Name and numbers are sealed under the
 * owner's key; a number is found again by its blind index only. What is handed in again takes the place of what was there, and the
 * files that are not named any more are deleted. `review.kyc.submitted` opens the case.
 * @throws AppError 403 `role_required`, 404 `not_found` for a file that is not the owner's, 409 `kyc_in_review`,
 *   `transition_not_allowed`, 412 `version_conflict`, 422 `document_number_invalid`, `name_invalid`, `required` for a missing document,
 *   `invalid_value` for a document named twice or a file that serves something else
 */
export const submitKyc = defineCommand<KycInput, KycView, undefined, Loaded>({
  name: 'submit-kyc',
  resource: 'kyc_submission',
  access: 'owner',
  input: kycInput,
  isIdempotent: false,
  async load(scope) {
    const account = await lockOwnAccount(scope);
    const vendorId = (account.kind === 'vendor' ? await vendorOfUser(scope.tx, account.id) : null) ?? fail('role_required');
    const store = (await vendorFacts(scope.tx, [vendorId])).get(vendorId) ?? fail('role_required');
    return { ownerUserId: account.id, store, submission: await loadKycOfVendor(scope, vendorId) };
  },
  version: ({ submission }) => submission?.version ?? 0,
  async run(scope, body, { ownerUserId, store, submission }) {
    if (submission) scope.touched(submission.id);
    const status = submission?.status ?? kycStates.initial;
    if (status === 'submitted' || status === 'in_review') return { refused: 'kyc_in_review' };
    if (!mayTake(kycStates, 'submit', status) || store.status === 'closed') return { refused: 'transition_not_allowed' };
    const given = readGiven(body, store.businessType);
    await claimFiles(scope, given.documents, { ownerUserId, submissionId: submission?.id ?? null });
    const written = await writeKyc(scope, given, { ownerUserId, vendorId: store.id, submission });
    await setKycSent(scope, store.id, given.legalName);
    scope.touched(written.id, store.id, ownerUserId);
    scope.emit({
      name: 'review.kyc.submitted',
      aggregateId: written.id,
      payload: { vendorId: store.id, caseId: null, userId: ownerUserId, submissionId: written.id, version: written.version },
    });
    return kycView(await loadKyc(scope, written.id));
  },
});
