import { type CommandAction, commandAction, type Row } from '../../admin/index.ts';
import type { PermissionKey } from '../../foundation/access/matrix.ts';
import type { StaffActor } from '../../foundation/runtime/actor.ts';
import { approvalRight, decisions, isAboutStaff } from '../../modules/support/index.ts';
import { statusWord } from './approval-words.ts';

/** Approve, deny and take back. The right is that of the request's kind; here is only how it reads. */
export const approvalActions: readonly CommandAction[] = [
  commandAction(decisions.approve, {
    name: 'approve',
    label: 'Approve',
    effect: 'Has it carried out at once, under both names',
    placement: ['record'],
    group: 'two_people',
    reasonCodes: ['customer_request', 'security', 'policy', 'legal', 'error_correction', 'other'],
    right: rightOf,
    refusal: waitingOnly,
    message: (_output, row) =>
      row?.kind === 'erasure'
        ? 'Approved. It is carried out once the days to call it off are over.'
        : 'Approved. It is being carried out; whoever asked is told how it ends.',
  }),
  commandAction(decisions.deny, {
    name: 'deny',
    label: 'Deny',
    effect: 'Ends the request; nothing changes',
    placement: ['record'],
    group: 'two_people',
    reasonCodes: ['security', 'fraud', 'policy', 'error_correction', 'legal', 'other'],
    right: rightOf,
    refusal: waitingOnly,
    message: () => 'Denied. Nothing changes; whoever asked is told.',
  }),
  commandAction(decisions.cancel, {
    name: 'cancel',
    label: 'Take back',
    effect: 'Ends your own request; nothing changes',
    placement: ['record'],
    group: 'careful',
    right: rightOf,
    refusal: (row, staff, now) =>
      waitingOnly(row, staff, now) ?? (row.requestedBy === staff.id ? null : 'Only whoever asked can take it back.'),
    message: () => 'Taken back. Nothing changes.',
  }),
];

function rightOf(row: Row): PermissionKey {
  const kind = kinds.find((name) => name === row.kind) ?? 'mfa_reset';
  const request = { kind, evidence: row.evidence };
  return approvalRight(request, isAboutStaff(request));
}

const kinds = ['mfa_reset', 'contact_change', 'erasure', 'bank_change', 'staff_grant', 'passkey_removal'] as const;

function waitingOnly(row: Row, _staff: StaffActor, now: Date): string | null {
  if (row.status !== 'requested') return `Waiting requests only: this one is ${statusWord(row)}.`;
  return row.expiresAt instanceof Date && row.expiresAt <= now ? 'Its 48 hours are over: ask again.' : null;
}
