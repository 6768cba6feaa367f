import type { ReviewCase } from '@prisma/client';
import type { CommandScope } from '../../../foundation/command/command.ts';
import { fail } from '../../../foundation/errors/app-error.ts';
import { vendorFacts } from '../../identity/index.ts';
import { subjectFacts } from './subject.ts';

/**
 * What an approval asks of the subject before a second person is bothered; the second answer asks it again, in the step itself.
 * @throws AppError 409 `subject_changed`, `transition_not_allowed`, `vendor_incomplete`
 */
export async function requireDecidable({ tx }: CommandScope, reviewCase: ReviewCase): Promise<void> {
  const facts = await subjectFacts(tx, reviewCase);
  if (facts?.state !== 'in_review') fail('transition_not_allowed', { extra: { rule: 'subject_elsewhere' } });
  if (facts.version !== reviewCase.subjectVersion)
    fail('subject_changed', { extra: { expectedVersion: reviewCase.subjectVersion, currentVersion: facts.version } });
  if (reviewCase.kind !== 'vendor') return;
  const store = (await vendorFacts(tx, [reviewCase.subjectId])).get(reviewCase.subjectId) ?? fail('not_found');
  const missing = [
    ...(store.isKycDone ? [] : ['kyc']),
    ...(store.collections.length >= 1 && store.collections.length <= 15 ? [] : ['collections']),
  ];
  if (missing.length > 0) fail('vendor_incomplete', { errors: missing.map((path) => ({ path, code: 'required' as const })) });
}
