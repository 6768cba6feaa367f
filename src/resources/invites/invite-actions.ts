import { type CommandAction, commandAction, type Row } from '../../admin/index.ts';
import { staffCommands } from '../../modules/identity/index.ts';

const { resendInvite, cancelInvite } = staffCommands;

/** What may be done with an invitation that nobody accepted yet. */
export const inviteActions: readonly CommandAction[] = [
  commandAction(resendInvite, {
    label: 'Send again',
    effect: 'A new link for 24 hours; the earlier one stops working',
    placement: ['record'],
    group: 'everyday',
    reasonCodes: ['customer_request', 'error_correction', 'other'],
    message: (_output, row) => `Sent again to ${addressOf(row)}. The new link works once and for 24 hours.`,
    refusal: openOnly,
  }),
  commandAction(cancelInvite, {
    label: 'Withdraw',
    effect: 'The link stops working; nobody is told',
    placement: ['record'],
    group: 'careful',
    reasonCodes: ['policy', 'error_correction', 'security', 'other'],
    message: (_output, row) => `Withdrawn. The link that ${addressOf(row)} got opens nothing any more.`,
    refusal: openOnly,
  }),
];

function openOnly(row: Row): string | null {
  if (row.acceptedAt) return 'Open invitations only: this one was accepted.';
  return row.cancelledAt ? 'Open invitations only: this one was withdrawn.' : null;
}

function addressOf(row: Row | null): string {
  return typeof row?.emailMasked === 'string' ? row.emailMasked : 'the address';
}
