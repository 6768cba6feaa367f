import { z } from 'zod';
import type { CommandDeps } from '../../../foundation/command/command.ts';
import { accountKind } from '../../identity/index.ts';
import { type ApprovalFacts, noticeFacts } from '../../support/index.ts';
import { rankNow, stillThere, whoMay } from './audience.ts';
import { inWords, type NoticeRule, noticeRule, type PlannedNotice } from './notice-rule.ts';

const privacyWords: Readonly<Record<string, string>> = {
  export: 'copy of the data',
  erase: 'erasure',
  restrict: 'restriction',
  object: 'objection',
  rectify: 'rectification',
};

const ofApproval = z.object({ approvalId: z.uuid() });

const kindWords: Readonly<Record<ApprovalFacts['kind'], string>> = {
  mfa_reset: 'reset of the second factor',
  contact_change: 'contact change',
  erasure: 'erasure',
  bank_change: 'change of a bank account',
  staff_grant: 'grant of an administrator role',
  passkey_removal: 'removal of a passkey',
};

/** Everybody whom the matrix lets approve this very request: not the requester, not the person, of sufficient rank. */
async function whoMayDecide(deps: CommandDeps, { right, rank, subjectUserId, requestedBy }: ApprovalFacts): Promise<readonly string[]> {
  const kind = await accountKind(deps, subjectUserId);
  if (!kind) return [];
  const rankOfSubject = kind === 'staff' ? Math.max(rank, await rankNow(deps, subjectUserId)) : 0;
  const subject = { userId: subjectUserId, kind, rank: rankOfSubject, requestedById: requestedBy };
  return whoMay(deps, { permission: right, intent: 'approve', subject });
}

const waiting = noticeRule(ofApproval, async ({ payload }, deps): Promise<readonly PlannedNotice[]> => {
  const request = await noticeFacts.approvalFacts(deps, payload.approvalId);
  if (request?.status !== 'requested') return [];
  const title = `A ${kindWords[request.kind]} waits for a second person`.replace(/^A (?=[aeiou])/, 'An ');
  return [{ kind: 'approval_waiting', title, resource: 'ApprovalRequest', recordId: request.id, to: await whoMayDecide(deps, request) }];
});

const waitsAfterApproval: ReadonlySet<ApprovalFacts['kind']> = new Set(['contact_change', 'erasure']);

/** Tells whoever asked, unless they took it back themselves. A customer who asked hears of it by other messages. */
function result(outcome: string, { isLast } = { isLast: true }): NoticeRule {
  return noticeRule(ofApproval, async ({ payload }, deps): Promise<readonly PlannedNotice[]> => {
    const request = await noticeFacts.approvalFacts(deps, payload.approvalId);
    // What is carried out at once says so a moment later; only what waits for something else is worth two notices.
    if (!request || (!isLast && !waitsAfterApproval.has(request.kind))) return [];
    const title = `Your request ${outcome}: ${kindWords[request.kind]}`;
    const to = await stillThere(deps, [request.requestedBy]);
    return [{ kind: 'approval_result', title, resource: 'ApprovalRequest', recordId: request.id, to }];
  });
}

const ofPrivacy = z.object({ requestId: z.uuid() });

const privacyDue = noticeRule(ofPrivacy, async ({ payload }, deps): Promise<readonly PlannedNotice[]> => {
  const request = await noticeFacts.privacyFacts(deps, payload.requestId);
  if (!request) return [];
  const to = await whoMay(deps, { permission: 'privacy_request.approve_export', subject: { userId: request.subjectUserId } });
  const title = `A privacy request (${privacyWords[request.kind] ?? inWords(request.kind)}) is due soon`;
  return [{ kind: 'sla_at_risk', title, resource: 'PrivacyRequest', recordId: request.id, to }];
});

const privacyVerified = noticeRule(ofPrivacy, async ({ payload }, deps): Promise<readonly PlannedNotice[]> => {
  const request = await noticeFacts.privacyFacts(deps, payload.requestId);
  if (!request || request.kind === 'erase') return [];
  const to = await whoMay(deps, { permission: 'privacy_request.approve_export', subject: { userId: request.subjectUserId } });
  const title = `A privacy request (${privacyWords[request.kind] ?? inWords(request.kind)}) waits for a decision`;
  return [{ kind: 'approval_waiting', title, resource: 'PrivacyRequest', recordId: request.id, to }];
});

export const requestNotices: Readonly<Record<string, NoticeRule>> = {
  'support.approval.requested': waiting,
  'support.approval.approved': result('was approved', { isLast: false }),
  'support.approval.denied': result('was denied'),
  'support.approval.expired': result('expired, nobody decided in time'),
  'support.approval.executed': result('was carried out'),
  'support.approval.failed': result('was approved but could not be carried out'),
  'support.approval.undone': result('was taken back by the account holder'),
  'support.privacy.verified': privacyVerified,
  'support.privacy.due_soon': privacyDue,
};
