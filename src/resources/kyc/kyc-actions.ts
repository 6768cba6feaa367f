import { commandAction, type Row } from '../../admin/index.ts';
import { type OpenedDocument, openKycDocument, type RevealedNumber, reopenKyc, revealKycNumber } from '../../modules/review/index.ts';

/** The output of a command is `unknown` to the frame; it is the command's own. */
const opened = (output: unknown) => output as OpenedDocument;
const revealed = (output: unknown) => output as RevealedNumber;

/** Looking at proofs has few honest reasons. */
const reasonCodes = ['policy', 'fraud', 'security', 'legal', 'other'];

/**
 * What can be done with proofs of identity. `open` and `revealNumber` stand beside a document, on the record page and in the review
 * screen, and take `{documentId}`; what they show leaves with the answer and is kept nowhere.
 */
export const kycActions = [
  commandAction(openKycDocument, {
    name: 'open',
    label: 'Open document',
    effect: 'Shows it once, with your name across it; uses one of the reveals of the day',
    placement: ['record'],
    group: 'careful',
    reasonCodes,
    message: (output) => `Opened. The link works once, for ${opened(output).linkSeconds} seconds.`,
    shown: (output) => ({ ...opened(output) }),
    isInline: true,
  }),
  commandAction(revealKycNumber, {
    name: 'revealNumber',
    label: 'Show number',
    effect: 'Shows the number for 60 seconds; uses one of the reveals of the day',
    placement: ['record'],
    group: 'careful',
    reasonCodes,
    message: () => 'Shown for 60 seconds.',
    shown: (output) => ({ ...revealed(output) }),
    isInline: true,
  }),
  commandAction(reopenKyc, {
    name: 'reopen',
    label: 'Let hand in again',
    effect: 'A rejected owner may hand in documents again',
    placement: ['record'],
    group: 'careful',
    reasonCodes: ['customer_request', 'error_correction', 'policy', 'legal', 'other'],
    message: () => 'Reopened. The owner was told and can hand in documents again.',
    refusal: refusalOf,
  }),
];

function refusalOf(row: Row): string | null {
  return row.status === 'rejected' ? null : 'Rejected submissions only.';
}
