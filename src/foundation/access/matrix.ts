import { command, type MatrixEntry, read } from './matrix-row.ts';

const _ = '-';
const R = 'R';
const Y = 'Y';
const Q = 'Q';
const P = 'P';
const o = 'own';
const T = 'team';

/**
 * The permission matrix of product.md section 5.3, one line per row there, combined rows split into single actions.
 * Columns: assistant, support, support lead, reviewer, reviewer lead, enhancer, moderator, finance, auditor, admin, super admin.
 *
 * How the shorthand of the specification is read:
 * - `A / B` is two actions in that order; where such a row has undivided cells (queues, settings), `R` reaches the first only.
 * - `Y` on "edit own" of a note is `own`: the author only.
 * - `Y set` (payout hold): set yes, clear no. Numbers (list export) are `Y` with the cap in `exportRowCaps`.
 * - `R` on a command: its form and history may be seen, doing it is refused.
 * - anomaly_case "read, comment": the cells name reading; who may comment follows back-office.md section 7.
 */
export const matrix = Object.freeze({
  // Customers
  ...read(['user.list', 'user.show', 'user.search'], [o, R, R, o, R, _, R, R, R, R, R], { quota: 'people', target: 'customer' }),
  ...command(['user.reveal_contact'], [_, Y, Y, _, _, _, _, Y, _, Y, Y], {
    reason: true,
    ticket: true,
    stepUpMinutes: 15,
    quota: 'reveals',
    target: 'customer',
  }),
  ...command(['user.edit'], [_, Y, Y, _, _, _, _, _, _, Y, Y], { reason: true, versioned: true, notify: true, target: 'customer' }),
  ...command(['user.resend_code', 'user.send_reset'], [o, Y, Y, _, _, _, _, _, _, Y, Y], {
    ticket: true,
    notify: true,
    target: 'customer',
  }),
  ...command(['user.unlock'], [_, Y, Y, _, _, _, _, _, _, Y, Y], { reason: true, stepUpMinutes: 15, notify: true, target: 'customer' }),
  ...command(['user.verify_identifier'], [_, _, Y, _, _, _, _, _, _, Y, Y], {
    reason: true,
    ticket: true,
    stepUpMinutes: 5,
    notify: true,
    target: 'customer',
  }),
  ...command(['user.suspend'], [_, _, Y, _, _, _, Y, _, _, Y, Y], { reason: true, stepUpMinutes: 15, notify: true, target: 'customer' }),
  ...command(['user.reactivate'], [_, _, Y, _, _, _, _, _, _, Y, Y], { reason: true, stepUpMinutes: 15, notify: true, target: 'customer' }),
  ...command(['user.revoke_sessions'], [_, Y, Y, _, _, _, _, _, _, Y, Y], {
    reason: true,
    stepUpMinutes: 15,
    notify: true,
    target: 'customer',
  }),
  ...command(['user.remove_passkey', 'user.reset_mfa', 'user.change_contact'], [_, Q, P, _, _, _, _, _, _, P, P], {
    reason: true,
    ticket: true,
    stepUpMinutes: 5,
    twoPerson: true,
    notify: true,
    target: 'customer',
  }),
  ...command(['user.erase'], [_, Q, Q, _, _, _, _, _, R, P, P], {
    reason: true,
    ticket: true,
    stepUpMinutes: 5,
    twoPerson: true,
    notify: true,
    target: 'customer',
  }),
  ...command(['user.set_legal_hold', 'user.clear_legal_hold'], [_, _, _, _, _, _, _, _, Y, Y, Y], {
    reason: true,
    stepUpMinutes: 5,
    target: 'customer',
  }),
  ...command(['user.restrict_processing'], [_, _, Y, _, _, _, _, _, _, Y, Y], { reason: true, notify: true, target: 'customer' }),
  ...read(['client.show'], [o, R, R, _, _, _, R, R, R, R, R], { target: 'customer' }),
  ...command(['client_address.edit', 'client.edit_notifications'], [_, Y, Y, _, _, _, _, _, _, Y, Y], {
    reason: true,
    versioned: true,
    notify: true,
    target: 'customer',
  }),
  ...read(['session.list', 'login_event.list', 'rule_trace.show', 'consent.list'], [_, R, R, _, _, _, _, _, R, R, R], {
    target: 'customer',
  }),
  ...read(['delivery.list'], [o, R, R, _, _, _, _, _, R, R, R], { target: 'customer' }),

  // Vendors
  ...read(['vendor.list', 'vendor.show'], [R, R, R, R, R, R, R, R, R, R, R], { target: 'customer' }),
  ...command(['vendor.edit'], [_, _, _, _, _, _, _, _, _, Y, Y], { reason: true, versioned: true, notify: true, target: 'customer' }),
  ...command(
    [
      ...(['vendor.approve', 'vendor.reject', 'vendor.request_changes'] as const),
      ...(['kyc_submission.approve', 'kyc_submission.reject', 'kyc_submission.request_changes'] as const),
      ...(['product.approve', 'product.reject', 'product.request_changes'] as const),
    ],
    [_, _, _, o, o, _, _, _, _, o, o],
    { versioned: true, isDecision: true, target: 'customer' },
  ),
  ...command(['vendor.second_decide', 'kyc_submission.second_decide'], [_, _, _, _, Y, _, _, _, _, Y, Y], {
    stepUpMinutes: 5,
    twoPerson: true,
    isDecision: true,
    target: 'customer',
  }),
  ...command(['vendor.accept_appeal'], [_, _, _, _, _, _, _, _, _, Y, Y], { reason: true, isDecision: true, target: 'customer' }),
  ...command(['vendor.suspend'], [_, _, _, _, Y, _, Y, _, _, Y, Y], { reason: true, stepUpMinutes: 15, notify: true, target: 'customer' }),
  ...command(['vendor.reactivate'], [_, _, _, _, Y, _, _, _, _, Y, Y], {
    reason: true,
    stepUpMinutes: 15,
    notify: true,
    target: 'customer',
  }),
  ...command(['vendor.set_commission', 'vendor.set_tier'], [_, _, _, _, _, _, _, Y, R, _, Y], {
    reason: true,
    stepUpMinutes: 5,
    versioned: true,
    notify: true,
    target: 'customer',
  }),
  ...command(['vendor.set_featured'], [_, _, _, _, Y, _, _, _, _, Y, Y], { reason: true, target: 'customer' }),
  ...command(['vendor.set_payout_hold'], [_, Y, Y, _, _, _, _, Y, _, Y, Y], {
    reason: true,
    stepUpMinutes: 15,
    notify: true,
    target: 'customer',
  }),
  ...command(['vendor.clear_payout_hold'], [_, _, Y, _, _, _, _, Y, _, Y, Y], {
    reason: true,
    stepUpMinutes: 15,
    notify: true,
    target: 'customer',
  }),
  ...read(['vendor_bank_account.show'], [_, R, R, R, R, _, _, R, R, R, R], { target: 'customer' }),
  ...command(['vendor_bank_account.reveal'], [_, _, _, _, _, _, _, Y, _, _, Y], {
    reason: true,
    ticket: true,
    stepUpMinutes: 5,
    quota: 'reveals',
    target: 'customer',
  }),
  ...command(
    ['vendor_bank_account.verify', 'vendor_bank_account.set_default', 'vendor_bank_account.remove', 'vendor_bank_account.change'],
    [_, _, _, _, _, _, _, P, R, _, P],
    { reason: true, stepUpMinutes: 5, twoPerson: true, notify: true, target: 'customer' },
  ),
  ...read(['kyc_submission.show_status'], [_, R, R, R, R, _, _, R, R, R, R], { target: 'customer' }),
  ...command(['kyc_document.open', 'kyc_document.reveal_number'], [_, _, _, o, o, _, _, _, _, Y, Y], {
    reason: true,
    stepUpMinutes: 15,
    quota: 'reveals',
    target: 'customer',
  }),

  // Products and review
  ...read(['product.list', 'product.show'], [R, R, R, R, R, R, R, R, R, R, R], { target: 'customer' }),
  ...command(['product.suggest'], [_, _, _, _, _, Y, _, _, _, _, _], { versioned: true, target: 'customer' }),
  ...command(['product.tag', 'product.mark_duplicate'], [Y, _, _, Y, Y, Y, Y, _, _, Y, Y], { target: 'customer' }),
  ...command(
    ['product.accept_suggestion', 'product.reject_suggestion', 'product.accept_revision', 'product.reject_revision'],
    [_, _, _, o, o, _, _, _, _, Y, Y],
    { versioned: true, isDecision: true, target: 'customer' },
  ),
  ...command(['product.bulk_approve'], [_, _, _, _, Y, _, _, _, _, Y, Y], {
    reason: true,
    stepUpMinutes: 15,
    isDecision: true,
    target: 'customer',
  }),
  ...command(['product.take_down', 'product.archive'], [_, _, _, Y, Y, _, Y, _, _, Y, Y], {
    reason: true,
    notify: true,
    target: 'customer',
  }),
  ...command(['product.edit_price', 'product.edit_stock', 'product.delete', 'product.restore'], [_, _, _, _, _, _, _, _, _, Y, Y], {
    reason: true,
    stepUpMinutes: 15,
    versioned: true,
    notify: true,
    target: 'customer',
  }),
  ...read(['review_case.list', 'review_case.count'], [R, _, _, R, R, R, _, _, R, R, R]),
  ...command(['review_case.take_next'], [_, _, _, Y, Y, _, _, _, _, Y, Y]),
  ...command(['review_case.pick', 'review_case.reassign'], [_, _, _, _, Y, _, _, _, _, Y, Y], { reason: true }),
  ...command(['review_case.prepare'], [Y, _, _, o, o, _, _, _, _, o, o]),

  // Support
  ...read(['ticket.list', 'ticket.show'], [o, R, R, o, o, _, R, o, R, R, R]),
  ...command(['ticket.triage'], [Y, Y, Y, _, _, _, Y, _, _, Y, Y], { versioned: true }),
  ...command(['ticket.draft_reply'], [Y, Y, Y, _, _, _, Y, Y, _, Y, Y]),
  ...command(['ticket.send_reply', 'ticket.wait', 'ticket.resolve'], [_, o, Y, _, _, _, o, o, _, Y, Y], { versioned: true, notify: true }),
  ...command(['ticket.take_next', 'ticket.claim'], [o, Y, Y, _, _, _, Y, Y, _, Y, Y]),
  ...command(['ticket.assign'], [_, _, Y, _, _, _, _, _, _, Y, Y]),
  ...command(['ticket.escalate'], [Y, Y, Y, _, _, _, Y, Y, _, Y, Y], { reason: true }),
  ...command(['ticket.answer_escalation'], [_, _, Y, _, _, _, _, _, _, Y, Y], { reason: true }),
  ...command(['note.write'], [Y, Y, Y, Y, Y, _, Y, Y, _, Y, Y]),
  ...command(['note.edit_own'], [o, o, o, o, o, _, o, o, _, o, o], { isPersonal: true }),
  // Approve and deny: the union of the kinds' own rows, which the command asks on the record.
  ...command(['approval_request.decide'], [_, Q, P, _, _, _, _, P, R, P, P], { reason: true, stepUpMinutes: 5, twoPerson: true }),
  ...read(['approval_request.list'], [_, o, R, _, _, _, _, o, R, R, R]),
  ...command(['privacy_request.intake', 'privacy_request.verify_identity'], [_, Y, Y, _, _, _, _, _, R, Y, Y], {
    ticket: true,
    target: 'customer',
  }),
  ...command(
    [
      ...(['privacy_request.approve_export', 'privacy_request.approve_restrict'] as const),
      ...(['privacy_request.approve_object', 'privacy_request.approve_rectify'] as const),
    ],
    [_, _, Y, _, _, _, _, _, R, Y, Y],
    { reason: true, stepUpMinutes: 5, isDecision: true, target: 'customer' },
  ),
  ...command(['privacy_request.refuse'], [_, _, _, _, _, _, _, _, R, Y, Y], {
    reason: true,
    stepUpMinutes: 5,
    notify: true,
    isDecision: true,
    target: 'customer',
  }),

  // Staff
  ...read(['staff.list', 'staff.show'], [_, _, o, _, o, _, _, _, R, R, R], { target: 'staff' }),
  ...command(['staff.invite', 'staff.edit_title', 'staff.disable', 'staff.reopen'], [_, _, _, _, _, _, _, _, R, Y, Y], {
    reason: true,
    stepUpMinutes: 5,
    rank: true,
    target: 'staff',
  }),
  ...command(['staff_grant.grant', 'staff_grant.revoke'], [_, _, _, _, _, _, _, _, R, Y, Y], {
    reason: true,
    stepUpMinutes: 5,
    rank: true,
    target: 'staff',
  }),
  ...command(['staff_grant.revoke_admin'], [_, _, _, _, _, _, _, _, R, _, Y], {
    reason: true,
    stepUpMinutes: 5,
    rank: true,
    target: 'staff',
  }),
  ...command(['staff_grant.grant_admin', 'staff_grant.grant_super_admin'], [_, _, _, _, _, _, _, _, R, Q, P], {
    reason: true,
    stepUpMinutes: 5,
    twoPerson: true,
    rank: true,
    target: 'staff',
  }),
  ...command(['staff.reset_mfa'], [_, _, _, _, _, _, _, _, R, Q, P], {
    reason: true,
    stepUpMinutes: 5,
    twoPerson: true,
    rank: true,
    target: 'staff',
  }),
  // product.md F115: in an emergency, by a super admin alone; behind the flag `break_glass`.
  ...command(['staff_grant.break_glass'], [_, _, _, _, _, _, _, _, R, _, Y], {
    reason: true,
    stepUpMinutes: 5,
    rank: true,
    target: 'staff',
  }),
  ...command(['access_review.confirm'], [_, _, o, _, o, _, _, _, R, Y, Y], { reason: true, target: 'staff' }),

  // Oversight
  ...read(['audit.read_own'], [Y, Y, Y, Y, Y, Y, Y, Y, Y, Y, Y]),
  ...read(['audit.read_timeline'], [o, Y, Y, o, Y, o, Y, Y, Y, Y, Y]),
  ...read(['audit.read_all'], [_, _, T, _, T, _, _, _, Y, Y, Y]),
  ...command(['audit.verify'], [_, _, _, _, _, _, _, _, Y, Y, Y]),
  ...read(['audit.download_proof'], [_, _, _, _, _, _, _, _, Y, Y, Y]),
  ...command(['audit.export'], [_, _, _, _, _, _, _, _, Y, Y, Y], { reason: true, stepUpMinutes: 5 }),
  ...read(['snapshot.view', 'snapshot.compare'], [_, Y, Y, Y, Y, _, Y, Y, Y, Y, Y]),
  ...command(['snapshot.restore'], [_, _, _, _, _, _, _, _, _, Y, Y], { reason: true, stepUpMinutes: 5, versioned: true }),
  ...read(['api_log.read'], [_, _, R, _, _, _, _, _, R, R, R]),
  ...read(['anomaly_case.read'], [_, R, R, _, _, _, R, R, R, R, R]),
  ...command(['anomaly_case.comment'], [_, Y, Y, _, _, _, R, R, R, Y, Y]),
  ...command(['anomaly_case.acknowledge', 'anomaly_case.confirm', 'anomaly_case.dismiss'], [_, _, Y, _, _, _, _, _, _, Y, Y], {
    reason: true,
  }),
  ...read(['semantic_search.use'], [_, R, R, _, R, _, _, _, R, R, R]),
  ...read(['permission_simulator.use'], [_, _, _, _, _, _, _, _, Y, Y, Y]),
  ...command(['list_export.create'], [_, _, Y, _, Y, _, _, Y, Y, Y, Y], { reason: true, stepUpMinutes: 5 }),
  ...command(['bulk_run.start'], [_, _, Y, _, Y, _, _, _, _, Y, Y], { reason: true, stepUpMinutes: 15 }),

  // System
  ...command(['country.edit', 'country.refresh', 'category.edit', 'category.refresh'], [R, R, R, R, R, R, R, R, R, Y, Y], { reason: true }),
  ...command(['webhook.manage'], [_, _, _, _, _, _, _, _, R, Y, Y], { reason: true, stepUpMinutes: 5 }),
  ...read(['queue.view'], [_, _, _, _, _, _, _, _, R, Y, Y]),
  ...command(['queue.retry'], [_, _, _, _, _, _, _, _, R, Y, Y], { reason: true }),
  ...read(['feature_flag.view', 'limit.view', 'key.view'], [_, _, _, _, _, _, _, _, R, R, Y]),
  ...command(['feature_flag.change', 'limit.change', 'key.rotate'], [_, _, _, _, _, _, _, _, R, R, Y], { reason: true, stepUpMinutes: 5 }),
  ...command(['saved_view.keep'], [Y, Y, Y, Y, Y, Y, Y, Y, Y, Y, Y], { isPersonal: true }),
  ...command(['saved_view.share'], [_, _, Y, _, Y, _, _, _, _, Y, Y], { isPersonal: true }),

  // Commands which section 5.3 leaves out and whose "who" is in the state machines of section 4 or below the quotas of 5.4
  ...command(['user.reopen'], [_, _, _, _, _, _, _, _, _, Y, Y], { reason: true, stepUpMinutes: 15, notify: true, target: 'customer' }),
  ...command(['vendor.close'], [_, _, _, _, _, _, _, _, _, Y, Y], { reason: true, stepUpMinutes: 15, notify: true, target: 'customer' }),
  ...command(['kyc_submission.reopen'], [_, _, _, _, _, _, _, _, _, Y, Y], { reason: true, notify: true, target: 'customer' }),
  // The link of an opened document, used up: reason, fresh factor and quota were given when it was made, and the command asks for the case.
  ...command(['kyc_document.view'], [_, _, _, Y, Y, _, _, _, _, Y, Y], { target: 'customer' }),
  ...command(['review_case.release'], [_, _, _, o, Y, _, _, _, _, Y, Y]),
  ...command(['ticket.close'], [_, _, Y, _, _, _, _, _, _, Y, Y], { reason: true, notify: true }),
  ...command(['ticket.open'], [Y, Y, Y, _, _, _, _, _, _, Y, Y]),
  ...command(['ticket.release'], [o, o, Y, _, _, _, o, o, _, Y, Y]),
  ...command(['ticket.check_identity'], [_, Y, Y, _, _, _, Y, Y, _, Y, Y]),
  ...command(['privacy_request.complete_rectify'], [_, Y, Y, _, _, _, _, _, R, Y, Y], { reason: true, notify: true, target: 'customer' }),
  ...command(['privacy_request.extend'], [_, _, Y, _, _, _, _, _, R, Y, Y], {
    reason: true,
    stepUpMinutes: 5,
    notify: true,
    target: 'customer',
  }),
  // Product.md 6.1: whoever helps a caller records the identity check first; it opens nothing by itself.
  ...command(['user.check_caller'], [o, Y, Y, _, _, _, Y, Y, _, Y, Y], { target: 'customer' }),
  // Product.md 6.1, never verified: no person exists yet, so there is no ticket about them and no record to be somebody's own.
  ...command(['registration.resend_code'], [_, Y, Y, _, _, _, _, _, _, Y, Y], { notify: true, target: 'customer' }),
  ...command(['bulk_run.download_results'], [_, _, o, _, o, _, _, _, Y, Y, Y], { isPersonal: true }),
  ...command(['bulk_run.cancel'], [_, _, o, _, o, _, _, _, _, Y, Y], { isPersonal: true }),
  ...command(['quota.add'], [_, _, T, _, _, _, _, _, _, Y, Y], { reason: true, rank: true, target: 'staff' }),

  // Screens which section 5.3 implies and back-office.md section 7 lists: the frame, and the lists behind rows that name only commands
  ...read(['dashboard.show', 'search.use', 'notification.read'], [Y, Y, Y, Y, Y, Y, Y, Y, Y, Y, Y]),
  ...command(['own_account.manage'], [Y, Y, Y, Y, Y, Y, Y, Y, Y, Y, Y], { isPersonal: true }),
  ...read(['client.list'], [o, R, R, _, _, _, R, R, R, R, R], { target: 'customer' }),
  ...read(['note.list'], [o, R, R, o, R, _, R, R, R, R, R]),
  ...read(['privacy_request.list'], [_, R, R, _, _, _, _, _, R, R, R]),
  ...read(['staff_grant.list', 'staff_invite.list', 'access_review.list'], [_, _, o, _, o, _, _, _, R, R, R], { target: 'staff' }),
  ...read(['bulk_run.list'], [_, _, o, _, o, _, _, _, Y, Y, Y]),
  ...read(['list_export.download'], [_, _, Y, _, Y, _, _, Y, Y, Y, Y]),
  ...read(['country.list', 'category.list'], [R, R, R, R, R, R, R, R, R, R, R]),
  ...read(['webhook.list'], [_, _, _, _, _, _, _, _, R, R, R]),
  // platform.md section 4: a page for admins.
  ...read(['statement.view'], [_, _, _, _, _, _, _, _, _, R, R]),
} satisfies Record<string, MatrixEntry>);

/** noun.verb; the only way to name a right. */
export type PermissionKey = keyof typeof matrix;

export type { Cell, Conditions, MatrixEntry } from './matrix-row.ts';

export function isPermissionKey(text: string): text is PermissionKey {
  return Object.hasOwn(matrix, text);
}

export const permissionKeys: readonly PermissionKey[] = Object.keys(matrix).filter(isPermissionKey);
