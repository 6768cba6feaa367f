import type { PermissionKey } from '../../../src/foundation/access/matrix.ts';

/**
 * What each row of the specification's table means, written down apart from the code's table.
 * - `shows`: the action only shows something, so `R` allows it; otherwise `R` is the form only.
 * - `part`: which side of `A / B` the permissions are.
 * - `reads`: shorthand cells in the words of the legend: a row cap is `Y`, `Y set` allows setting only, one's own note is `o`.
 * - `cells`: where the row has no cells for this action, with the source beside it.
 * - `conditions`: where the row's conditions belong to another part of it.
 */
export type RowMeaning = {
  row: string;
  keys: readonly PermissionKey[];
  shows?: true;
  part?: 0 | 1;
  reads?: Readonly<Record<string, string>>;
  cells?: string;
  conditions?: string;
};

export const rowMeanings: readonly RowMeaning[] = [
  { row: 'user (customer): list, show, search', keys: ['user.list', 'user.show', 'user.search'], shows: true },
  { row: 'user: reveal email, phone, address', keys: ['user.reveal_contact'] },
  { row: 'user: edit name, bio, location, language', keys: ['user.edit'] },
  { row: 'user: resend OTP, send reset link', keys: ['user.resend_code', 'user.send_reset'] },
  { row: 'user: unlock', keys: ['user.unlock'] },
  { row: 'user: verify identifier by hand', keys: ['user.verify_identifier'] },
  { row: 'user: suspend', keys: ['user.suspend'] },
  { row: 'user: reactivate', keys: ['user.reactivate'] },
  { row: 'user: revoke one or all sessions', keys: ['user.revoke_sessions'] },
  { row: 'user: remove one passkey, reset MFA, change contact', keys: ['user.remove_passkey', 'user.reset_mfa', 'user.change_contact'] },
  { row: 'user: erase', keys: ['user.erase'] },
  { row: 'user: set or clear legal hold', keys: ['user.set_legal_hold', 'user.clear_legal_hold'] },
  { row: 'user: restrict processing', keys: ['user.restrict_processing'] },
  { row: 'client: show', keys: ['client.show'], shows: true },
  { row: 'client, client_address: edit address, notifications', keys: ['client_address.edit', 'client.edit_notifications'] },
  {
    row: 'session, login_event, rule trace, consent: list of one person',
    keys: ['session.list', 'login_event.list', 'rule_trace.show', 'consent.list'],
    shows: true,
  },
  { row: 'delivery: list of one person', keys: ['delivery.list'], shows: true },
  { row: 'vendor: list, show', keys: ['vendor.list', 'vendor.show'], shows: true },
  { row: 'vendor: edit store text', keys: ['vendor.edit'] },
  {
    row: 'vendor, kyc_submission, product: first decision: approve, reject, request changes',
    keys: [
      'vendor.approve',
      'vendor.reject',
      'vendor.request_changes',
      'kyc_submission.approve',
      'kyc_submission.reject',
      'kyc_submission.request_changes',
      'product.approve',
      'product.reject',
      'product.request_changes',
    ],
  },
  { row: 'vendor, kyc_submission: second decision (KYC always)', keys: ['vendor.second_decide', 'kyc_submission.second_decide'] },
  { row: 'vendor: accept appeal', keys: ['vendor.accept_appeal'] },
  { row: 'vendor: suspend', keys: ['vendor.suspend'] },
  { row: 'vendor: reactivate', keys: ['vendor.reactivate'] },
  { row: 'vendor: commission, tier', keys: ['vendor.set_commission', 'vendor.set_tier'] },
  { row: 'vendor: featured', keys: ['vendor.set_featured'] },
  { row: 'vendor: payout hold set, clear', keys: ['vendor.set_payout_hold'], reads: { 'Y set': 'Y' } },
  { row: 'vendor: payout hold set, clear', keys: ['vendor.clear_payout_hold'], reads: { 'Y set': '-' } },
  { row: 'vendor_bank_account: show last 4', keys: ['vendor_bank_account.show'], shows: true },
  { row: 'vendor_bank_account: reveal number', keys: ['vendor_bank_account.reveal'] },
  {
    row: 'vendor_bank_account: verify, set default, remove, change',
    keys: ['vendor_bank_account.verify', 'vendor_bank_account.set_default', 'vendor_bank_account.remove', 'vendor_bank_account.change'],
  },
  { row: 'kyc_submission: status', keys: ['kyc_submission.show_status'], shows: true },
  { row: 'kyc_document: open file, reveal number', keys: ['kyc_document.open', 'kyc_document.reveal_number'] },
  { row: 'product: list, show', keys: ['product.list', 'product.show'], shows: true },
  { row: 'product: propose suggestion', keys: ['product.suggest'] },
  { row: 'product: tag, add to duplicate list', keys: ['product.tag', 'product.mark_duplicate'] },
  {
    row: 'product: accept, reject suggestion or revision',
    keys: ['product.accept_suggestion', 'product.reject_suggestion', 'product.accept_revision', 'product.reject_revision'],
  },
  { row: 'product: bulk approve (20, trusted vendor)', keys: ['product.bulk_approve'] },
  { row: 'product: take down, archive', keys: ['product.take_down', 'product.archive'] },
  {
    row: 'product: edit price or stock, delete (soft), restore',
    keys: ['product.edit_price', 'product.edit_stock', 'product.delete', 'product.restore'],
  },
  { row: 'review_case: list, counts', keys: ['review_case.list', 'review_case.count'], shows: true },
  { row: 'review_case: take next', keys: ['review_case.take_next'] },
  { row: 'review_case: pick by hand, reassign', keys: ['review_case.pick', 'review_case.reassign'] },
  { row: 'review_case: prepare checklist', keys: ['review_case.prepare'] },
  { row: 'ticket: list, show', keys: ['ticket.list', 'ticket.show'], shows: true },
  { row: 'ticket: triage: category, priority, tags, link', keys: ['ticket.triage'] },
  { row: 'ticket: draft reply', keys: ['ticket.draft_reply'] },
  { row: 'ticket: send reply, wait, resolve', keys: ['ticket.send_reply', 'ticket.wait', 'ticket.resolve'] },
  { row: 'ticket: take next, claim', keys: ['ticket.take_next', 'ticket.claim'] },
  { row: 'ticket: assign to another', keys: ['ticket.assign'] },
  { row: 'ticket: escalate / answer escalation', keys: ['ticket.escalate'], part: 0 },
  { row: 'ticket: escalate / answer escalation', keys: ['ticket.answer_escalation'], part: 1 },
  { row: 'note: write, edit own for 15 min', keys: ['note.write'] },
  { row: 'note: write, edit own for 15 min', keys: ['note.edit_own'], reads: { Y: 'o' } },
  { row: 'approval_request: list', keys: ['approval_request.list'], shows: true },
  { row: 'privacy_request: intake, verify identity', keys: ['privacy_request.intake', 'privacy_request.verify_identity'] },
  {
    row: 'privacy_request: approve export, restrict, object, rectify',
    keys: [
      'privacy_request.approve_export',
      'privacy_request.approve_restrict',
      'privacy_request.approve_object',
      'privacy_request.approve_rectify',
    ],
  },
  { row: 'privacy_request: refuse', keys: ['privacy_request.refuse'] },
  { row: 'staff account: list, show', keys: ['staff.list', 'staff.show'], shows: true },
  {
    row: 'staff account: invite, edit title, disable, reopen',
    keys: ['staff.invite', 'staff.edit_title', 'staff.disable', 'staff.reopen'],
  },
  { row: 'staff_role_grant: grant, revoke below admin', keys: ['staff_grant.grant', 'staff_grant.revoke'] },
  { row: 'staff_role_grant: revoke admin', keys: ['staff_grant.revoke_admin'] },
  { row: 'staff_role_grant: grant admin or super_admin', keys: ['staff_grant.grant_admin', 'staff_grant.grant_super_admin'] },
  { row: 'staff account: reset MFA (subject below own rank)', keys: ['staff.reset_mfa'] },
  { row: 'access review: confirm', keys: ['access_review.confirm'] },
  { row: 'audit: read own actions', keys: ['audit.read_own'], shows: true },
  { row: 'audit: read timeline of a record one may read', keys: ['audit.read_timeline'], shows: true },
  { row: 'audit: read everything', keys: ['audit.read_all'], shows: true },
  { row: 'audit: verify, download proof', keys: ['audit.verify'] },
  { row: 'audit: verify, download proof', keys: ['audit.download_proof'], shows: true },
  { row: 'audit: export', keys: ['audit.export'] },
  { row: 'snapshot: view, compare', keys: ['snapshot.view', 'snapshot.compare'], shows: true },
  { row: 'snapshot: restore', keys: ['snapshot.restore'] },
  { row: 'api_log: read', keys: ['api_log.read'], shows: true },
  { row: 'anomaly_case: read, comment', keys: ['anomaly_case.read'], shows: true },
  // "read, comment" has cells for reading only; back-office.md section 7 says who comments: support, their leads, admins.
  { row: 'anomaly_case: read, comment', keys: ['anomaly_case.comment'], cells: '- Y Y - - - R R R Y Y' },
  {
    row: 'anomaly_case: acknowledge, confirm, dismiss',
    keys: ['anomaly_case.acknowledge', 'anomaly_case.confirm', 'anomaly_case.dismiss'],
  },
  { row: 'semantic search: search, scoped to readable', keys: ['semantic_search.use'], shows: true },
  { row: 'permission simulator: use', keys: ['permission_simulator.use'], shows: true },
  { row: 'list export: CSV, JSONL (max rows)', keys: ['list_export.create'], reads: { '500': 'Y', '5,000': 'Y', '50,000': 'Y' } },
  { row: 'bulk run: start', keys: ['bulk_run.start'] },
  { row: 'country, category: edit, refresh', keys: ['country.edit', 'country.refresh', 'category.edit', 'category.refresh'] },
  { row: 'webhook: manage', keys: ['webhook.manage'] },
  { row: 'queues: view / retry dead letter', keys: ['queue.view'], shows: true, conditions: '' },
  { row: 'queues: view / retry dead letter', keys: ['queue.retry'] },
  {
    row: 'feature flag, limits, key ids: view / change or rotate',
    keys: ['feature_flag.view', 'limit.view', 'key.view'],
    shows: true,
    conditions: '',
  },
  { row: 'feature flag, limits, key ids: view / change or rotate', keys: ['feature_flag.change', 'limit.change', 'key.rotate'] },
  { row: 'saved view: own / share with own role', keys: ['saved_view.keep'], part: 0 },
  { row: 'saved view: own / share with own role', keys: ['saved_view.share'], part: 1 },
];

/** Permissions without a row of their own: the frame, lists behind command-only rows, and what section 4 settles. */
export const impliedKeys: Readonly<Partial<Record<PermissionKey, { cells: string; shows?: true }>>> = {
  'dashboard.show': { cells: 'Y Y Y Y Y Y Y Y Y Y Y', shows: true },
  'search.use': { cells: 'Y Y Y Y Y Y Y Y Y Y Y', shows: true },
  'notification.read': { cells: 'Y Y Y Y Y Y Y Y Y Y Y', shows: true },
  'own_account.manage': { cells: 'Y Y Y Y Y Y Y Y Y Y Y' },
  'client.list': { cells: 'o R R - - - R R R R R', shows: true },
  'note.list': { cells: 'o R R o R - R R R R R', shows: true },
  'privacy_request.list': { cells: '- R R - - - - - R R R', shows: true },
  'staff_grant.list': { cells: '- - o - o - - - R R R', shows: true },
  'bulk_run.list': { cells: '- - o - o - - - Y Y Y', shows: true },
  'list_export.download': { cells: '- - Y - Y - - Y Y Y Y', shows: true },
  'bulk_run.download_results': { cells: '- - o - o - - - Y Y Y' },
  'bulk_run.cancel': { cells: '- - o - o - - - - Y Y' },
  'staff_invite.list': { cells: '- - o - o - - - R R R', shows: true },
  // product.md F115
  'staff_grant.break_glass': { cells: '- - - - - - - - R - Y' },
  'access_review.list': { cells: '- - o - o - - - R R R', shows: true },
  'country.list': { cells: 'R R R R R R R R R R R', shows: true },
  'category.list': { cells: 'R R R R R R R R R R R', shows: true },
  'webhook.list': { cells: '- - - - - - - - R R R', shows: true },
  // platform.md section 4
  'statement.view': { cells: '- - - - - - - - - R R', shows: true },
  'user.reopen': { cells: '- - - - - - - - - Y Y' },
  'vendor.close': { cells: '- - - - - - - - - Y Y' },
  'kyc_document.view': { cells: '- - - Y Y - - - - Y Y' },
  'kyc_submission.reopen': { cells: '- - - - - - - - - Y Y' },
  'review_case.release': { cells: '- - - o Y - - - - Y Y' },
  'ticket.close': { cells: '- - Y - - - - - - Y Y' },
  'ticket.open': { cells: 'Y Y Y - - - - - - Y Y' },
  'ticket.release': { cells: 'o o Y - - - o o - Y Y' },
  'ticket.check_identity': { cells: '- Y Y - - - Y Y - Y Y' },
  'user.check_caller': { cells: 'o Y Y - - - Y Y - Y Y' },
  'registration.resend_code': { cells: '- Y Y - - - - - - Y Y' },
  'approval_request.decide': { cells: '- Q P - - - - P R P P' },
  'privacy_request.complete_rectify': { cells: '- Y Y - - - - - R Y Y' },
  'privacy_request.extend': { cells: '- - Y - - - - - R Y Y' },
  'quota.add': { cells: '- - team - - - - - - Y Y' },
};
