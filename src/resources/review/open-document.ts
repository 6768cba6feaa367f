import { describeAction } from '../../admin/action-states.ts';
import { commandAction, type PageRequest } from '../../admin/index.ts';
import { decide, offerOf } from '../../foundation/access/evaluate.ts';
import { translate } from '../../foundation/i18n/translate.ts';
import { openKycDocument, type ReviewCaseView } from '../../modules/review/index.ts';
import type { Section } from './review-types.ts';

/** How the button beside a document reads; it is posted to the action `open` of the submission itself. */
const open = commandAction(openKycDocument, {
  name: 'open',
  label: 'Open document',
  effect: 'Shows it once, for a minute, with your name across it. Uses one of your reveals of today.',
  placement: ['resource'],
  group: 'careful',
  reasonCodes: ['policy', 'fraud', 'security', 'legal', 'other'],
  message: () => '',
});

/** Null for people who never may; refused, with its sentence, where the case is not theirs. */
export function openDocument(
  { staff, now }: PageRequest,
  { part }: ReviewCaseView,
  ownerUserId: string,
): Extract<Section, { kind: 'documents' }>['open'] {
  if (offerOf(staff, open.permission, now) === 'hidden') return null;
  const subject = { userId: ownerUserId, kind: 'vendor' as const, rank: 0, isOwn: part === 'claimer' || part === 'second' };
  const decision = decide({ actor: staff, permission: open.permission, subject, now });
  return describeAction(open, decision.isAllowed ? null : translate('en', decision.sentence));
}
